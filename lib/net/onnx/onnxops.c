#include <string.h>

#include "net/onnx/onnxform.h"
#include "net/onnx/onnximage.h"
#include "net/onnx/onnxlayer.h"
#include "net/onnx/onnxmath.h"
#include "net/onnx/onnxops.h"
#include "net/onnx/onnxpick.h"
#include "net/onnx/onnxproduct.h"
#include "net/onnx/onnxsize.h"
#include "net/onnx/onnxslice.h"
#include "net/onnx/onnxwhole.h"
#include "tool/err.h"

static const struct onnxnode_operator *
find_in(const struct onnxnode_operator *list, const char *type)
{
	while (list->type != NULL && strcmp(list->type, type) != 0)
		list++;
	return list->type != NULL ? list : NULL;
}

static const struct onnxnode_operator *
find(const char *type)
{
	const struct onnxnode_operator *const lists[] = {onnximage_list,
	    onnxmath_list, onnxlayer_list, onnxform_list, onnxslice_list,
	    onnxsize_list, onnxproduct_list, onnxwhole_list};
	const struct onnxnode_operator *found = NULL;

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (found == NULL)
			found = find_in(lists[i], type);
	return found;
}

static void
make(struct onnxgraph *g, const struct onnxnode *n)
{
	int own = *n->domain == '\0' || strcmp(n->domain, "ai.onnx") == 0;
	const struct onnxnode_operator *o = own ? find(n->type) : NULL;
	struct onnxnode_making m;

	if (o == NULL)
		onnxgraph_die(g, n, "this operator is not known");
	onnxnode_begin(&m, g, n);
	o->make(&m);
	onnxnode_end(&m);
}

void
onnxops_make(struct onnxgraph *g)
{
	const struct onnxmodel *m = g->model;

	for (size_t i = 0; i < m->nodes; i++)
		make(g, &m->node[i]);
	if (m->outputs == 0)
		err_die("%s: has no output", m->path);
	g->output = onnxgraph_find(g, &m->node[m->nodes - 1], m->output[0]);
	if (g->array[g->output].constant)
		err_die("%s: output '%s' does not depend on the image", m->path,
		    m->output[0]);
}

void
onnxops_end(struct onnxgraph *g)
{
	struct onnxnode last = g->model->node[g->model->nodes - 1];
	struct netdims d = g->array[g->output].dims;
	struct netdims flat = {2, {1, netdims_count(&d)}};
	struct onnxnode_making m;

	last.attributes = 0;
	onnxnode_begin(&m, g, &last);
	g->output = onnxlayer_softmax(&m, onnxpick_view(&m, g->output, &flat));
	onnxgraph_layer(g, "probabilities", "Softmax", g->output);
	onnxnode_end(&m);
}
