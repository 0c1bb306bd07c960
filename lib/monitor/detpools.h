/*
 * The contexts of one reference (detcontext.h), and which of them are compared
 * with each other's records, since they have too few of their own: a pool is
 * one context, or several that are neighbours.
 *
 * Neighbours are next to each other in the order of their values, numbers by
 * size, texts by their bytes, the field that is named first before all others.
 * Of two neighbours that is taken which has more of the first values in common,
 * and then the one with fewer records. Where the first field is an hour or a
 * weekday the last context is the neighbour of the first one.
 */
#ifndef DETPOOLS_H
#define DETPOOLS_H

#include <stddef.h>
#include <stdint.h>

#include "monitor/detcontext.h"

enum { DETPOOLS_FEW = 20 }; /* records; fewer are pooled */

struct detpools {
	uint32_t *pool; /* of each context up to codes; pools: it has none */
	size_t codes, pools;
	size_t contexts;     /* in the reference */
	size_t few;          /* of them that were pooled for it */
	size_t first;        /* the first of these */
	size_t fewest, most; /* records of a pool */
	double rounds;       /* through all pools, in the reference */
	size_t users;
};

/* From the contexts of n > 0 records in their order. For one user. */
struct detpools *detpools_new(
    const struct detcontext *c, const uint32_t *code, size_t n);

/* One more user; returns the same, which may be NULL. */
struct detpools *detpools_share(struct detpools *p);

/* Of the context; -1: the reference has no record of it. */
long detpools_of(const struct detpools *p, size_t code);

/*
 * Says how many there are, and of the first reference with pools, which; group
 * is what messages begin with, or "".
 */
void detpools_say(
    const struct detpools *p, struct detcontext *c, const char *group);

/* The last user's frees it. NULL is fine. */
void detpools_free(struct detpools *p);

#endif
