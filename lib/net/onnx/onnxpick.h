/*
 * Steps that take each of their numbers from one place of a source: made
 * dimension by dimension.
 */
#ifndef ONNXPICK_H
#define ONNXPICK_H

#include "net/onnx/onnxnode.h"

/* A step that makes such an array; nothing is said yet of where from. */
struct onnxstep onnxpick_begin(
    struct onnxnode_making *m, const struct netdims *made);

/*
 * Along dimension d it takes from + i step, in elements of stride; modulo of,
 * if that is not 0.
 */
void onnxpick_range(struct onnxstep *s, int d, long long from, long long step,
    long long of, long long stride);

/* The array in another order of its dimensions. */
int onnxpick_transpose(struct onnxnode_making *m, int x, const int *order);

/* The same numbers in another form. */
int onnxpick_view(struct onnxnode_making *m, int x, const struct netdims *made);

#endif
