/* Operators with windows that move over images. */
#ifndef ONNXIMAGE_H
#define ONNXIMAGE_H

#include "net/onnx/onnxnode.h"

extern const struct onnxnode_operator onnximage_list[];

#endif
