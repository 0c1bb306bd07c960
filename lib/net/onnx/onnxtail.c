#include <stdlib.h>

#include "net/onnx/onnxgraph.h"
#include "net/onnx/onnxtail.h"
#include "net/onnx/onnxuse.h"
#include "tool/err.h"

enum { NONE = ONNXSTEP_NONE, LARGE = 1 << 18 };

static const struct netdims *
dims(const struct onnxgraph *g, int array)
{
	return &g->array[array].dims;
}

float *
onnxtail_floats(const struct onnxgraph *g, int array)
{
	float *v = onnxtensor_floats(&g->array[array].tensor);

	if (netdims_count(dims(g, array)) > LARGE)
		onnxmodel_drop(g->model);
	return v;
}

int
onnxtail_function(const struct onnxstep_unary *u, struct netdnnl_act *act)
{
	static const int same[][2] = {
	    {ONNXSTEP_LINEAR, NETDNNL_LINEAR},
	    {ONNXSTEP_RELU, NETDNNL_RELU},
	    {ONNXSTEP_ELU, NETDNNL_ELU},
	    {ONNXSTEP_CLIP, NETDNNL_CLIP},
	    {ONNXSTEP_SIGMOID, NETDNNL_LOGISTIC},
	    {ONNXSTEP_SWISH, NETDNNL_SWISH},
	    {ONNXSTEP_HARDSWISH, NETDNNL_HARDSWISH},
	    {ONNXSTEP_TANH, NETDNNL_TANH},
	    {ONNXSTEP_GELU, NETDNNL_GELU_ERF},
	    {ONNXSTEP_GELU_TANH, NETDNNL_GELU},
	    {ONNXSTEP_MISH, NETDNNL_MISH},
	};

	*act = (struct netdnnl_act){
	    NETDNNL_LINEAR, u->a, u->b, u->scale, u->shift};
	if (u->f == ONNXSTEP_MISH && !NETDNNL_HAS_MISH)
		return -1;
	if (u->f == ONNXSTEP_SWISH)
		act->alpha = 1;
	if (u->f == ONNXSTEP_HARDSIGMOID && u->a > 0) {
		act->f = NETDNNL_CLIP;
		act->alpha = -u->b / u->a;
		act->beta = (1 - u->b) / u->a;
		act->shift += act->scale * u->b;
		act->scale *= u->a;
		return 0;
	}
	for (size_t i = 0; i < sizeof same / sizeof *same; i++)
		if (same[i][0] == (int)u->f) {
			act->f = same[i][1];
			return 0;
		}
	return -1;
}

/* Takes the function that follows, when it can go along. */
static void
take_function(const struct onnxuse *u, struct onnxtail *t)
{
	const struct onnxstep *next = onnxuse_follower(u, t->end);
	struct netdnnl_act act;

	if (next == NULL || next->kind != ONNXSTEP_UNARY ||
	    onnxtail_function(&next->unary, &act) < 0)
		return;
	t->act = act;
	t->end = next->out;
}

struct onnxtail
onnxtail_find(const struct onnxuse *u, const struct onnxstep *s)
{
	struct onnxtail t = {
	    .act = {NETDNNL_LINEAR, 0, 0, 1, 0}, .end = s->out};
	const struct onnxstep *next = onnxuse_follower(u, s->out);

	if (s->kind == ONNXSTEP_CONV && next != NULL &&
	    next->kind == ONNXSTEP_AFFINE) {
		t.affine = next;
		t.end = next->out;
	}
	if (s->kind == ONNXSTEP_MATMUL && s->ins < 3 && next != NULL &&
	    next->kind == ONNXSTEP_BINARY && next->binary.f == ONNXSTEP_ADD &&
	    netdims_equal(&next->binary.dims, dims(u->g, s->out))) {
		int other = next->in[next->in[0] == s->out];
		const struct netdims *d = dims(u->g, other);

		if (u->g->array[other].constant && d->rank > 0 &&
		    d->dim[d->rank - 1] == s->matmul.n &&
		    netdims_count(d) == s->matmul.n) {
			t.added = next;
			t.end = next->out;
		}
	}
	take_function(u, &t);
	return t;
}

static void
scale(const struct onnxuse *u, const struct onnxstep *affine,
    struct onnxtail_weights *v, long long filters, long long each)
{
	float *factor = onnxtail_floats(u->g, affine->in[1]);
	float *shift = onnxtail_floats(u->g, affine->in[2]);

	for (long long f = 0; f < filters; f++) {
		for (long long i = 0; i < each; i++)
			v->w[f * each + i] *= factor[f];
		v->bias[f] = v->bias[f] * factor[f] + shift[f];
	}
	free(factor);
	free(shift);
}

struct onnxtail_weights
onnxtail_weights(const struct onnxuse *u, const struct onnxstep *s,
    const struct onnxtail *t, long long outputs)
{
	long long n = netdims_count(dims(u->g, s->in[1]));
	int bias = s->ins > 2 ? s->in[2] : NONE;
	struct onnxtail_weights v = {.w = onnxtail_floats(u->g, s->in[1])};

	if (t->added != NULL)
		bias = t->added->in[t->added->in[0] == s->out];
	v.bias = bias != NONE ? onnxtail_floats(u->g, bias)
			      : err_calloc((size_t)outputs, sizeof *v.bias);
	if (t->affine != NULL)
		scale(u, t->affine, &v, outputs, n / outputs);
	return v;
}
