#include <limits.h>
#include <stdlib.h>

#include <oneapi/dnnl/dnnl.h>

#include "tool/err.h"
#include "net/onednn/netarena.h"
#include "net/onednn/netlayout.h"
#include "net/onednn/netsteps.h"

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
	s->value[s->values] = (struct netsteps_value){
	    .layout = copy_layout(layout),
	    .of = s->values,
	    .last = NETSTEPS_NONE,
	    .buffer = NETSTEPS_NONE};
	return s->values++;
}

/* The library knows no array without a dimension. */
static dnnl_memory_desc_t
strided(const struct netdims *shape, const long long *stride)
{
	dnnl_dims_t dims = {1}, strides = {1};
	dnnl_memory_desc_t layout;

	for (int i = 0; i < shape->rank; i++) {
		dims[i] = shape->dim[i];
		strides[i] = stride[i];
	}
	netlayout_check(
	    dnnl_memory_desc_init_by_strides(&layout,
		shape->rank > 0 ? shape->rank : 1, dims, dnnl_f32, strides),
	    "layout");
	return layout;
}

static dnnl_memory_desc_t
plain(const struct netdims *shape)
{
	long long stride[NETDIMS_RANK];

	netdims_strides(shape, stride);
	return strided(shape, stride);
}

int
netsteps_input(struct netsteps *s, const struct netdims *shape)
{
	dnnl_memory_desc_t layout = plain(shape);

	return new_value(s, &layout);
}

int
netsteps_fixed(
    struct netsteps *s, const float *data, const struct netdims *shape)
{
	dnnl_memory_desc_t layout = plain(shape);

	return netsteps_constant(s, data, &layout, &layout);
}

/* The memory of the value is in use as long as step i. */
static void
use(struct netsteps *s, int value, int i)
{
	struct netsteps_value *v = &s->value[s->value[value].of];

	if (v->last < i)
		v->last = i;
}

/* The step makes the value; its sources are needed until then. */
static int
push(struct netsteps *s, const struct netsteps_step *step,
    const struct netsteps_arg *arg, int n, int made)
{
	struct netsteps_step *to;
	int i;

	s->step = err_realloc(s->step, (s->steps + 1) * sizeof *s->step);
	to = &s->step[s->steps];
	*to = *step;
	to->n = n + 1;
	to->arg = err_calloc(to->n, sizeof *to->arg);
	for (i = 0; i < n; i++) {
		to->arg[i] = arg[i];
		use(s, arg[i].value, s->steps);
	}
	to->arg[n] = (struct netsteps_arg){DNNL_ARG_DST, made};
	use(s, made, s->steps++);
	return made;
}

static int
push_primitive(struct netsteps *s, dnnl_primitive_desc_t pd,
    const struct netsteps_arg *arg, int n)
{
	struct netsteps_step step = {
	    .scratch = copy_layout(
		dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0))};
	int made = new_value(
	    s, dnnl_primitive_desc_query_md(pd, dnnl_query_dst_md, 0));

	netlayout_check(dnnl_primitive_create(&step.primitive, pd), "step");
	dnnl_primitive_desc_destroy(pd);
	return push(s, &step, arg, n, made);
}

int
netsteps_bring(struct netsteps *s, int value, const void *to)
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
	struct netdims shape = {.rank = from->ndims};
	dnnl_memory_desc_t to;

	for (int i = 0; i < from->ndims; i++)
		shape.dim[i] = from->dims[i];
	to = plain(&shape);
	return netsteps_bring(s, value, &to);
}

int
netsteps_alias(struct netsteps *s, int value, const void *layout)
{
	int made = new_value(s, layout);

	s->value[made].of = s->value[value].of;
	return made;
}

int
netsteps_strided(struct netsteps *s, int value, const struct netdims *shape,
    const long long *stride)
{
	dnnl_memory_desc_t layout = strided(shape, stride);

	return netsteps_alias(s, bring_plain(s, value), &layout);
}

int
netsteps_view(struct netsteps *s, int value, const struct netdims *shape)
{
	dnnl_memory_desc_t layout = plain(shape);

	return netsteps_alias(s, bring_plain(s, value), &layout);
}

int
netsteps_add(struct netsteps *s, dnnl_primitive_desc_t pd,
    const struct netsteps_arg *arg, int n)
{
	struct netsteps_arg own[NETSTEPS_ARGS];
	int i;

	for (i = 0; i < n; i++)
		own[i] = (struct netsteps_arg){arg[i].number,
		    netsteps_bring(s, arg[i].value,
			dnnl_primitive_desc_query_md(
			    pd, dnnl_query_exec_arg_md, arg[i].number))};
	return push_primitive(s, pd, own, n);
}

int
netsteps_call(struct netsteps *s, const int *src, int n,
    const struct netdims *shape, netsteps_fn *call, void *ctx, int index)
{
	struct netsteps_step step = {.call = call, .ctx = ctx, .index = index};
	dnnl_memory_desc_t layout = plain(shape);
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
	use(s, value, INT_MAX);
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

void
netsteps_done(struct netsteps *s)
{
	struct netarena *use = err_calloc(s->steps + 1, sizeof *use);
	int i;

	for (i = 0; i < s->steps; i++) {
		const struct netsteps_step *step = &s->step[i];
		const struct netsteps_value
		    *v = &s->value[step->arg[step->n - 1].value];

		use[i].size = dnnl_memory_desc_get_size(v->layout);
		use[i].last = v->last;
	}
	s->size = err_calloc(s->steps + 1, sizeof *s->size);
	s->buffers = netarena_share(use, s->steps, s->size);
	for (i = 0; i < s->steps; i++) {
		const struct netsteps_step *step = &s->step[i];

		s->value[step->arg[step->n - 1].value].buffer = use[i].buffer;
	}
	free(use);
}

void
netsteps_free(struct netsteps *s)
{
	int i;

	for (i = 0; i < s->steps; i++) {
		dnnl_primitive_destroy(s->step[i].primitive);
		free(s->step[i].scratch);
		free(s->step[i].arg);
	}
	for (i = 0; i < s->values; i++) {
		free(s->value[i].layout);
		free(s->value[i].constant);
	}
	dnnl_engine_destroy(s->engine);
	free(s->size);
	free(s->value);
	free(s->step);
	free(s);
}
