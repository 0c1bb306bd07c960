/*
 * What ONNX's operators come down to: a few kinds of step, each of which makes
 * one array of floats. A step knows all that its arithmetic needs (onnxcalc.h),
 * so that none of ONNX's rules is left: no attributes, no broadcasting, no
 * versions.
 */
#ifndef ONNXSTEP_H
#define ONNXSTEP_H

#include <stddef.h>

#include "net/netdims.h"

enum onnxstep_kind {
	ONNXSTEP_VIEW,    /* the same numbers in another form */
	ONNXSTEP_UNARY,   /* a function of each number */
	ONNXSTEP_BINARY,  /* of two, repeated where one has fewer */
	ONNXSTEP_AFFINE,  /* x * scale + shift, by channel; in: x, those */
	ONNXSTEP_PICK,    /* each number is one of x, or a constant */
	ONNXSTEP_CONCAT,  /* one after the other */
	ONNXSTEP_REDUCE,  /* over some dimensions */
	ONNXSTEP_SOFTMAX, /* and its logarithm */
	ONNXSTEP_NORM,    /* to mean 0 and deviation 1; in: x, scale, shift */
	/* From here on a number takes more than those it is made of. */
	ONNXSTEP_LRN,    /* across channels, Krizhevsky et al. 2012 */
	ONNXSTEP_MATMUL, /* in: a, b, and what is added to each row */
	ONNXSTEP_CONV,   /* in: x, weights, bias */
	ONNXSTEP_POOL,
	ONNXSTEP_RESIZE /* linear, of planes */
};

/* f(x) * scale + shift; a and b are f's. */
struct onnxstep_unary {
	enum {
		ONNXSTEP_LINEAR,      /* x */
		ONNXSTEP_RELU,        /* x > 0 ? x : a x */
		ONNXSTEP_ELU,         /* x > 0 ? x : a (exp(x) - 1) */
		ONNXSTEP_CELU,        /* x > 0 ? x : a (exp(x / a) - 1) */
		ONNXSTEP_CLIP,        /* a where x is less, b where more */
		ONNXSTEP_SIGMOID,     /* 1 / (1 + exp(-x)) */
		ONNXSTEP_HARDSIGMOID, /* a x + b, from 0 to 1 */
		ONNXSTEP_HARDSWISH,   /* x (x / 6 + 1 / 2, from 0 to 1) */
		ONNXSTEP_SWISH,       /* x / (1 + exp(-x)) */
		ONNXSTEP_TANH,
		ONNXSTEP_GELU,      /* x / 2 (1 + erf(x / sqrt(2))) */
		ONNXSTEP_GELU_TANH, /* its approximation by tanh */
		ONNXSTEP_MISH,      /* x tanh(log(1 + exp(x))) */
		ONNXSTEP_SOFTPLUS,  /* log(1 + exp(x)) */
		ONNXSTEP_SOFTSIGN,  /* x / (1 + |x|) */
		ONNXSTEP_ERF,
		ONNXSTEP_EXP,
		ONNXSTEP_LOG,
		ONNXSTEP_ABS,
		ONNXSTEP_FLOOR,
		ONNXSTEP_CEIL,
		ONNXSTEP_ROUND,
		ONNXSTEP_POW,   /* x to the power of a */
		ONNXSTEP_INVERT /* a / x */
	} f;
	float a, b, scale, shift;
};

struct onnxstep_binary {
	enum {
		ONNXSTEP_ADD,
		ONNXSTEP_SUB,
		ONNXSTEP_MUL,
		ONNXSTEP_DIV,
		ONNXSTEP_MIN,
		ONNXSTEP_MAX,
		ONNXSTEP_POWER,
		ONNXSTEP_PRELU /* x > 0 ? x : y x */
	} f;
	struct netdims dims;                        /* of the result */
	long long a[NETDIMS_RANK], b[NETDIMS_RANK]; /* steps in the sources */
};

/*
 * The number at (i, j, ...) is x[at[0][i] + at[1][j] + ...], or fill where one
 * of these is negative.
 */
struct onnxstep_pick {
	struct netdims dims;
	long long *at[NETDIMS_RANK];
	double fill;
};

struct onnxstep_reduce {
	enum { ONNXSTEP_MEAN, ONNXSTEP_SUM, ONNXSTEP_LARGEST } f;
	long long outs, ins;
	long long *from, *over; /* out i: all x[from[i] + over[j]] */
	int trailing;           /* what is reduced lies together, in order */
};

struct onnxstep_rows {
	long long outer, n, inner; /* outer x n x inner; along n */
	int log;
	float epsilon;
};

struct onnxstep_lrn {
	long long images, channels, plane;
	int size;
	float alpha, beta, bias;
};

struct onnxstep_matmul {
	long long batch, m, k, n;
	long long *a, *b; /* where the matrices of each product begin */
	int b_turned;     /* b is n x k */
};

struct onnxstep_window {
	int images, channels, filters, groups; /* filters: of a convolution */
	int in[2], out[2];
	int size[2], stride[2], pad[2], after[2], step[2];
	enum { ONNXSTEP_POOL_MAX, ONNXSTEP_POOL_MEAN, ONNXSTEP_POOL_PADDED } f;
};

struct onnxstep_resize {
	long long planes;
	int in[2], out[2];
	int *low[2];    /* of each row and column, the one before */
	float *part[2]; /* and what the one after it counts */
};

enum { ONNXSTEP_NONE = -1 };

struct onnxstep {
	enum onnxstep_kind kind;
	int *in; /* numbers of arrays; ONNXSTEP_NONE: left out */
	int ins;
	int out;
	long long count; /* numbers that are made */
	union {
		struct onnxstep_unary unary;
		struct onnxstep_binary binary;
		struct onnxstep_pick pick;
		struct onnxstep_reduce reduce;
		struct onnxstep_rows rows; /* also of CONCAT, AFFINE, NORM */
		struct onnxstep_lrn lrn;
		struct onnxstep_matmul matmul;
		struct onnxstep_window window;
		struct onnxstep_resize resize;
	};
	long long *part; /* of CONCAT: numbers of each source, each time */
};

void onnxstep_free(struct onnxstep *s);

#endif
