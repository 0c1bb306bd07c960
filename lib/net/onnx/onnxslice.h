/* Operators that take parts of an array. */
#ifndef ONNXSLICE_H
#define ONNXSLICE_H

#include "net/onnx/onnxnode.h"

extern const struct onnxnode_operator onnxslice_list[];

#endif
