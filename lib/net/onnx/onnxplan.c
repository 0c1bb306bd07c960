#include <stdlib.h>

#include "net/onednn/netrun.h"
#include "net/onednn/netsteps.h"
#include "net/onnx/onnxadd.h"
#include "net/onnx/onnxgraph.h"
#include "net/onnx/onnxplan.h"
#include "tool/err.h"

enum { NONE = ONNXSTEP_NONE };

struct onnxplan {
	struct onnxadd add;
	struct netrun **run; /* one for each image at the same time */
	int runs;
};

int
onnxplan_is_last(const struct netdims *d)
{
	return d->rank == 4 && d->dim[1] != 1 && d->dim[1] != 3 &&
	       (d->dim[3] == 1 || d->dim[3] == 3);
}

static void
add_input(struct onnxadd *p)
{
	const struct netdims *d = &p->g->array[p->g->input].dims;
	long long h = d->dim[1], w = d->dim[2], c = d->dim[3];
	long long stride[] = {h * w * c, w, 1, h * w};
	struct netdims image = netdims_image(c, h, w);

	if (!onnxplan_is_last(d)) {
		p->value[p->g->input] = netsteps_input(p->steps, d);
		return;
	}
	p->value[p->g->input] = netsteps_strided(
	    p->steps, netsteps_input(p->steps, &image), d, stride);
}

struct onnxplan *
onnxplan_make(struct onnxgraph *g, const int *keep, int threads, int images)
{
	struct onnxplan *p = err_calloc(1, sizeof *p);
	struct onnxadd *add = &p->add;

	add->g = g;
	add->steps = netsteps_new(threads);
	add->value = err_malloc(((size_t)g->arrays + 1) * sizeof *add->value);
	for (int i = 0; i < g->arrays; i++)
		add->value[i] = NONE;
	onnxuse_join(g, keep);
	onnxuse_find(&add->use, g, keep);
	add_input(add);
	for (int i = 0; i < g->steps; i++)
		if (add->use.needed[i])
			onnxadd_step(add, &g->step[i]);
	for (int i = 0; i < g->arrays; i++)
		if (keep[i])
			add->value[i] = netsteps_keep(
			    add->steps, add->value[i]);
	netsteps_done(add->steps);
	onnxmodel_drop(g->model);
	p->runs = images;
	p->run = err_calloc((size_t)images, sizeof *p->run);
	for (int i = 0; i < images; i++)
		p->run[i] = netrun_make(add->steps);
	return p;
}

void
onnxplan_run(struct onnxplan *p, int run, const float *input)
{
	netrun_image(p->run[run], input);
}

const float *
onnxplan_output(const struct onnxplan *p, int run, int array)
{
	return netrun_value(p->run[run], p->add.value[array]);
}

void
onnxplan_free(struct onnxplan *p)
{
	for (int i = 0; i < p->runs; i++)
		netrun_free(p->run[i]);
	free(p->run);
	netsteps_free(p->add.steps);
	onnxuse_free(&p->add.use);
	free(p->add.value);
	free(p);
}
