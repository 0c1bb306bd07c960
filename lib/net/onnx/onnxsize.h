/* Operators that make images larger or smaller. */
#ifndef ONNXSIZE_H
#define ONNXSIZE_H

#include "net/onnx/onnxnode.h"

extern const struct onnxnode_operator onnxsize_list[];

#endif
