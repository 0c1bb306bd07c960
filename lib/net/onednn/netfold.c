#include <math.h>
#include <stdlib.h>

#include <darknet.h>

#include "tool/err.h"
#include "net/netact.h"
#include "net/onednn/netdnnl.h"
#include "net/onednn/netfold.h"

/* Those activations that oneDNN has; the others are netlayer.h's. */
static const struct {
	int a;
	struct netdnnl_act act;
} acts[] = {
    {LINEAR, {NETDNNL_LINEAR, 0, 0, 1, 0}},
    {LEAKY, {NETDNNL_RELU, .1f, 0, 1, 0}},
    {RELU, {NETDNNL_RELU, 0, 0, 1, 0}},
    {RELIE, {NETDNNL_RELU, .01f, 0, 1, 0}},
    {RAMP, {NETDNNL_RELU, 1 / 11.f, 0, 1.1f, 0}},
    {ELU, {NETDNNL_ELU, 1, 0, 1, 0}},
    {SELU, {NETDNNL_ELU, 1.6732f, 0, 1.0507f, 0}},
    {LOGISTIC, {NETDNNL_LOGISTIC, 0, 0, 1, 0}},
    {LOGGY, {NETDNNL_LOGISTIC, 0, 0, 2, -1}},
    {TANH, {NETDNNL_TANH, 0, 0, 1, 0}},
    {NETACT_MISH, {NETDNNL_MISH, 0, 0, 1, 0}},
    {NETACT_SWISH, {NETDNNL_SWISH, 1, 0, 1, 0}},
    {NETACT_GELU, {NETDNNL_GELU, 0, 0, 1, 0}},
    {NETACT_RELU6, {NETDNNL_CLIP, 0, 6, 1, 0}},
    {HARDTAN, {NETDNNL_CLIP, -1, 1, 1, 0}},
};

const struct netdnnl_act *
netfold_act(int a)
{
	size_t i;

	if (a == NETACT_MISH && !NETDNNL_HAS_MISH)
		return NULL;
	for (i = 0; i < sizeof acts / sizeof *acts; i++)
		if (acts[i].a == a)
			return &acts[i].act;
	return NULL;
}

void
netfold_norm(const layer *l, int channels, float *scale, float *shift)
{
	int i;

	for (i = 0; i < channels; i++) {
		double s = l->scales[i] /
			   (sqrt(l->rolling_variance[i]) + .000001f);

		scale[i] = (float)s;
		shift[i] = (float)(l->biases[i] - l->rolling_mean[i] * s);
	}
}

float *
netfold_weights(const layer *l, int outputs, size_t each, float *bias)
{
	float *w = err_malloc(outputs * each * sizeof *w);
	float *scale = err_malloc(outputs * sizeof *scale);
	size_t i, j;

	netfold_norm(l, outputs, scale, bias);
	for (i = 0; i < (size_t)outputs; i++)
		for (j = 0; j < each; j++)
			w[i * each + j] = scale[i] * l->weights[i * each + j];
	free(scale);
	return w;
}
