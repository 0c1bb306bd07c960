/*
 * The operations of a network's layers, as oneDNN has them. Each adds its step
 * to s and returns the value that it makes, or -1 when the library has no such
 * operation for such shapes. Weights are copied.
 *
 * Foreign: oneDNN; netsteps.h runs what is made here.
 */
#ifndef NETDNNL_H
#define NETDNNL_H

struct netsteps;

/* y = scale f(x) + shift; the meaning of alpha and beta is f's. */
struct netdnnl_act {
	enum {
		NETDNNL_LINEAR,   /* x */
		NETDNNL_RELU,     /* x > 0 ? x : alpha x */
		NETDNNL_ELU,      /* x > 0 ? x : alpha (exp(x) - 1) */
		NETDNNL_LOGISTIC, /* 1 / (1 + exp(-x)) */
		NETDNNL_TANH,
		NETDNNL_CLIP /* alpha where x is less, beta where more */
	} f;
	float alpha, beta, scale, shift;
};

/* A square that moves over an image, from pad before its first row on. */
struct netdnnl_window {
	int height, width, stride, pad;
	int out_height, out_width;
};

/* weights: filters x channels / groups x height x width; bias: filters. */
int netdnnl_conv(struct netsteps *s, int src, const struct netdnnl_window *w,
    int filters, int groups, const float *weights, const float *bias,
    const struct netdnnl_act *act);

/* weights: outputs x inputs; bias: outputs. */
int netdnnl_connected(struct netsteps *s, int src, int outputs,
    const float *weights, const float *bias, const struct netdnnl_act *act);

/* The largest value, or the mean, of what of the window lies in the image. */
int netdnnl_maxpool(
    struct netsteps *s, int src, const struct netdnnl_window *w);
int netdnnl_avgpool(
    struct netsteps *s, int src, const struct netdnnl_window *w);

/* a + b, of the same shape. */
int netdnnl_add(
    struct netsteps *s, int a, int b, const struct netdnnl_act *act);

/* The channels of several images of one size. */
int netdnnl_concat(struct netsteps *s, const int *src, int n);

int netdnnl_activate(
    struct netsteps *s, int src, const struct netdnnl_act *act);

#endif
