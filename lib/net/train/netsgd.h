/*
 * Stochastic gradient descent with momentum on the cross-entropy of a softmax,
 * as darknet does it: v = momentum v + gradient - decay w, w += rate v.
 * A batch is shared out to the jobs' threads, each with its own activations
 * and batch-norm statistics; the gradients are added in the order of the jobs,
 * so that the result depends on their number and not on time.
 */
#ifndef NETSGD_H
#define NETSGD_H

#include <stddef.h>

struct nettrain;
struct netdata_images;

struct netsgd_score {
	size_t right;
	double loss; /* mean cross-entropy */
};

/* One step on images 0 .. batch - 1. Returns their mean loss. */
double netsgd_step(
    struct nettrain *t, const struct netdata_images *im, double rate);

/* Classifies images 0 .. n - 1 as net_predict would. */
struct netsgd_score netsgd_test(
    struct nettrain *t, const struct netdata_images *im, size_t n);

#endif
