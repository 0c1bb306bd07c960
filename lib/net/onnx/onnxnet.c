#include <stdlib.h>
#include <string.h>

#include "net/onnx/onnxgraph.h"
#include "net/onnx/onnxmodel.h"
#include "net/onnx/onnxneed.h"
#include "net/onnx/onnxnet.h"
#include "net/onnx/onnxops.h"
#include "net/onnx/onnxplan.h"
#include "tool/err.h"

enum { NONE = ONNXSTEP_NONE };

struct onnxnet {
	struct onnxmodel model;
	struct onnxgraph graph;
	struct onnxplan *plan;
};

static struct net_layer_shape
layer_shape(const void *ctx, int layer)
{
	const struct onnxgraph *g = &((const struct onnxnet *)ctx)->graph;
	const struct onnxgraph_result *l = &g->layer[layer];
	const struct netdims *d = &g->array[l->array].dims;
	struct net_layer_shape s = {.name = l->name,
	    .type = l->type,
	    .outputs = (size_t)netdims_count(d)};

	if (d->rank == 4) {
		s.channels = (int)d->dim[1];
		s.height = (int)d->dim[2];
		s.width = (int)d->dim[3];
	}
	return s;
}

static void
prepare(void *ctx, const int *keep, int threads, int images)
{
	struct onnxnet *n = ctx;
	int *arrays = err_calloc((size_t)n->graph.arrays, sizeof *arrays);

	for (int i = 0; i < n->graph.layers; i++)
		if (keep[i])
			arrays[n->graph.layer[i].array] = 1;
	n->plan = onnxplan_make(&n->graph, arrays, threads, images);
	free(arrays);
}

static void
run(void *ctx, int number, const float *input)
{
	onnxplan_run(((struct onnxnet *)ctx)->plan, number, input);
}

static const float *
output(const void *ctx, int number, int layer)
{
	const struct onnxnet *n = ctx;

	return onnxplan_output(n->plan, number, n->graph.layer[layer].array);
}

static void
close_it(void *ctx)
{
	struct onnxnet *n = ctx;

	if (n->plan != NULL)
		onnxplan_free(n->plan);
	onnxgraph_close(&n->graph);
	onnxmodel_close(&n->model);
	free(n);
}

/* The last layer that an array is, or NONE. */
static int
find_layer(const struct onnxgraph *g, int array)
{
	int i = g->layers - 1;

	while (i >= 0 && g->layer[i].array != array)
		i--;
	return i;
}

/* The step that made an array, apart from its form. */
static const struct onnxstep *
find_maker(const struct onnxgraph *g, int array)
{
	for (int i = g->steps - 1; i >= 0; i--)
		if (g->step[i].out == array) {
			if (g->step[i].kind != ONNXSTEP_VIEW)
				return &g->step[i];
			array = g->step[i].in[0];
		}
	return NULL;
}

static int
find_penultimate(const struct onnxgraph *g)
{
	for (int i = g->steps - 1; i >= 0; i--)
		if (g->step[i].kind == ONNXSTEP_MATMUL &&
		    g->array[g->step[i].in[1]].constant)
			return find_layer(g, g->step[i].in[0]);
	return NONE;
}

/* Finds the logits, and adds a softmax where there is none. */
static void
find_end(struct onnxgraph *g, struct netmodel *m)
{
	const struct onnxstep *end = find_maker(g, g->output);
	int sigmoid = end != NULL && end->kind == ONNXSTEP_UNARY &&
		      end->unary.f == ONNXSTEP_SIGMOID;
	int softmax = end != NULL && end->kind == ONNXSTEP_SOFTMAX &&
		      !end->rows.log &&
		      end->rows.n == netdims_count(&g->array[g->output].dims);

	if (softmax || sigmoid) {
		m->logits = find_layer(g, end->in[0]);
		m->last = find_layer(g, g->output);
	} else {
		m->logits = find_layer(g, g->output);
		onnxops_end(g);
		m->last = g->layers - 1;
	}
	m->temperature = sigmoid || m->logits == NONE ? 0 : 1;
	m->logits = m->logits == NONE ? m->last : m->logits;
	m->penultimate = find_penultimate(g);
	if (m->penultimate == NONE)
		m->penultimate = m->logits;
}

/* The shape of the image, by channels or with the channels last. */
static struct net_shape
image_shape(const struct onnxgraph *g)
{
	const struct netdims *d = &g->array[g->input].dims;
	int last = onnxplan_is_last(d);
	int c = last ? 3 : 1, h = last ? 1 : 2;

	if (d->rank != 4 || d->dim[0] != 1 ||
	    (d->dim[c] != 1 && d->dim[c] != 3))
		err_die("%s: does not take one image of 1 or 3 channels, but "
			"%lld x %lld x %lld x %lld",
		    g->model->path, d->dim[0], d->dim[1], d->dim[2], d->dim[3]);
	return (struct net_shape){.width = (int)d->dim[h + 1],
	    .height = (int)d->dim[h],
	    .channels = (int)d->dim[c],
	    .onnx = 1};
}

static void
check_need(const struct onnxgraph *g, const struct net_setup *setup)
{
	int images = setup->batch > 1 ? setup->threads : 1;
	long long need = onnxneed_bytes(g, images);

	if (setup->memory > 0 && need > setup->memory)
		err_die("%s: the network needs %lld bytes, more than the %lld "
			"of --max-memory",
		    g->model->path, need, setup->memory);
}

struct netmodel
onnxnet_open(const struct net_setup *setup)
{
	static const struct netmodel_verbs verbs = {
	    layer_shape, prepare, run, output, close_it};
	struct onnxnet *n = err_calloc(1, sizeof *n);
	struct netdims free_dims = {1, {1}};
	struct netmodel m = {.verbs = &verbs, .ctx = n};

	if (setup->weights != NULL)
		err_die("%s: an ONNX network has its weights with it: leave "
			"out '%s'",
		    setup->cfg, setup->weights);
	if (setup->engine != NET_ONEDNN)
		err_die("%s: an ONNX network, which only the engine onednn "
			"runs",
		    setup->cfg);
	onnxmodel_open(&n->model, setup->cfg, setup->memory);
	onnxgraph_open(&n->graph, &n->model, &free_dims);
	m.shape = image_shape(&n->graph);
	onnxops_make(&n->graph);
	find_end(&n->graph, &m);
	check_need(&n->graph, setup);
	m.shape.layers = n->graph.layers;
	m.shape.classes = (int)netdims_count(
	    &n->graph.array[n->graph.output].dims);
	return m;
}
