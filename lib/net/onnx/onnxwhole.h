/*
 * Whole numbers in a network: the dimensions of arrays, as some operators
 * compute them. They never depend on the image.
 */
#ifndef ONNXWHOLE_H
#define ONNXWHOLE_H

#include "net/onnx/onnxnode.h"

extern const struct onnxnode_operator onnxwhole_list[];

/* The common form of two arrays; -1 when there is none. */
int onnxwhole_broadcast(
    const struct netdims *a, const struct netdims *b, struct netdims *made);

/* Whether an array has whole numbers. */
int onnxwhole_is(const struct onnxnode_making *m, int array);

/* A function of onnxstep_binary on two such arrays. */
int onnxwhole_binary(struct onnxnode_making *m, int f, int a, int b);

/* The array as floats or as whole numbers: itself when it is that. */
int onnxwhole_to_float(struct onnxnode_making *m, int array);
int onnxwhole_from_float(struct onnxnode_making *m, int array);

#endif
