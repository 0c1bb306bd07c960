#include <stdlib.h>

#include <oneapi/dnnl/dnnl.h>

#include "err.h"
#include "netarena.h"
#include "netlayout.h"
#include "netrun.h"

/* Of the OpenMP library that oneDNN brings; clang comes without its header. */
void omp_set_num_threads(int n);

struct netrun {
	dnnl_stream_t stream;
	void **buffer; /* memory that values share */
	void *scratch; /* of all steps */
	float **data;  /* of each value */
	dnnl_memory_t *memory;
	dnnl_memory_t *scratch_memory; /* of each step */
	dnnl_exec_arg_t **arg;         /* of each step, if a primitive */
	const float **in;              /* of the step that is called */
};

/* Gives each step's value a buffer. */
static void
share_buffers(struct netsteps *s)
{
	struct netarena *use = err_calloc(s->steps + 1, sizeof *use);
	int i;

	for (i = 0; i < s->steps; i++) {
		const struct netrun_step *step = &s->step[i];
		const struct netrun_value
		    *v = &s->value[step->arg[step->n - 1].value];

		use[i].size = dnnl_memory_desc_get_size(v->layout);
		use[i].last = v->last;
	}
	s->size = err_calloc(s->steps + 1, sizeof *s->size);
	s->buffers = netarena_share(use, s->steps, s->size);
	for (i = 0; i < s->steps; i++) {
		const struct netrun_step *step = &s->step[i];

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
		size = dnnl_memory_desc_get_size(s->step[i].scratch);
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
list_args(const struct netsteps *s, struct netrun *r, int i)
{
	const struct netrun_step *step = &s->step[i];
	int j;

	r->arg[i] = err_calloc(step->n + 1, sizeof *r->arg[i]);
	for (j = 0; j < step->n; j++)
		r->arg[i][j] = (dnnl_exec_arg_t){
		    step->arg[j].number, r->memory[step->arg[j].value]};
	r->scratch_memory[i] = netlayout_memory(
	    s->engine, step->scratch, r->scratch);
	r->arg[i][j] = (dnnl_exec_arg_t){
	    DNNL_ARG_SCRATCHPAD, r->scratch_memory[i]};
}

static void
make_run(const struct netsteps *s, struct netrun *r)
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
		const struct netrun_value *v = &s->value[i];

		r->data[i] = v->buffer == NETRUN_NONE ? v->constant
						      : r->buffer[v->buffer];
		r->memory[i] = netlayout_memory(
		    s->engine, v->layout, r->data[i]);
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
run_call(const struct netrun *r, const struct netrun_step *step)
{
	int i;

	for (i = 0; i < step->n - 1; i++)
		r->in[i] = r->data[step->arg[i].value];
	step->call(step->ctx, step->index, r->in, r->data[step->arg[i].value]);
}

void
netsteps_run(struct netsteps *s, int run, const float *input)
{
	struct netrun *r = &s->run[run];
	int i;

	omp_set_num_threads(s->threads);
	r->data[NETRUN_INPUT] = (float *)input;
	netlayout_check(dnnl_memory_set_data_handle(
			    r->memory[NETRUN_INPUT], r->data[NETRUN_INPUT]),
	    "input");
	for (i = 0; i < s->steps; i++) {
		const struct netrun_step *step = &s->step[i];

		if (step->primitive == NULL)
			run_call(r, step);
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
free_run(const struct netsteps *s, struct netrun *r)
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
		free(s->step[i].scratch);
		free(s->step[i].arg);
	}
	for (i = 0; i < s->values; i++) {
		free(s->value[i].layout);
		free(s->value[i].constant);
	}
	dnnl_engine_destroy(s->engine);
	free(s->size);
	free(s->run);
	free(s->value);
	free(s->step);
	free(s);
}
