#include <limits.h>
#include <stdlib.h>

#include <oneapi/dnnl/dnnl.h>

#include "err.h"
#include "netlayout.h"
#include "netrun.h"
#include "netsteps.h"

/* Of the OpenMP library that oneDNN brings; clang comes without its header. */
void omp_set_num_threads(int n);

struct netsteps *
netsteps_new(int threads)
{
	struct netsteps *s = err_calloc(1, sizeof *s);

	s->threads = threads;
	omp_set_num_threads(threads);
	netlayout_check(
	    dnnl_engine_create(&s->engine, dnnl_cpu, 0), "processor");
	return s;
}

struct dnnl_engine *
netsteps_engine(const struct netsteps *s)
{
	return s->engine;
}

const void *
netsteps_layout(const struct netsteps *s, int value)
{
	return s->value[value].layout;
}

static void *
copy_layout(const dnnl_memory_desc_t *layout)
{
	dnnl_memory_desc_t *copy = err_malloc(sizeof *copy);

	*copy = *layout;
	return copy;
}

static int
new_value(struct netsteps *s, const dnnl_memory_desc_t *layout)
{
	s->value = err_realloc(s->value, (s->values + 1) * sizeof *s->value);
	s->value[s->values] = (struct netrun_value){
	    .layout = copy_layout(layout),
	    .last = NETRUN_NONE,
	    .buffer = NETRUN_NONE};
	return s->values++;
}

static dnnl_memory_desc_t
plain(dnnl_dim_t c, dnnl_dim_t h, dnnl_dim_t w)
{
	dnnl_dims_t dims = {1, c, h, w};
	dnnl_memory_desc_t layout;

	netlayout_check(
	    dnnl_memory_desc_init_by_tag(&layout, 4, dims, dnnl_f32, dnnl_nchw),
	    "layout");
	return layout;
}

int
netsteps_input(struct netsteps *s, int c, int h, int w)
{
	dnnl_memory_desc_t layout = plain(c, h, w);

	return new_value(s, &layout);
}

/* The step makes the value; its sources are needed until then. */
static int
push(struct netsteps *s, const struct netrun_step *step,
    const struct netsteps_arg *arg, int n, int made)
{
	struct netrun_step *to;
	int i;

	s->step = err_realloc(s->step, (s->steps + 1) * sizeof *s->step);
	to = &s->step[s->steps];
	*to = *step;
	to->n = n + 1;
	to->arg = err_calloc(to->n, sizeof *to->arg);
	for (i = 0; i < n; i++) {
		to->arg[i] = arg[i];
		if (s->value[arg[i].value].last < s->steps)
			s->value[arg[i].value].last = s->steps;
	}
	to->arg[n] = (struct netsteps_arg){DNNL_ARG_DST, made};
	s->value[made].last = s->steps++;
	return made;
}

static int
push_primitive(struct netsteps *s, dnnl_primitive_desc_t pd,
    const struct netsteps_arg *arg, int n)
{
	struct netrun_step step = {
	    .scratch = copy_layout(
		dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0))};
	int made = new_value(
	    s, dnnl_primitive_desc_query_md(pd, dnnl_query_dst_md, 0));

	netlayout_check(dnnl_primitive_create(&step.primitive, pd), "step");
	dnnl_primitive_desc_destroy(pd);
	return push(s, &step, arg, n, made);
}

/* The value in a layout. */
static int
bring(struct netsteps *s, int value, const dnnl_memory_desc_t *to)
{
	const dnnl_memory_desc_t *from = s->value[value].layout;
	struct netsteps_arg arg = {DNNL_ARG_FROM, value};

	if (dnnl_memory_desc_equal(from, to))
		return value;
	return push_primitive(
	    s, netlayout_reorder(s->engine, from, to), &arg, 1);
}

static int
bring_plain(struct netsteps *s, int value)
{
	const dnnl_memory_desc_t *from = s->value[value].layout;
	dnnl_memory_desc_t to = plain(
	    from->dims[1], from->dims[2], from->dims[3]);

	return bring(s, value, &to);
}

int
netsteps_add(struct netsteps *s, dnnl_primitive_desc_t pd,
    const struct netsteps_arg *arg, int n)
{
	struct netsteps_arg own[NETSTEPS_ARGS];
	int i;

	for (i = 0; i < n; i++)
		own[i] = (struct netsteps_arg){arg[i].number,
		    bring(s, arg[i].value,
			dnnl_primitive_desc_query_md(
			    pd, dnnl_query_exec_arg_md, arg[i].number))};
	return push_primitive(s, pd, own, n);
}

int
netsteps_call(struct netsteps *s, const int *src, int n, int c, int h, int w,
    netsteps_fn *call, void *ctx, int index)
{
	struct netrun_step step = {.call = call, .ctx = ctx, .index = index};
	dnnl_memory_desc_t layout = plain(c, h, w);
	struct netsteps_arg *arg = err_calloc(n, sizeof *arg);
	int i, made;

	for (i = 0; i < n; i++)
		arg[i].value = bring_plain(s, src[i]);
	made = push(s, &step, arg, n, new_value(s, &layout));
	free(arg);
	return made;
}

int
netsteps_keep(struct netsteps *s, int value)
{
	value = bring_plain(s, value);
	s->value[value].last = INT_MAX;
	return value;
}

int
netsteps_constant(
    struct netsteps *s, const float *data, const void *from, const void *to)
{
	int made = new_value(s, to);

	s->value[made].constant = netlayout_copy(s->engine, data, from, to);
	return made;
}
