#include <limits.h>
#include <stdlib.h>

#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_debug.h>

#include "err.h"
#include "netsteps.h"

/* Of the OpenMP library that oneDNN brings; clang comes without its header. */
void omp_set_num_threads(int n);

enum { ALIGN = 64, INPUT = 0 };

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

/* Memory that values share, one after the other. */
struct buffer {
	size_t size;
	int last; /* the step that needs it last, so far */
	void *data;
};

struct netsteps {
	dnnl_engine_t engine;
	dnnl_stream_t stream;
	int threads;
	struct value *value; /* the first is the input */
	struct step *step;
	struct buffer *buffer;
	int values, steps, buffers;
	void *scratch; /* of all steps */
};

void
netsteps_check(int status, const char *what)
{
	if (status != dnnl_success)
		err_die("oneDNN: %s: %s", what, dnnl_status2str(status));
}

static void *
aligned(size_t size)
{
	void *p = aligned_alloc(ALIGN, size / ALIGN * ALIGN + ALIGN);

	if (p == NULL)
		err_die("network: %m");
	return p;
}

struct netsteps *
netsteps_new(int threads)
{
	struct netsteps *s = err_calloc(1, sizeof *s);

	s->threads = threads;
	omp_set_num_threads(threads);
	netsteps_check(
	    dnnl_engine_create(&s->engine, dnnl_cpu, 0), "processor");
	netsteps_check(dnnl_stream_create(
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

struct dnnl_primitive_attr *
netsteps_attr(void)
{
	dnnl_primitive_attr_t attr;

	netsteps_check(dnnl_primitive_attr_create(&attr), "attributes");
	netsteps_check(dnnl_primitive_attr_set_scratchpad_mode(
			   attr, dnnl_scratchpad_mode_user),
	    "attributes");
	return attr;
}

static int
new_value(struct netsteps *s, const dnnl_memory_desc_t *layout)
{
	s->value = err_realloc(s->value, (s->values + 1) * sizeof *s->value);
	s->value[s->values] = (struct value){.layout = *layout, .last = -1};
	return s->values++;
}

/* By channels, rows and columns. */
static dnnl_memory_desc_t
plain(int ndims, const dnnl_dims_t dims)
{
	dnnl_memory_desc_t layout;

	netsteps_check(dnnl_memory_desc_init_by_tag(&layout, ndims, dims,
			   dnnl_f32, ndims == 4 ? dnnl_nchw : dnnl_nc),
	    "layout");
	return layout;
}

int
netsteps_input(struct netsteps *s, int c, int h, int w)
{
	dnnl_memory_desc_t layout = plain(4, (dnnl_dims_t){1, c, h, w});

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

	netsteps_check(dnnl_primitive_create(&step.primitive, pd), "step");
	dnnl_primitive_desc_destroy(pd);
	return push(s, &step, arg, n, made);
}

static dnnl_primitive_desc_t
reorder(const struct netsteps *s, const dnnl_memory_desc_t *from,
    const dnnl_memory_desc_t *to)
{
	dnnl_primitive_attr_t attr = netsteps_attr();
	dnnl_primitive_desc_t pd;

	netsteps_check(dnnl_reorder_primitive_desc_create(
			   &pd, from, s->engine, to, s->engine, attr),
	    "reorder");
	dnnl_primitive_attr_destroy(attr);
	return pd;
}

/* The value in a layout. */
static int
bring(struct netsteps *s, int value, const dnnl_memory_desc_t *to)
{
	const dnnl_memory_desc_t *from = &s->value[value].layout;
	struct netsteps_arg arg = {DNNL_ARG_FROM, value};

	if (dnnl_memory_desc_equal(from, to))
		return value;
	return push_primitive(s, reorder(s, from, to), &arg, 1);
}

static int
bring_plain(struct netsteps *s, int value)
{
	const dnnl_memory_desc_t *from = &s->value[value].layout;
	dnnl_memory_desc_t to = plain(from->ndims, from->dims);

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
	dnnl_memory_desc_t layout = plain(
	    h > 0 ? 4 : 2, (dnnl_dims_t){1, c, h, w});
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

static dnnl_memory_t
memory(const struct netsteps *s, const dnnl_memory_desc_t *layout,
    const void *data)
{
	dnnl_memory_t m;

	netsteps_check(
	    dnnl_memory_create(&m, layout, s->engine, (void *)data), "memory");
	return m;
}

static void
execute(const struct netsteps *s, dnnl_primitive_t p, int n,
    const dnnl_exec_arg_t *arg)
{
	netsteps_check(dnnl_primitive_execute(p, s->stream, n, arg), "step");
}

int
netsteps_constant(
    struct netsteps *s, const float *data, const void *from, const void *to)
{
	dnnl_primitive_desc_t pd = reorder(s, from, to);
	const dnnl_memory_desc_t *need = dnnl_primitive_desc_query_md(
	    pd, dnnl_query_scratchpad_md, 0);
	void *scratch = aligned(dnnl_memory_desc_get_size(need));
	int i, v = new_value(s, to);
	struct value *made = &s->value[v];
	dnnl_exec_arg_t arg[3] = {{DNNL_ARG_FROM, memory(s, from, data)},
	    {DNNL_ARG_SCRATCHPAD, memory(s, need, scratch)}};
	dnnl_primitive_t p;

	made->constant = 1;
	made->data = aligned(dnnl_memory_desc_get_size(to));
	made->memory = memory(s, to, made->data);
	arg[2] = (dnnl_exec_arg_t){DNNL_ARG_TO, made->memory};
	netsteps_check(dnnl_primitive_create(&p, pd), "reorder");
	execute(s, p, 3, arg);
	for (i = 0; i < 2; i++)
		dnnl_memory_destroy(arg[i].memory);
	dnnl_primitive_destroy(p);
	dnnl_primitive_desc_destroy(pd);
	free(scratch);
	return v;
}

/* A buffer that nobody needs any more: of the least waste, or the largest. */
static struct buffer *
find_buffer(struct netsteps *s, int step, size_t size)
{
	struct buffer *best = NULL, *b;

	for (b = s->buffer; b < s->buffer + s->buffers; b++) {
		if (b->last >= step)
			continue;
		if (best == NULL ||
		    (best->size < size
			    ? b->size > best->size
			    : b->size >= size && b->size < best->size))
			best = b;
	}
	if (best == NULL) {
		s->buffer = err_realloc(
		    s->buffer, (s->buffers + 1) * sizeof *s->buffer);
		best = &s->buffer[s->buffers++];
		*best = (struct buffer){0};
	}
	return best;
}

/* Gives each step's value a buffer; which, returned by step. */
static int *
share_buffers(struct netsteps *s)
{
	int *shared = err_calloc(s->steps + 1, sizeof *shared), i;

	for (i = 0; i < s->steps; i++) {
		const struct step *step = &s->step[i];
		const struct value *v = &s->value[step->arg[step->n - 1].value];
		size_t size = dnnl_memory_desc_get_size(&v->layout);
		struct buffer *b = find_buffer(s, i, size);

		b->last = v->last;
		b->size = b->size < size ? size : b->size;
		shared[i] = (int)(b - s->buffer);
	}
	for (i = 0; i < s->buffers; i++)
		s->buffer[i].data = aligned(s->buffer[i].size);
	return shared;
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
	s->scratch = aligned(most);
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
	step->scratch_memory = memory(s, &step->scratch, s->scratch);
	step->exec[i] = (dnnl_exec_arg_t){
	    DNNL_ARG_SCRATCHPAD, step->scratch_memory};
}

void
netsteps_done(struct netsteps *s)
{
	int *shared = share_buffers(s), i;

	make_scratch(s);
	for (i = 0; i < s->steps; i++) {
		const struct step *step = &s->step[i];

		s->value[step->arg[step->n - 1].value]
		    .data = s->buffer[shared[i]].data;
	}
	free(shared);
	for (i = 0; i < s->values; i++)
		if (!s->value[i].constant)
			s->value[i].memory = memory(
			    s, &s->value[i].layout, s->value[i].data);
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
	netsteps_check(
	    dnnl_memory_set_data_handle(v->memory, v->data), "input");
	for (i = 0; i < s->steps; i++) {
		const struct step *step = &s->step[i];

		if (step->primitive == NULL)
			run_call(s, step);
		else
			execute(s, step->primitive, step->n + 1, step->exec);
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
		free(s->buffer[i].data);
	dnnl_stream_destroy(s->stream);
	dnnl_engine_destroy(s->engine);
	free(s->scratch);
	free(s->buffer);
	free(s->value);
	free(s->step);
	free(s);
}
