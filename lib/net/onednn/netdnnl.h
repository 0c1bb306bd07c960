/*
 * The operations of a network's layers, as oneDNN has them. Each adds its step
 * to s and returns the value that it makes, or -1 when the library has no such
 * operation for such shapes. Weights are copied.
 *
 * Foreign: oneDNN; netrun.h runs what is made here.
 */
#ifndef NETDNNL_H
#define NETDNNL_H

struct netsteps;

/*
 * On an arm64 processor with vectors of 512 bits oneDNN 2.6 forgets mish when it
 * follows a convolution, and says nothing.
 */
#ifdef __aarch64__
#define NETDNNL_HAS_MISH 0
#else
#define NETDNNL_HAS_MISH 1
#endif

/* y = scale f(x) + shift; the meaning of alpha and beta is f's. */
struct netdnnl_act {
	enum {
		NETDNNL_LINEAR,   /* x */
		NETDNNL_RELU,     /* x > 0 ? x : alpha x */
		NETDNNL_ELU,      /* x > 0 ? x : alpha (exp(x) - 1) */
		NETDNNL_LOGISTIC, /* 1 / (1 + exp(-x)) */
		NETDNNL_TANH,
		NETDNNL_MISH,  /* x tanh(log(1 + exp(x))) */
		NETDNNL_SWISH, /* x / (1 + exp(-alpha x)) */
		NETDNNL_GELU,  /* by tanh, as in netact.h */
		NETDNNL_CLIP,  /* alpha where x is less, beta where more */
		NETDNNL_GELU_ERF,
		NETDNNL_HARDSWISH /* x (x / 6 + 1 / 2, from 0 to 1) */
	} f;
	float alpha, beta, scale, shift;
};

/*
 * A rectangle that moves over an image, from pad before its first row on; of
 * each dimension, rows first. step: from one of its rows to the next, 1 mostly.
 */
struct netdnnl_window {
	int size[2], stride[2], pad[2], step[2];
	int out[2];
};

/* weights: filters x channels / groups x height x width; bias: filters. */
int netdnnl_conv(struct netsteps *s, int src, const struct netdnnl_window *w,
    int filters, int groups, const float *weights, const float *bias,
    const struct netdnnl_act *act);

/* weights: outputs x inputs; bias: outputs. */
int netdnnl_connected(struct netsteps *s, int src, int outputs,
    const float *weights, const float *bias, const struct netdnnl_act *act);

/* The same of each of so many rows in plain order, as they are made, too. */
int netdnnl_rows(struct netsteps *s, int src, int rows, int outputs,
    const float *weights, const float *bias, const struct netdnnl_act *act);

/*
 * The largest value, or the mean, of what of the window lies in the image; or
 * the mean with zeros around the image.
 */
int netdnnl_maxpool(
    struct netsteps *s, int src, const struct netdnnl_window *w);
int netdnnl_avgpool(
    struct netsteps *s, int src, const struct netdnnl_window *w);
int netdnnl_padpool(
    struct netsteps *s, int src, const struct netdnnl_window *w);

/* x (k + alpha / size sum of x^2)^-beta, of the channels around; size is odd. */
int netdnnl_lrn(
    struct netsteps *s, int src, int size, float alpha, float beta, float k);

int netdnnl_activate(
    struct netsteps *s, int src, const struct netdnnl_act *act);

/*
 * For netmerge.c: the operation of that description (dnnl_..._desc_t), with a
 * function of what it makes; NULL when the library has none.
 */
struct dnnl_primitive_desc;
struct dnnl_primitive_desc *netdnnl_choose(
    struct netsteps *s, const void *op, const struct netdnnl_act *act);

#endif
