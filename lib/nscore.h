/*
 * Normal scores: the value's rank in a reference, as a standard normal value.
 *
 *	p = (#{ref < x} + U (#{ref = x} + 1)) / (n + 1)
 *	z = quantile of p
 *
 * U is 1/2, or uniform by a generator seeded by the caller's seed and the
 * order of the reference. p keeps (1/2) / (n + 1) away from 0 and 1, as it
 * does with 1/2.
 *
 * No unit, mean or deviation is left in it. While reference and stream are
 * exchangeable and have no ties, the law of all the scores is the same for
 * every distribution, and any increasing transform leaves them as they are.
 * Ties take from the spread of the scores and so make alarms rarer.
 */
#ifndef NSCORE_H
#define NSCORE_H

#include <stddef.h>

#include "rng.h"

struct nscore {
	double *ref; /* owned, ascending */
	size_t n;
	int random; /* U is uniform */
	struct rng rng;
};

/*
 * Learns n >= 1 values, none NAN. Returns 0, or -1 when memory ended.
 */
int nscore_init(
    struct nscore *s, const double *ref, size_t n, int random, uint64_t seed);

double nscore_of(struct nscore *s, double x);

/*
 * The square of the score, which is in *z: with U = 1/2 its mean over all U,
 * and so 1 on average whatever the ties.
 */
double nscore_square(struct nscore *s, double x, double *z);

/* What the reference does not give. */
void nscore_state(struct nscore *s, struct store *to);

void nscore_free(struct nscore *s);

#endif
