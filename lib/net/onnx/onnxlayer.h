/* Operators that normalise or sum. */
#ifndef ONNXLAYER_H
#define ONNXLAYER_H

#include "net/onnx/onnxnode.h"

extern const struct onnxnode_operator onnxlayer_list[];

/* The softmax over all numbers but those of the first dimension. */
int onnxlayer_softmax(struct onnxnode_making *m, int x);

#endif
