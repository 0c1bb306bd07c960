/*
 * Scores within a context: a value is compared with those reference values
 * alone that were measured under like circumstances, as in the same hour of
 * the day. With the n_c reference values of its pool, one context or several,
 *
 *	p = (#{ref_c < x} + U) / (n_c + 1)
 *	z = normal quantile of p
 *
 * where U is by the bits of x (nscore.h): so p is uniform, where the middle of a
 * gap would leave a few values for the many records of a short reference's
 * contexts, those of the stream between and beyond those of the reference. A
 * value that the reference has gets the score that it has there, as if it had
 * been left out, among the n_c - 1 others: so ties are ties of scores, too, and
 * a value of the reference is what an undrifted one of the stream is. What
 * differs between the pools, the mean, the spread or the whole distribution, is
 * not left in z, so that one detector serves for all of them.
 */
#ifndef CONTEXT_H
#define CONTEXT_H

#include <stddef.h>
#include <stdint.h>

#include "detect/nscore.h"

/* What a reference teaches, for all that begin with it. */
struct context {
	size_t pools, width;  /* width: values of a record */
	struct nscore *score; /* pools x width */
	size_t users;
};

/*
 * Learns n rows of width values, none NAN, each of a pool below pools, of
 * which none is empty; and puts their scores into z, n rows. Returns NULL when
 * memory ended. For one user.
 */
struct context *context_new(const double *rows, const uint32_t *pool, size_t n,
    size_t width, size_t pools, double *z);

/* One more user; returns the same, which may be NULL. */
struct context *context_share(struct context *c);

/* The scores of one record: width values. x and z may be the same. */
void context_score(
    const struct context *c, size_t pool, const double *x, double *z);

/* The last user's frees it. NULL is fine. */
void context_free(struct context *c);

#endif
