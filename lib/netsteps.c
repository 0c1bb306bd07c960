#include <limits.h>
#include <pthread.h>
#include <stdlib.h>

#include <oneapi/dnnl/dnnl.h>

#include "err.h"
#include "netarena.h"
#include "netlayout.h"
#include "netsteps.h"

/* Of the OpenMP library that oneDNN brings; clang comes without its header. */
void omp_set_num_threads(int n);

enum { NONE = -1, INPUT = 0 };

struct value {
	dnnl_memory_desc_t layout;
	float *constant; /* its data, when it is one */
	int last;        /* the step that needs it last */
	int buffer;      /* NONE for the input and constants */
};

struct step {
	dnnl_primitive_t primitive; /* NULL for a call */
	netsteps_fn *call;
	void *ctx;
	int index;
	struct netsteps_arg *arg; /* the sources, and then what is made */
	int n;
	dnnl_memory_desc_t scratch;
};

/* The memory of one run at a time. */
struct run {
	dnnl_stream_t stream;
	void **buffer; /* memory that values share */
	void *scratch; /* of all steps */
	float **data;  /* of each value */
	dnnl_memory_t *memory;
	dnnl_memory_t *scratch_memory; /* of each step */
	dnnl_exec_arg_t **arg;         /* of each step, if a primitive */
	const float **in;              /* of the step that is called */
};

struct netsteps {
	dnnl_engine_t engine;
	int threads;
	struct value *value; /* the first is the input */
	struct step *step;
	int values, steps;
	size_t *size; /* of each buffer */
	int buffers;
	struct run *run;
	int runs;
	pthread_mutex_t lock; /* of the calls */
};

struct netsteps *
netsteps_new(int threads)
{
	struct netsteps *s = err_calloc(1, sizeof *s);

	s->threads = threads;
	pthread_mutex_init(&s->lock, NULL);
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
	return &s->value[value].layout;
}

static int
new_value(struct netsteps *s, const dnnl_memory_desc_t *layout)
{
	s->value = err_realloc(s->value, (s->values + 1) * sizeof *s->value);
	s->value[s->values] = (struct value){
	    .layout = *layout, .last = NONE, .buffer = NONE};
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

/* Gives each step's value a buffer. */
static void
share_buffers(struct netsteps *s)
{
	struct netarena *use = err_calloc(s->steps + 1, sizeof *use);
	int i;

	for (i = 0; i < s->steps; i++) {
		const struct step *step = &s->step[i];
		const struct value *v = &s->value[step->arg[step->n - 1].value];

		use[i].size = dnnl_memory_desc_get_size(&v->layout);
		use[i].last = v->last;
	}
	s->size = err_calloc(s->steps + 1, sizeof *s->size);
	s->buffers = netarena_share(use, s->steps, s->size);
	for (i = 0; i < s->steps; i++) {
		const struct step *step = &s->step[i];

		s->value[step->arg[step->n - 1].value].buffer = use[i].buffer;
	}
	free(use);
}

/* What the greediest step needs beside its arguments. */
static size_t
scratch_size(const struct netsteps *s)
{
	size_t most = 0, size;
	int i;

	for (i = 0; i < s->steps; i++) {
		if (s->step[i].primitive == NULL)
			continue;
		size = dnnl_memory_desc_get_size(&s->step[i].scratch);
		most = size > most ? size : most;
	}
	return most;
}

static int
most_args(const struct netsteps *s)
{
	int i, most = 0;

	for (i = 0; i < s->steps; i++)
		most = s->step[i].n > most ? s->step[i].n : most;
	return most;
}

/* The arguments of step i, a primitive, as the library wants them. */
static void
list_args(const struct netsteps *s, struct run *r, int i)
{
	const struct step *step = &s->step[i];
	int j;

	r->arg[i] = err_calloc(step->n + 1, sizeof *r->arg[i]);
	for (j = 0; j < step->n; j++)
		r->arg[i][j] = (dnnl_exec_arg_t){
		    step->arg[j].number, r->memory[step->arg[j].value]};
	r->scratch_memory[i] = netlayout_memory(
	    s->engine, &step->scratch, r->scratch);
	r->arg[i][j] = (dnnl_exec_arg_t){
	    DNNL_ARG_SCRATCHPAD, r->scratch_memory[i]};
}

static void
make_run(const struct netsteps *s, struct run *r)
{
	int i;

	netlayout_check(dnnl_stream_create(
			    &r->stream, s->engine, dnnl_stream_default_flags),
	    "stream");
	r->buffer = err_calloc(s->buffers + 1, sizeof *r->buffer);
	r->data = err_calloc(s->values, sizeof *r->data);
	r->memory = err_calloc(s->values, sizeof *r->memory);
	r->scratch_memory = err_calloc(s->steps + 1, sizeof *r->scratch_memory);
	r->arg = err_calloc(s->steps + 1, sizeof *r->arg);
	r->in = err_calloc(most_args(s) + 1, sizeof *r->in);
	r->scratch = netlayout_alloc(scratch_size(s));
	for (i = 0; i < s->buffers; i++)
		r->buffer[i] = netlayout_alloc(s->size[i]);
	for (i = 0; i < s->values; i++) {
		const struct value *v = &s->value[i];

		r->data[i] = v->buffer == NONE ? v->constant
					       : r->buffer[v->buffer];
		r->memory[i] = netlayout_memory(
		    s->engine, &v->layout, r->data[i]);
	}
	for (i = 0; i < s->steps; i++)
		if (s->step[i].primitive != NULL)
			list_args(s, r, i);
}

void
netsteps_done(struct netsteps *s, int runs)
{
	int i;

	share_buffers(s);
	s->runs = runs;
	s->run = err_calloc(runs, sizeof *s->run);
	for (i = 0; i < runs; i++)
		make_run(s, &s->run[i]);
}

static void
run_call(struct netsteps *s, const struct run *r, const struct step *step)
{
	int i;

	for (i = 0; i < step->n - 1; i++)
		r->in[i] = r->data[step->arg[i].value];
	pthread_mutex_lock(&s->lock);
	step->call(step->ctx, step->index, r->in, r->data[step->arg[i].value]);
	pthread_mutex_unlock(&s->lock);
}

void
netsteps_run(struct netsteps *s, int run, const float *input)
{
	struct run *r = &s->run[run];
	int i;

	omp_set_num_threads(s->threads);
	r->data[INPUT] = (float *)input;
	netlayout_check(
	    dnnl_memory_set_data_handle(r->memory[INPUT], r->data[INPUT]),
	    "input");
	for (i = 0; i < s->steps; i++) {
		const struct step *step = &s->step[i];

		if (step->primitive == NULL)
			run_call(s, r, step);
		else
			netlayout_check(dnnl_primitive_execute(step->primitive,
					    r->stream, step->n + 1, r->arg[i]),
			    "step");
	}
}

const float *
netsteps_value(const struct netsteps *s, int run, int value)
{
	return s->run[run].data[value];
}

static void
free_run(const struct netsteps *s, struct run *r)
{
	int i;

	for (i = 0; i < s->values; i++)
		dnnl_memory_destroy(r->memory[i]);
	for (i = 0; i < s->steps; i++) {
		dnnl_memory_destroy(r->scratch_memory[i]);
		free(r->arg[i]);
	}
	for (i = 0; i < s->buffers; i++)
		free(r->buffer[i]);
	dnnl_stream_destroy(r->stream);
	free(r->buffer);
	free(r->scratch);
	free(r->data);
	free(r->memory);
	free(r->scratch_memory);
	free(r->arg);
	free(r->in);
}

void
netsteps_free(struct netsteps *s)
{
	int i;

	for (i = 0; i < s->runs; i++)
		free_run(s, &s->run[i]);
	for (i = 0; i < s->steps; i++) {
		dnnl_primitive_destroy(s->step[i].primitive);
		free(s->step[i].arg);
	}
	for (i = 0; i < s->values; i++)
		free(s->value[i].constant);
	dnnl_engine_destroy(s->engine);
	pthread_mutex_destroy(&s->lock);
	free(s->size);
	free(s->run);
	free(s->value);
	free(s->step);
	free(s);
}
