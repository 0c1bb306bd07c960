/*
 * Activations of darknet's AlexeyAB branch that darknet itself has not, as
 * that branch defines them (src/activations.h, activations.c there):
 *
 *	mish       x tanh(s(x)), where s(x) = log(exp(x) + 1), and x above 20,
 *	           exp(x) below -20; Misra, BMVC 2020
 *	swish      x / (1 + exp(-x)); Ramachandran et al., arXiv 1710.05941
 *	hard_mish  x above 0, x^2 / 2 + x above -2, 0 below
 *	gelu       x / 2 (1 + tanh(.797885 x + .035677 x^3)); Hendrycks and
 *	           Gimpel, arXiv 1606.08415
 *	relu6      x from 0 to 6, those two beyond
 */
#ifndef NETACT_H
#define NETACT_H

#include <stddef.h>

/* Numbers that darknet's own enum ACTIVATION does not reach. */
enum {
	NETACT_MISH = 1000,
	NETACT_SWISH,
	NETACT_HARD_MISH,
	NETACT_GELU,
	NETACT_RELU6
};

/* The number of the activation of that name, or 0: it is darknet's own. */
int netact_find(const char *name);

/* Whether the number is one of these. */
int netact_is(int activation);

/* Each of n values through the activation, which is one of these. */
void netact_apply(int activation, float *x, size_t n);

#endif
