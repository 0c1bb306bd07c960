/*
 * An ONNX file ends in a message, or in steps whose arrays are all there and
 * within their bounds.
 */
#include "exits.h"
#include "net/onnx/onnxgraph.h"
#include "net/onnx/onnxmodel.h"
#include "net/onnx/onnxneed.h"
#include "net/onnx/onnxops.h"

static struct onnxmodel model;
static struct onnxgraph graph;

static void
check(const struct onnxgraph *g)
{
	for (int i = 0; i < g->arrays; i++) {
		const struct netdims *d = &g->array[i].dims;

		demand(d->rank >= 0 && d->rank <= NETDIMS_RANK);
		demand(netdims_count(d) >= 0 && netdims_count(d) <= 1 << 30);
	}
	for (int i = 0; i < g->steps; i++) {
		const struct onnxstep *s = &g->step[i];

		demand(s->out > 0 && s->out < g->arrays && s->count > 0);
		for (int j = 0; j < s->ins; j++)
			demand(s->in[j] >= ONNXSTEP_NONE && s->in[j] < s->out);
	}
	demand(onnxneed_bytes(g, 2) > 0);
}

static void
load(void *path)
{
	struct netdims free_dims = {1, {1}};

	onnxmodel_open(&model, path, 0);
	onnxgraph_open(&graph, &model, &free_dims);
	onnxops_make(&graph);
	onnxops_end(&graph);
	check(&graph);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	model = (struct onnxmodel){0};
	graph = (struct onnxgraph){0};
	exits_with_file("onnx", data, size, load);
	onnxgraph_close(&graph);
	if (model.bytes != NULL)
		onnxmodel_close(&model);
	return 0;
}
