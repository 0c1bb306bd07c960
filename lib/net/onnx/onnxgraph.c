#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/onnx/onnxcalc.h"
#include "net/onnx/onnxgraph.h"
#include "tool/err.h"

/* Numbers that may follow from constants, beside four for each byte. */
enum { ALLOWANCE = 1 << 20 };

struct onnxgraph_name {
	const char *text;
	int array; /* ONNXSTEP_NONE: not made yet */
};

void
onnxgraph_die(
    const struct onnxgraph *g, const struct onnxnode *n, const char *fmt, ...)
{
	char what[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	err_die("%s: node %zu '%s' (%s%s%s, opset %lld): %s", g->model->path,
	    n->number, *n->name || n->outs == 0 ? n->name : n->out[0],
	    n->domain, *n->domain ? "::" : "", n->type, g->model->opset, what);
}

static int
compare(const void *a, const void *b)
{
	const struct onnxgraph_name *x = a, *y = b;

	return strcmp(x->text, y->text);
}

static struct onnxgraph_name *
look_up(const struct onnxgraph *g, const char *text)
{
	struct onnxgraph_name key = {text, 0};

	return bsearch(&key, g->name, g->names, sizeof *g->name, compare);
}

/* All names that anything is made under; one stands for one array. */
static void
collect_names(struct onnxgraph *g)
{
	const struct onnxmodel *m = g->model;
	size_t most = m->tensors + m->inputs, n = 0;

	for (size_t i = 0; i < m->nodes; i++)
		most += (size_t)m->node[i].outs;
	g->name = err_calloc(most + 1, sizeof *g->name);
	for (size_t i = 0; i < m->tensors; i++)
		g->name[n++].text = m->tensor[i].name;
	qsort(g->name, n, sizeof *g->name, compare);
	g->names = n;
	for (size_t i = 0; i < m->inputs; i++)
		if (look_up(g, m->input[i].name) == NULL)
			g->name[n++].text = m->input[i].name;
	for (size_t i = 0; i < m->nodes; i++)
		for (int j = 0; j < m->node[i].outs; j++)
			if (*m->node[i].out[j] != '\0')
				g->name[n++].text = m->node[i].out[j];
	qsort(g->name, n, sizeof *g->name, compare);
	g->names = n;
	for (size_t i = 0; i < n; i++) {
		g->name[i].array = ONNXSTEP_NONE;
		if (i > 0 && compare(&g->name[i - 1], &g->name[i]) == 0)
			err_die("%s: two arrays have the name '%s'", m->path,
			    g->name[i].text);
	}
}

static int
new_array(struct onnxgraph *g, const struct netdims *dims)
{
	int n = g->arrays;

	if ((n & (n - 1)) == 0)
		g->array = err_realloc(
		    g->array, (n ? 2 * (size_t)n : 1) * sizeof *g->array);
	g->array[g->arrays] = (struct onnxgraph_array){.dims = *dims};
	return g->arrays++;
}

int
onnxgraph_constant(struct onnxgraph *g, struct onnxtensor *t)
{
	int a = new_array(g, &t->dims);

	g->array[a].constant = 1;
	g->array[a].tensor = *t;
	*t = (struct onnxtensor){0};
	return a;
}

static void
take_tensors(struct onnxgraph *g)
{
	const struct onnxmodel *m = g->model;

	for (size_t i = 0; i < m->tensors; i++) {
		struct onnxtensor t;
		const char *why = onnxtensor_read(&t, m->tensor[i].message);

		if (why != NULL)
			err_die("%s: array '%s': %s", m->path,
			    m->tensor[i].name, why);
		look_up(g, m->tensor[i].name)->array = onnxgraph_constant(
		    g, &t);
	}
}

/* The first input that is no constant; there is to be one. */
static const struct onnxmodel_input *
find_input(const struct onnxgraph *g, struct onnxgraph_name **name)
{
	const struct onnxmodel_input *found = NULL;

	for (size_t i = 0; i < g->model->inputs; i++) {
		const struct onnxmodel_input *in = &g->model->input[i];
		struct onnxgraph_name *n = look_up(g, in->name);

		if (n->array != ONNXSTEP_NONE)
			continue;
		if (found != NULL)
			err_die("%s: takes more than an image: '%s' and '%s'",
			    g->model->path, found->name, in->name);
		found = in;
		*name = n;
	}
	if (found == NULL)
		err_die("%s: takes no input", g->model->path);
	return found;
}

static void
take_input(struct onnxgraph *g, const struct netdims *free)
{
	struct onnxgraph_name *name = NULL;
	const struct onnxmodel_input *in = find_input(g, &name);
	struct netdims dims = in->dims;
	long long count = 1;

	if (!in->ranked || onnxtensor_is_float(in->type) != 1)
		err_die("%s: input '%s' is no array of floats with known "
			"dimensions",
		    g->model->path, in->name);
	for (int i = 0; i < dims.rank; i++) {
		if (dims.dim[i] == 0)
			dims.dim[i] = i < free->rank ? free->dim[i] : 0;
		if (dims.dim[i] == 0)
			err_die("%s: input '%s': dimension %d is free: export "
				"the network with its image size",
			    g->model->path, in->name, i);
		if (dims.dim[i] > ONNXGRAPH_MOST / count)
			err_die("%s: input '%s' is too large", g->model->path,
			    in->name);
		count *= dims.dim[i];
	}
	g->input = name->array = new_array(g, &dims);
}

void
onnxgraph_open(
    struct onnxgraph *g, struct onnxmodel *m, const struct netdims *free)
{
	*g = (struct onnxgraph){.model = m, .output = ONNXSTEP_NONE};
	if (m->opset < 6 || m->opset > 23)
		err_die("%s: opset %lld: 6 to 23 are read", m->path, m->opset);
	collect_names(g);
	take_tensors(g);
	take_input(g, free);
}

int
onnxgraph_find(
    const struct onnxgraph *g, const struct onnxnode *n, const char *name)
{
	const struct onnxgraph_name *found = look_up(g, name);

	if (found == NULL || found->array == ONNXSTEP_NONE)
		onnxgraph_die(g, n, "'%s' is made by no node before it", name);
	return found->array;
}

void
onnxgraph_layer(
    struct onnxgraph *g, const char *name, const char *type, int array)
{
	size_t n = (size_t)g->layers;

	if ((n & (n - 1)) == 0)
		g->layer = err_realloc(
		    g->layer, (n ? 2 * n : 1) * sizeof *g->layer);
	g->layer[g->layers++] = (struct onnxgraph_result){name, type, array};
}

void
onnxgraph_name(struct onnxgraph *g, const struct onnxnode *n, int i, int array)
{
	if (i >= n->outs || *n->out[i] == '\0')
		return;
	look_up(g, n->out[i])->array = array;
	if (!g->array[array].constant)
		onnxgraph_layer(g, n->out[i], n->type, array);
}

void
onnxgraph_check(const struct onnxgraph *g, const struct onnxnode *n,
    const struct netdims *dims)
{
	long long count = 1;

	for (int i = 0; i < dims->rank; i++) {
		if (dims->dim[i] < 0 || dims->dim[i] > ONNXGRAPH_MOST ||
		    (dims->dim[i] > 0 && count > ONNXGRAPH_MOST / dims->dim[i]))
			onnxgraph_die(g, n, "its result is too large");
		count *= dims->dim[i];
	}
}

void
onnxgraph_charge(
    struct onnxgraph *g, const struct onnxnode *n, long long numbers)
{
	g->charged += numbers + 1;
	if (g->charged > ALLOWANCE + 4 * (long long)g->model->size)
		onnxgraph_die(
		    g, n, "too many numbers follow from those in the file");
}

/* Computes a step of constants. */
static int
compute(struct onnxgraph *g, const struct onnxnode *n, const struct onnxstep *s,
    const struct netdims *dims)
{
	const void **in = err_calloc((size_t)s->ins + 1, sizeof *in);
	struct onnxtensor made;
	int whole = g->array[s->in[0]].tensor.whole;

	onnxgraph_charge(g, n, s->count);
	for (int i = 0; i < s->ins; i++)
		if (s->in[i] != ONNXSTEP_NONE)
			onnxgraph_charge(
			    g, n, netdims_count(&g->array[s->in[i]].dims));
	onnxtensor_make(&made, dims, whole);
	for (int i = 0; i < s->ins; i++) {
		const struct onnxtensor *t = s->in[i] == ONNXSTEP_NONE
						 ? NULL
						 : &g->array[s->in[i]].tensor;

		if (t != NULL)
			in[i] = whole ? t->own : onnxtensor_floats(t);
	}
	if (whole)
		onnxcalc_move(s, sizeof(int64_t), in, made.own);
	else
		onnxcalc_run(s, (const float *const *)in, made.own);
	for (int i = 0; i < s->ins && !whole; i++)
		free((void *)in[i]);
	free(in);
	return onnxgraph_constant(g, &made);
}

/*
 * Whether all sources are constants, which are to be of one kind, and the step
 * takes no longer than they are large.
 */
static int
is_constant(const struct onnxgraph *g, const struct onnxnode *n,
    const struct onnxstep *s)
{
	int moves = s->kind == ONNXSTEP_VIEW || s->kind == ONNXSTEP_PICK ||
		    s->kind == ONNXSTEP_CONCAT;
	int constant = s->kind < ONNXSTEP_LRN, wholes = 0, floats = 0;

	for (int i = 0; i < s->ins; i++) {
		const struct onnxgraph_array *a;

		if (s->in[i] == ONNXSTEP_NONE)
			continue;
		a = &g->array[s->in[i]];
		constant = constant && a->constant;
		wholes += a->constant && a->tensor.whole;
		floats += !a->constant || !a->tensor.whole;
	}
	if (wholes > 0 && (floats > 0 || !moves))
		onnxgraph_die(g, n, "whole numbers where floats should be");
	return constant;
}

int
onnxgraph_add(struct onnxgraph *g, const struct onnxnode *n, struct onnxstep *s,
    const struct netdims *dims)
{
	onnxgraph_check(g, n, dims);
	s->count = netdims_count(dims);
	if (is_constant(g, n, s)) {
		int made = compute(g, n, s, dims);

		onnxstep_free(s);
		return made;
	}
	if (s->count == 0)
		onnxgraph_die(g, n, "its result is empty");
	if ((g->steps & (g->steps - 1)) == 0)
		g->step = err_realloc(g->step,
		    (g->steps ? 2 * (size_t)g->steps : 1) * sizeof *g->step);
	s->out = new_array(g, dims);
	g->step[g->steps++] = *s;
	return s->out;
}

void
onnxgraph_close(struct onnxgraph *g)
{
	for (int i = 0; i < g->arrays; i++)
		onnxtensor_free(&g->array[i].tensor);
	for (int i = 0; i < g->steps; i++)
		onnxstep_free(&g->step[i]);
	free(g->name);
	free(g->array);
	free(g->step);
	free(g->layer);
}
