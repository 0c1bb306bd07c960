/*
 * The last record of a group that is no duplicate, and how near to it one is.
 * Part of dedup.h.
 */
#ifndef DEDUPGROUP_H
#define DEDUPGROUP_H

#include "base/buf.h"
#include "base/store.h"

/* The same for all groups. */
struct dedupgroup_rule {
	size_t d;              /* numbers of a vector */
	size_t reference_size; /* records that a group learns from */
	double quantile;       /* of their distances (stats/pairs.h) */
};

struct dedupgroup {
	double limit;  /* NAN: not known yet */
	double *rows;  /* of the reference, while it is learnt */
	size_t learnt; /* how many */
	int begun;     /* there is a last one */
	double *last;
};

/* Adds the d numbers x to a reference; at its end the limit is found. */
void dedupgroup_learn(
    struct dedupgroup *g, const struct dedupgroup_rule *rule, const double *x);
void dedupgroup_finish(
    struct dedupgroup *g, const struct dedupgroup_rule *rule);

/*
 * A record of the stream, which may still be of the reference. Puts what there
 * is to say of it, an object; returns whether it is a duplicate.
 */
int dedupgroup_put(struct dedupgroup *g, const struct dedupgroup_rule *rule,
    const double *x, struct buf *b);

void dedupgroup_state(
    struct dedupgroup *g, const struct dedupgroup_rule *rule, struct store *s);
void dedupgroup_free(struct dedupgroup *g);

#endif
