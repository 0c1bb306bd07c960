/* Operators that move numbers, and compute none. */
#ifndef ONNXFORM_H
#define ONNXFORM_H

#include "net/onnx/onnxnode.h"

extern const struct onnxnode_operator onnxform_list[];

#endif
