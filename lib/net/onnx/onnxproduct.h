/* Operators that multiply matrices. */
#ifndef ONNXPRODUCT_H
#define ONNXPRODUCT_H

#include "net/onnx/onnxnode.h"

extern const struct onnxnode_operator onnxproduct_list[];

#endif
