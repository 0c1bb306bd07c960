#include <limits.h>
#include <stdlib.h>

#include <oneapi/dnnl/dnnl.h>

#include "err.h"
#include "netarena.h"
#include "netlayout.h"
#include "netsteps.h"

/* Of the OpenMP library that oneDNN brings; clang comes without its header. */
void omp_set_num_threads(int n);

enum { INPUT = 0 };

struct value {
	dnnl_memory_desc_t layout;
	dnnl_memory_t memory;
	float *data;
	int constant; /* has its data from the start, and alone */
	int last;     /* the step that needs it last */
};

struct step {
	dnnl_primitive_t primitive; /* NULL for a call */
	netsteps_fn *call;
	void *ctx;
	int index;
	const float **in;         /* for the call: where the sources are */
	struct netsteps_arg *arg; /* the sources, and then what is made */
	int n;
	dnnl_memory_desc_t scratch;
	dnnl_memory_t scratch_memory;
	dnnl_exec_arg_t *exec; /* arg and the scratch, for a primitive */
};

struct netsteps {
	dnnl_engine_t engine;
	dnnl_stream_t stream;
	int threads;
	struct value *value; /* the first is the input */
	struct step *step;
	void **buffer; /* memory that values share */
	int values, steps, buffers;
	void *scratch; /* of all steps */
};

struct netsteps *
netsteps_new(int threads)
{
	struct netsteps *s = err_calloc(1, sizeof *s);

	s->threads = threads;
	omp_set_num_threads(threads);
	netlayout_check(
	    dnnl_engine_create(&s->engine, dnnl_cpu, 0), "processor");
	netlayout_check(dnnl_stream_create(
			    &s->stream, s->engine, dnnl_stream_default_flags),
	    "stream");
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
	return &s->value[value].layout;
}

static int
new_value(struct netsteps *s, const dnnl_memory_desc_t *layout)
{
	s->value = err_realloc(s->value, (s->values + 1) * sizeof *s->value);
	s->value[s->values] = (struct value){.layout = *layout, .last = -1};
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
push(struct netsteps *s, const struct step *step,
    const struct netsteps_arg *arg, int n, int made)
{
	struct step *to;
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
	struct step step = {.scratch = *dnnl_primitive_desc_query_md(
				pd, dnnl_query_scratchpad_md, 0)};
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
	const dnnl_memory_desc_t *from = &s->value[value].layout;
	struct netsteps_arg arg = {DNNL_ARG_FROM, value};

	if (dnnl_memory_desc_equal(from, to))
		return value;
	return push_primitive(
	    s, netlayout_reorder(s->engine, from, to), &arg, 1);
}

static int
bring_plain(struct netsteps *s, int value)
{
	const dnnl_dim_t *dims = s->value[value].layout.dims;
	dnnl_memory_desc_t to = plain(dims[1], dims[2], dims[3]);

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
	struct step step = {.call = call, .ctx = ctx, .index = index};
	dnnl_memory_desc_t layout = plain(c, h, w);
	struct netsteps_arg *arg = err_calloc(n, sizeof *arg);
	int i, made;

	for (i = 0; i < n; i++)
		arg[i].value = bring_plain(s, src[i]);
	step.in = err_calloc(n, sizeof *step.in);
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

	s->value[made].constant = 1;
	s->value[made].data = netlayout_copy(s->engine, data, from, to);
	return made;
}

static struct value *
made_by(const struct netsteps *s, int i)
{
	const struct step *step = &s->step[i];

	return &s->value[step->arg[step->n - 1].value];
}

/* Gives each step's value its memory. */
static void
share_buffers(struct netsteps *s)
{
	struct netarena *use = err_calloc(s->steps + 1, sizeof *use);
	size_t *size = err_calloc(s->steps + 1, sizeof *size);
	int i;

	for (i = 0; i < s->steps; i++) {
		use[i].size = dnnl_memory_desc_get_size(&made_by(s, i)->layout);
		use[i].last = made_by(s, i)->last;
	}
	s->buffers = netarena_share(use, s->steps, size);
	s->buffer = err_calloc(s->buffers + 1, sizeof *s->buffer);
	for (i = 0; i < s->buffers; i++)
		s->buffer[i] = netlayout_alloc(size[i]);
	for (i = 0; i < s->steps; i++)
		made_by(s, i)->data = s->buffer[use[i].buffer];
	free(size);
	free(use);
}

static void
make_scratch(struct netsteps *s)
{
	size_t most = 0, size;
	int i;

	for (i = 0; i < s->steps; i++) {
		if (s->step[i].primitive == NULL)
			continue;
		size = dnnl_memory_desc_get_size(&s->step[i].scratch);
		most = size > most ? size : most;
	}
	s->scratch = netlayout_alloc(most);
}

static void
list_args(struct netsteps *s, struct step *step)
{
	int i;

	if (step->primitive == NULL)
		return;
	step->exec = err_calloc(step->n + 1, sizeof *step->exec);
	for (i = 0; i < step->n; i++)
		step->exec[i] = (dnnl_exec_arg_t){
		    step->arg[i].number, s->value[step->arg[i].value].memory};
	step->scratch_memory = netlayout_memory(
	    s->engine, &step->scratch, s->scratch);
	step->exec[i] = (dnnl_exec_arg_t){
	    DNNL_ARG_SCRATCHPAD, step->scratch_memory};
}

void
netsteps_done(struct netsteps *s)
{
	int i;

	share_buffers(s);
	make_scratch(s);
	for (i = 0; i < s->values; i++)
		s->value[i].memory = netlayout_memory(
		    s->engine, &s->value[i].layout, s->value[i].data);
	for (i = 0; i < s->steps; i++)
		list_args(s, &s->step[i]);
}

static void
run_call(const struct netsteps *s, const struct step *step)
{
	int i;

	for (i = 0; i < step->n - 1; i++)
		step->in[i] = s->value[step->arg[i].value].data;
	step->call(step->ctx, step->index, step->in,
	    s->value[step->arg[i].value].data);
}

void
netsteps_run(struct netsteps *s, const float *input)
{
	struct value *v = &s->value[INPUT];
	int i;

	omp_set_num_threads(s->threads);
	v->data = (float *)input;
	netlayout_check(
	    dnnl_memory_set_data_handle(v->memory, v->data), "input");
	for (i = 0; i < s->steps; i++) {
		const struct step *step = &s->step[i];

		if (step->primitive == NULL)
			run_call(s, step);
		else
			netlayout_check(dnnl_primitive_execute(step->primitive,
					    s->stream, step->n + 1, step->exec),
			    "step");
	}
}

const float *
netsteps_value(const struct netsteps *s, int value)
{
	return s->value[value].data;
}

void
netsteps_free(struct netsteps *s)
{
	int i;

	for (i = 0; i < s->steps; i++) {
		dnnl_primitive_destroy(s->step[i].primitive);
		dnnl_memory_destroy(s->step[i].scratch_memory);
		free(s->step[i].exec);
		free(s->step[i].in);
		free(s->step[i].arg);
	}
	for (i = 0; i < s->values; i++) {
		dnnl_memory_destroy(s->value[i].memory);
		if (s->value[i].constant)
			free(s->value[i].data);
	}
	for (i = 0; i < s->buffers; i++)
		free(s->buffer[i]);
	dnnl_stream_destroy(s->stream);
	dnnl_engine_destroy(s->engine);
	free(s->scratch);
	free(s->buffer);
	free(s->value);
	free(s->step);
	free(s);
}
