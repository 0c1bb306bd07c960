/*
 * What an ONNX file says, before anything is understood of it: its nodes in
 * their order, with the names of what they take and make; the arrays that
 * belong to it; what goes in and comes out. Strings are copied, arrays and
 * attributes stay in the file's bytes.
 *
 * A file that is damaged is a message and exit 2. Memory is taken for what was
 * found in the file, and not for what it says that there is.
 */
#ifndef ONNXMODEL_H
#define ONNXMODEL_H

#include <stddef.h>

#include "net/netdims.h"
#include "net/onnx/onnxwire.h"

struct onnxnode {
	size_t number;       /* from 0, as the file has them */
	char *name;          /* "" for none; so it is with the domain */
	char *type, *domain; /* of the operator */
	char **in, **out;    /* names of arrays; "" where one is left out */
	int ins, outs;
	struct onnxwire *attribute;
	int attributes;
};

/* An array that goes in; a dimension that is free is 0. */
struct onnxmodel_input {
	char *name;
	int type; /* of onnxtensor.h; 0: it is no array */
	int ranked;
	struct netdims dims;
};

struct onnxmodel_tensor {
	char *name;
	struct onnxwire message;
};

struct onnxmodel {
	const char *path;
	const unsigned char *bytes; /* the file */
	size_t size;
	long long opset;
	struct onnxnode *node;
	size_t nodes;
	struct onnxmodel_tensor *tensor;
	size_t tensors;
	struct onnxmodel_input *input; /* may name tensors, too */
	size_t inputs;
	char **output;
	size_t outputs;
};

/* A file of more bytes than most, if that is not 0, is refused. */
void onnxmodel_open(struct onnxmodel *m, const char *path, long long most);

/* Gives the pages of arrays in the file back to the system. */
void onnxmodel_drop(const struct onnxmodel *m);

void onnxmodel_close(struct onnxmodel *m);

#endif
