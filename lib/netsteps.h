/*
 * A network for one image as oneDNN runs it: values, and the steps that make
 * them one after the other. A value has the layout that the step before liked
 * best; a reorder stands where the next wants another. Values that are not
 * needed at the same time share their memory.
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

struct netsteps;

/* threads is of each step. */
struct netsteps *netsteps_new(int threads);
void netsteps_free(struct netsteps *s);

/* The image that goes in: channels x height x width. */
int netsteps_input(struct netsteps *s, int c, int h, int w);

/*
 * A step of the caller's. in holds the sources' arrays, by channels, rows and
 * columns, and out takes the result.
 */
typedef void netsteps_fn(
    void *ctx, int index, const float *const *in, float *out);
int netsteps_call(struct netsteps *s, const int *src, int n, int c, int h,
    int w, netsteps_fn *call, void *ctx, int index);

/* Keeps a value until the end of a run. Returns its like in the order above. */
int netsteps_keep(struct netsteps *s, int value);

/* After the last step: finds the memory for runs at the same time. */
void netsteps_done(struct netsteps *s, int runs);

/*
 * One image. Several threads may do so, each with a number of its own for run,
 * from 0; the caller's steps, too, may then run at the same time.
 */
void netsteps_run(struct netsteps *s, int run, const float *input);

/* A kept value, as the last run of that number left it. */
const float *netsteps_value(const struct netsteps *s, int run, int value);

/* For netdnnl.c; layouts are those of netlayout.h. */
struct dnnl_engine;
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

/*
 * Adds a step with these sources, each brought into the layout that it wants,
 * and takes pd over. Returns the value that the step makes.
 */
int netsteps_add(struct netsteps *s, struct dnnl_primitive_desc *pd,
    const struct netsteps_arg *arg, int n);

#endif
