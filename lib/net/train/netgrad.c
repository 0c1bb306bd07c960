#include <math.h>
#include <string.h>

#include <darknet.h>

#include "net/train/netblas.h"
#include "net/train/netgrad.h"
#include "net/netmath.h"

void activate_array(float *x, const int n, const ACTIVATION a);
void gradient_array(
    const float *x, const int n, const ACTIVATION a, float *delta);

/* The slope below zero of activations that are lines; others are darknet's. */
static int
slope_of(ACTIVATION a, float *slope)
{
	*slope = a == LEAKY ? 0.1f : a == RELU ? 0 : 1;
	return a == LEAKY || a == RELU || a == LINEAR;
}

/* Channels of the normalisation and values of each, in one image. */
static void
planes(const layer *l, int *channels, int *size)
{
	*channels = l->type == CONNECTED   ? l->outputs
		    : l->type == BATCHNORM ? l->c
					   : l->n;
	*size = l->outputs / *channels;
}

static int
has_norm(const layer *l)
{
	return l->batch_normalize || l->type == BATCHNORM;
}

static ACTIVATION
activation_of(const layer *l)
{
	return l->type == BATCHNORM ? LINEAR : l->activation;
}

/* Batch mean and 1 / deviation of channel f, kept in the layer. */
static float
moments(layer *l, int f, int size)
{
	double n = (double)l->batch * size, sum = 0, square = 0;
	int b;

	for (b = 0; b < l->batch; b++)
		sum += netmath_sum(
		    l->output + (long)b * l->outputs + (long)f * size, size);
	l->mean[f] = (float)(sum / n);
	for (b = 0; b < l->batch; b++)
		square += netmath_square(
		    l->output + (long)b * l->outputs + (long)f * size, size,
		    l->mean[f]);
	l->variance[f] = (float)(square / (n > 1 ? n - 1 : 1));
	return 1 / (sqrtf(l->variance[f]) + .000001f);
}

/* Bias or normalisation, and the activation, over the whole batch. */
static void
norm_and_activate(layer *l)
{
	int line, channels, size, f, b;
	float slope;

	line = slope_of(activation_of(l), &slope);
	planes(l, &channels, &size);
	for (f = 0; f < channels; f++) {
		float inv = has_norm(l) ? moments(l, f, size) : 1;

		for (b = 0; b < l->batch; b++) {
			long at = (long)b * l->outputs + (long)f * size;

			if (has_norm(l))
				netmath_norm(l->output + at, l->x_norm + at,
				    size, l->mean[f], inv, l->scales[f],
				    l->biases[f], slope);
			else
				netmath_bias(
				    l->output + at, size, l->biases[f], slope);
		}
	}
	if (!line)
		activate_array(l->output, l->outputs * l->batch, l->activation);
}

/* The delta before activation and normalisation, and their updates. */
static void
undo_norm_and_activation(layer *l)
{
	double n;
	int line, channels, size, f, b;
	float slope;

	line = slope_of(activation_of(l), &slope);
	planes(l, &channels, &size);
	n = (double)l->batch * size;
	if (!line)
		gradient_array(
		    l->output, l->outputs * l->batch, l->activation, l->delta);
	for (f = 0; f < channels; f++) {
		double sum = 0, dot = 0, inv;

		for (b = 0; b < l->batch; b++) {
			long at = (long)b * l->outputs + (long)f * size;

			netmath_slope(
			    l->delta + at, l->output + at, size, slope);
			sum += netmath_sum(l->delta + at, size);
			if (has_norm(l))
				dot += netmath_dot(
				    l->delta + at, l->x_norm + at, size);
		}
		l->bias_updates[f] += (float)sum;
		if (!has_norm(l))
			continue;
		l->scale_updates[f] += (float)dot;
		inv = l->scales[f] / (sqrtf(l->variance[f]) + .000001f);
		for (b = 0; b < l->batch; b++) {
			long at = (long)b * l->outputs + (long)f * size;

			netmath_unnorm(l->delta + at, l->x_norm + at, size,
			    (float)inv, (float)(-inv * sum / n),
			    (float)(-inv * dot / (n > 1 ? n - 1 : 1)));
		}
	}
}

static void
forward_conv(layer *l, struct network *net)
{
	struct netmath_window w = {l->c / l->groups, l->h, l->w, l->size,
	    l->stride, l->pad, l->out_h, l->out_w};
	int m = l->n / l->groups, n = l->out_w * l->out_h;
	int k = l->size * l->size * w.channels, i;
	int copy = l->size > 1 || l->stride > 1;

	for (i = 0; i < l->batch * l->groups; i++) {
		const float *im = net->input +
				  (long)i * w.channels * l->h * l->w;

		if (copy)
			netmath_im2col(&w, im, net->workspace);
		netblas_gemm(0, 0, m, n, k,
		    l->weights + (long)(i % l->groups) * m * k,
		    copy ? net->workspace : im, 0, l->output + (long)i * m * n);
	}
	norm_and_activate(l);
}

static void
backward_conv(layer *l, struct network *net)
{
	struct netmath_window w = {l->c / l->groups, l->h, l->w, l->size,
	    l->stride, l->pad, l->out_h, l->out_w};
	int m = l->n / l->groups, n = l->out_w * l->out_h;
	int k = l->size * l->size * w.channels, i;
	int copy = l->size > 1 || l->stride > 1;

	undo_norm_and_activation(l);
	for (i = 0; i < l->batch * l->groups; i++) {
		long at = (long)i * w.channels * l->h * l->w;
		long part = (long)(i % l->groups) * m * k;
		const float *delta = l->delta + (long)i * m * n;
		const float *im = net->input + at;

		if (copy)
			netmath_im2col(&w, im, net->workspace);
		netblas_gemm(0, 1, m, k, n, delta, copy ? net->workspace : im,
		    1, l->weight_updates + part);
		if (net->delta == NULL)
			continue;
		netblas_gemm(1, 0, k, n, m, l->weights + part, delta,
		    copy ? 0 : 1, copy ? net->workspace : net->delta + at);
		if (copy)
			netmath_col2im(&w, net->workspace, net->delta + at);
	}
}

static void
forward_connected(layer *l, struct network *net)
{
	netblas_gemm(0, 1, l->batch, l->outputs, l->inputs, net->input,
	    l->weights, 0, l->output);
	norm_and_activate(l);
}

static void
backward_connected(layer *l, struct network *net)
{
	undo_norm_and_activation(l);
	netblas_gemm(1, 0, l->outputs, l->inputs, l->batch, l->delta,
	    net->input, 1, l->weight_updates);
	if (net->delta != NULL)
		netblas_gemm(0, 0, l->batch, l->inputs, l->outputs, l->delta,
		    l->weights, 1, net->delta);
}

static void
forward_batchnorm(layer *l, struct network *net)
{
	memcpy(l->output, net->input,
	    (size_t)l->batch * l->outputs * sizeof(float));
	norm_and_activate(l);
}

static void
backward_batchnorm(layer *l, struct network *net)
{
	long i, n = (long)l->batch * l->outputs;

	undo_norm_and_activation(l);
	if (net->delta != NULL)
		for (i = 0; i < n; i++)
			net->delta[i] += l->delta[i];
}

static void
forward_maxpool(layer *l, struct network *net)
{
	struct netmath_window w = {
	    l->c, l->h, l->w, l->size, l->stride, l->pad, l->out_h, l->out_w};
	int b;

	for (b = 0; b < l->batch; b++)
		netmath_maxpool(&w, net->input + (long)b * l->inputs,
		    l->output + (long)b * l->outputs,
		    l->indexes + (long)b * l->outputs);
}

static void
backward_maxpool(layer *l, struct network *net)
{
	int b, i;

	if (net->delta == NULL)
		return;
	for (b = 0; b < l->batch; b++) {
		const float *delta = l->delta + (long)b * l->outputs;
		const int *index = l->indexes + (long)b * l->outputs;
		float *to = net->delta + (long)b * l->inputs;

		for (i = 0; i < l->outputs; i++)
			to[index[i]] += delta[i];
	}
}

/* In place: the layer's output is its input's. */
static void
forward_dropout(layer *l, struct network *net, struct rng *rng)
{
	long i, n = (long)l->batch * l->inputs;
	float keep = 1 - l->probability;

	for (i = 0; i < n; i++) {
		l->rand[i] = rng_uniform(rng) < keep ? 1 / keep : 0;
		net->input[i] *= l->rand[i];
	}
}

static void
backward_dropout(layer *l, struct network *net)
{
	long i, n = (long)l->batch * l->inputs;

	if (net->delta != NULL)
		for (i = 0; i < n; i++)
			net->delta[i] *= l->rand[i];
}

void
netgrad_forward(layer *l, struct network *net, struct rng *rng)
{
	if (l->delta != NULL && l->type != DROPOUT)
		memset(
		    l->delta, 0, (size_t)l->outputs * l->batch * sizeof(float));
	/* A crop draws its place from rand(); in training it is the middle. */
	net->train = l->type != CROP;
	if (l->type == CONVOLUTIONAL)
		forward_conv(l, net);
	else if (l->type == CONNECTED)
		forward_connected(l, net);
	else if (l->type == BATCHNORM)
		forward_batchnorm(l, net);
	else if (l->type == MAXPOOL)
		forward_maxpool(l, net);
	else if (l->type == DROPOUT)
		forward_dropout(l, net, rng);
	else
		l->forward(*l, *net);
}

void
netgrad_backward(layer *l, struct network *net)
{
	if (l->type == CONVOLUTIONAL)
		backward_conv(l, net);
	else if (l->type == CONNECTED)
		backward_connected(l, net);
	else if (l->type == BATCHNORM)
		backward_batchnorm(l, net);
	else if (l->type == MAXPOOL)
		backward_maxpool(l, net);
	else if (l->type == DROPOUT)
		backward_dropout(l, net);
	else
		l->backward(*l, *net);
}
