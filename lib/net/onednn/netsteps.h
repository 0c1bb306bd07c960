/*
 * A network for one image as oneDNN runs it: values, and the steps that make
 * them one after the other; netrun.h runs them. A value has the layout that the
 * step before liked best; a reorder stands where the next wants another. Values
 * that are not needed at the same time share their memory.
 *
 * One image at a time is no loss: the kernels come as near to the processor's
 * peak as for many, what they work on stays in the nearer caches, and answers
 * can't depend on the batch. Nor do they on the threads: those share the
 * outputs among them and never a sum.
 *
 * What the library fails in is a message and exit 2.
 * Foreign: oneDNN; netdnnl.h has the operations.
 */
#ifndef NETSTEPS_H
#define NETSTEPS_H

#include <stddef.h>

#include "net/netdims.h"

struct netsteps;

/* threads is of each step. */
struct netsteps *netsteps_new(int threads);
void netsteps_free(struct netsteps *s);

/* What goes in. */
int netsteps_input(struct netsteps *s, const struct netdims *shape);

/* A value that does not change. Its data, in plain order, are copied. */
int netsteps_fixed(
    struct netsteps *s, const float *data, const struct netdims *shape);

/*
 * The same values in another form of as many, without a step of its own: in
 * plain order; and where each dimension goes on after stride of the values in
 * the order that they had.
 */
int netsteps_view(struct netsteps *s, int value, const struct netdims *shape);
int netsteps_strided(struct netsteps *s, int value, const struct netdims *shape,
    const long long *stride);

/*
 * A step of the caller's. in holds the sources' arrays, in plain order, and
 * out takes the result.
 */
typedef void netsteps_fn(
    void *ctx, int index, const float *const *in, float *out);
int netsteps_call(struct netsteps *s, const int *src, int n,
    const struct netdims *shape, netsteps_fn *call, void *ctx, int index);

/* Keeps a value until the end of a run. Returns its like in plain order. */
int netsteps_keep(struct netsteps *s, int value);

/* After the last step: finds out which values can share their memory. */
void netsteps_done(struct netsteps *s);

/* For netdnnl.c, with layouts as in netlayout.h. */
struct dnnl_engine;
struct dnnl_primitive;
struct dnnl_primitive_desc;

struct netsteps_arg {
	int number; /* DNNL_ARG_... */
	int value;
};

enum { NETSTEPS_ARGS = 64 }; /* sources of a step at most */

struct dnnl_engine *netsteps_engine(const struct netsteps *s);
const void *netsteps_layout(const struct netsteps *s, int value);

/* A value that does not change: data, copied from one layout to another. */
int netsteps_constant(
    struct netsteps *s, const float *data, const void *from, const void *to);

/* The value in a layout; and its memory taken for that of another. */
int netsteps_bring(struct netsteps *s, int value, const void *layout);
int netsteps_alias(struct netsteps *s, int value, const void *layout);

/*
 * Adds a step with these sources, each brought into the layout that it wants,
 * and takes pd over. Returns the value that the step makes.
 */
int netsteps_add(struct netsteps *s, struct dnnl_primitive_desc *pd,
    const struct netsteps_arg *arg, int n);

/* For netrun.c: what was made. */
enum { NETSTEPS_NONE = -1, NETSTEPS_INPUT = 0 };

struct netsteps_value {
	void *layout;
	int of;          /* the value whose memory it shares, or itself */
	float *constant; /* its data, when it is one */
	int last;        /* the step that needs it last, of those that share */
	int buffer;      /* NETSTEPS_NONE for the input and constants */
};

struct netsteps_step {
	struct dnnl_primitive *primitive; /* NULL for a call */
	void *scratch; /* layout of what it needs beside its arguments */
	netsteps_fn *call;
	void *ctx;
	int index;
	struct netsteps_arg *arg; /* the sources, and then what is made */
	int n;
};

struct netsteps {
	struct dnnl_engine *engine;
	int threads;
	struct netsteps_value *value; /* the first is the input */
	struct netsteps_step *step;
	int values, steps;
	size_t *size; /* of each buffer */
	int buffers;
};

#endif
