/*
 * An array that does not change, as an ONNX file holds it (its TensorProto) or
 * as it follows from others. Of two kinds: floats, and whole numbers of 64
 * bits. Half, double and brain floats become floats; integers of other sizes
 * and truth values whole numbers.
 */
#ifndef ONNXTENSOR_H
#define ONNXTENSOR_H

#include <stdint.h>

#include "net/netdims.h"
#include "net/onnx/onnxwire.h"

/* Of ONNX's element types those that are known. */
enum onnxtensor_type {
	ONNXTENSOR_FLOAT = 1,
	ONNXTENSOR_UINT8 = 2,
	ONNXTENSOR_INT8 = 3,
	ONNXTENSOR_UINT16 = 4,
	ONNXTENSOR_INT16 = 5,
	ONNXTENSOR_INT32 = 6,
	ONNXTENSOR_INT64 = 7,
	ONNXTENSOR_BOOL = 9,
	ONNXTENSOR_HALF = 10,
	ONNXTENSOR_DOUBLE = 11,
	ONNXTENSOR_UINT32 = 12,
	ONNXTENSOR_UINT64 = 13,
	ONNXTENSOR_BRAIN = 16
};

struct onnxtensor {
	struct netdims dims;
	int whole;                /* int64_t; else float */
	const unsigned char *raw; /* floats in the file, not aligned; or NULL */
	void *own;                /* the numbers, when there is no raw */
};

/* Whether the type is one of floats: 1; 0 one of whole numbers; -1 neither. */
int onnxtensor_is_float(int type);

/*
 * Reads a TensorProto. NULL, or what is wrong with it; no memory is taken for
 * numbers that are not in the file. raw points into the message.
 */
const char *onnxtensor_read(struct onnxtensor *t, struct onnxwire message);

/* Room for new numbers, all 0. */
void onnxtensor_make(
    struct onnxtensor *t, const struct netdims *dims, int whole);

/* A copy as floats, to be freed. */
float *onnxtensor_floats(const struct onnxtensor *t);

/* One of the numbers; of a float, without what follows the point. */
int64_t onnxtensor_whole(const struct onnxtensor *t, long long i);
double onnxtensor_real(const struct onnxtensor *t, long long i);

void onnxtensor_free(struct onnxtensor *t);

#endif
