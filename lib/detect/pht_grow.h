/*
 * A short reference of pht.h grows with the stream, until it has as many values
 * as its params say. Frozen, one of 100 is off by so much that the limit has to
 * be twice as high as after one of 1,000; one of 20, a hundred times.
 *
 * It grows by blocks: records are set aside, and once they are a third of the
 * reference, or what it lacks at the end, it is learnt anew with them. A record
 * is set aside only while there is no sign of a change, that is, while the
 * statistic is up to calm (pht_ref.h); one beyond that drops those set aside.
 * So what a change brings is not in the reference until it is detected, unless
 * it is a weak one that takes longer: that is the price, and the reason to
 * freeze the reference when it is long enough. The scores of a block are by a
 * reference without it. All of this is in the simulated runs for the limit
 * (pht_null_simulate), which is one for all sizes that the reference has.
 *
 * A self-starting CUSUM (D. M. Hawkins, The Statistician 36 (1987) 299-315) is
 * the same with blocks of one record, without a pause and an end.
 */
#ifndef PHT_GROW_H
#define PHT_GROW_H

#include "detect/pht_ref.h"

/* By default a reference of fewer values grows, and until it has so many. */
enum { PHT_GROW_SHORTER = 400, PHT_GROW_UPTO = 2000 };

/* What one stream has set aside. */
struct pht_grow {
	struct pht_ref *base; /* the reference that it began with; shared */
	size_t held;          /* values that are set aside */
	double mean, m2;      /* PHT_VALUES: of their scores (pht_ref_join) */
	double *value; /* PHT_RANKS: they; with room for the next block */
	int failed;    /* memory ended */
};

/* Whether it has to grow. */
int pht_grow_wanted(const struct pht_ref *r);

/* NULL when memory ended. */
struct pht_grow *pht_grow_new(struct pht_ref *base);
void pht_grow_free(struct pht_grow *g);

/*
 * Of a stream with the reference r, after the record x: the largest statistic
 * of all directions. Returns the reference from here on: r, or another one for
 * one user, and then r has lost one.
 */
struct pht_ref *pht_grow_add(
    struct pht_grow *g, struct pht_ref *r, double x, double sign);

/* Begins anew: the base, as pht_grow_add returns it. */
struct pht_ref *pht_grow_reset(struct pht_grow *g, struct pht_ref *r);

/*
 * What is set aside, and what of r the base does not give. Returns the
 * reference, as pht_grow_add.
 */
struct pht_ref *pht_grow_state(
    struct pht_grow *g, struct pht_ref *r, struct store *s);

#endif
