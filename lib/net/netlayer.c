#include <math.h>

#include <darknet.h>

#include "net/netact.h"
#include "net/netgemm.h"
#include "net/netlayer.h"
#include "net/netmath.h"

/* Of darknet. */
void activate_array(float *x, const int n, const ACTIVATION a);

void
netlayer_activate(float *x, int n, int a)
{
	if (netact_is(a))
		netact_apply(a, x, (size_t)n);
	else if (a == LEAKY)
		netmath_leaky(x, n, 0.1f);
	else if (a == RELU)
		netmath_leaky(x, n, 0);
	else if (a != LINEAR)
		activate_array(x, n, (ACTIVATION)a);
}

/* Bias or batch normalisation of one image, then the activation. */
static void
norm_and_activate(const layer *l, float *x, int channels, int size)
{
	int i;

	for (i = 0; i < channels; i++) {
		float scale = 1, shift = l->biases[i];

		if (l->batch_normalize) {
			scale = l->scales[i] /
				(sqrtf(l->rolling_variance[i]) + .000001f);
			shift -= l->rolling_mean[i] * scale;
		}
		netmath_affine(x + (long)i * size, size, scale, shift);
	}
	netlayer_activate(x, channels * size, (int)l->activation);
}

static void
forward_conv(layer l, network net)
{
	int m = l.n / l.groups, n = l.out_w * l.out_h;
	int k = l.size * l.size * (l.c / l.groups), b, g;
	struct netmath_window w = {l.c / l.groups, l.h, l.w, l.size, l.stride,
	    l.pad, l.out_h, l.out_w};
	int copy = l.size > 1 || l.stride > 1;

	for (b = 0; b < l.batch; b++) {
		float *out = l.output + (long)b * l.outputs;

		for (g = 0; g < l.groups; g++) {
			const float *im = net.input + (long)b * l.inputs +
					  (long)g * w.channels * l.h * l.w;

			if (copy)
				netmath_im2col(&w, im, net.workspace);
			netgemm_matrix(m, n, k, l.weights + (long)g * m * k,
			    copy ? net.workspace : im, 0,
			    out + (long)g * m * n);
		}
		norm_and_activate(&l, out, l.n, n);
	}
}

static void
forward_connected(layer l, network net)
{
	int b;

	for (b = 0; b < l.batch; b++) {
		float *out = l.output + (long)b * l.outputs;

		netgemm_vector(l.outputs, l.inputs, l.weights,
		    net.input + (long)b * l.inputs, 0, out);
		norm_and_activate(&l, out, l.outputs, 1);
	}
}

static void
forward_maxpool(layer l, network net)
{
	struct netmath_window w = {
	    l.c, l.h, l.w, l.size, l.stride, l.pad, l.out_h, l.out_w};
	int b;

	for (b = 0; b < l.batch; b++)
		netmath_maxpool(&w, net.input + (long)b * l.inputs,
		    l.output + (long)b * l.outputs, NULL);
}

void
netlayer_install(struct network *n)
{
	int i;

	for (i = 0; i < n->n; i++) {
		layer *l = &n->layers[i];

		if (l->type == CONVOLUTIONAL)
			l->forward = forward_conv;
		else if (l->type == CONNECTED)
			l->forward = forward_connected;
		else if (l->type == MAXPOOL)
			l->forward = forward_maxpool;
	}
}
