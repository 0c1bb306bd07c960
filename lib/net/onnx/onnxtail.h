/*
 * What follows a step and can go along with it in the same pass: a scale and a
 * shift of each channel in the weights, a bias, a function of the result.
 */
#ifndef ONNXTAIL_H
#define ONNXTAIL_H

#include "net/onednn/netdnnl.h"

struct onnxgraph;
struct onnxstep;
struct onnxstep_unary;
struct onnxuse;

struct onnxtail {
	const struct onnxstep *affine, *added; /* or NULL */
	struct netdnnl_act act;
	int end; /* the array that is made of it all */
};

struct onnxtail onnxtail_find(
    const struct onnxuse *u, const struct onnxstep *s);

/* The function as oneDNN has it; -1 when it has not. */
int onnxtail_function(const struct onnxstep_unary *u, struct netdnnl_act *act);

/* A constant as floats, to be freed. The file's pages are given back. */
float *onnxtail_floats(const struct onnxgraph *g, int array);

/*
 * Weights and biases of a step with so many outputs, with what follows in
 * them; to be freed.
 */
struct onnxtail_weights {
	float *w, *bias;
};
struct onnxtail_weights onnxtail_weights(const struct onnxuse *u,
    const struct onnxstep *s, const struct onnxtail *t, long long outputs);

#endif
