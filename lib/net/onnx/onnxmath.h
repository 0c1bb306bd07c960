/* Operators on each number by itself. */
#ifndef ONNXMATH_H
#define ONNXMATH_H

#include "net/onnx/onnxnode.h"

/* The sum of two arrays. */
int onnxmath_add(struct onnxnode_making *m, int a, int b);

/* The array times a number. */
int onnxmath_scale(struct onnxnode_making *m, int x, double factor);

extern const struct onnxnode_operator onnxmath_list[];

#endif
