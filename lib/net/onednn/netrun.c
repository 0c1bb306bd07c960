#include <stdlib.h>

#include <oneapi/dnnl/dnnl.h>

#include "tool/err.h"
#include "net/onednn/netlayout.h"
#include "net/onednn/netrun.h"
#include "net/onednn/netsteps.h"

/* Of the OpenMP library that oneDNN brings; clang comes without its header. */
void omp_set_num_threads(int n);

struct netrun {
	const struct netsteps *steps;
	dnnl_stream_t stream;
	void **buffer; /* memory that values share */
	void *scratch; /* of all steps */
	float **data;  /* of each value */
	dnnl_memory_t *memory;
	dnnl_memory_t *scratch_memory; /* of each step */
	dnnl_exec_arg_t **arg;         /* of each step, if a primitive */
	const float **in;              /* of the step that is called */
};

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
	const struct netsteps_step *step = &s->step[i];
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

struct netrun *
netrun_make(const struct netsteps *s)
{
	struct netrun *r = err_calloc(1, sizeof *r);
	int i;

	r->steps = s;
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
		const struct netsteps_value *v = &s->value[i];

		r->data[i] = v->of != i ? r->data[v->of]
			     : v->buffer == NETSTEPS_NONE
				 ? v->constant
				 : r->buffer[v->buffer];
		r->memory[i] = netlayout_memory(
		    s->engine, v->layout, r->data[i]);
	}
	for (i = 0; i < s->steps; i++)
		if (s->step[i].primitive != NULL)
			list_args(s, r, i);
	return r;
}

static void
run_call(const struct netrun *r, const struct netsteps_step *step)
{
	int i;

	for (i = 0; i < step->n - 1; i++)
		r->in[i] = r->data[step->arg[i].value];
	step->call(step->ctx, step->index, r->in, r->data[step->arg[i].value]);
}

static void
set_input(struct netrun *r, int value, const float *input)
{
	r->data[value] = (float *)input;
	netlayout_check(
	    dnnl_memory_set_data_handle(r->memory[value], r->data[value]),
	    "input");
}

void
netrun_image(struct netrun *r, const float *input)
{
	const struct netsteps *s = r->steps;
	int i;

	omp_set_num_threads(s->threads);
	for (i = 0; i < s->values; i++)
		if (s->value[i].of == NETSTEPS_INPUT)
			set_input(r, i, input);
	for (i = 0; i < s->steps; i++) {
		const struct netsteps_step *step = &s->step[i];

		if (step->primitive == NULL)
			run_call(r, step);
		else
			netlayout_check(dnnl_primitive_execute(step->primitive,
					    r->stream, step->n + 1, r->arg[i]),
			    "step");
	}
}

const float *
netrun_value(const struct netrun *r, int value)
{
	return r->data[value];
}

void
netrun_free(struct netrun *r)
{
	const struct netsteps *s = r->steps;
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
	free(r);
}
