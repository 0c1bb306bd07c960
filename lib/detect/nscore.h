/*
 * Normal scores: the value's rank in a reference, as a standard normal value.
 *
 *	p = (#{ref < x} + U (#{ref = x} + 1)) / (n + 1)
 *	z = quantile of p
 *
 * U is 1/2, or uniform by a generator seeded by the caller's seed and the
 * order of the reference. p keeps (1/2) / (n + 1) away from 0 and 1, as it
 * does with 1/2. Or U is by the bits of x, which are about uniform and keep away
 * from nothing: so the scores of a short reference are no few that return. What
 * the reference has is then scored as it is there, among the n - 1 others, so
 * that ties of reference and stream are ties of their scores:
 *
 *	p = (#{ref < x} + #{ref = x} / 2) / n,	by the bits where it has one
 *
 * No unit, mean or deviation is left in it. While reference and stream are
 * exchangeable and have no ties, the distribution of all the scores is the same
 * for every distribution, and any increasing transform leaves them as they are.
 * Ties take from the spread of the scores and so make alarms rarer.
 */
#ifndef NSCORE_H
#define NSCORE_H

#include <stddef.h>

#include "stats/rng.h"

enum {
	NSCORE_RANDOM = 1,  /* U is uniform */
	NSCORE_SQUARES = 2, /* nscore_square will be used */
	NSCORE_BITS = 4     /* U is of the value's bits; by itself */
};

/* A reference, for all that were given it. */
struct nscore_ref {
	double *value; /* n, ascending, and a few that are infinite */
	double *score; /* 2 n + 1: that of each half rank; NULL: U differs */
	double *below; /* n + 2: the integral of z^2 up to each gap, SQUARES */
	/*
	 * Where to look for a value: n cells of equal width from the first
	 * value to the last, each with the number of values in those before
	 * it. NULL when the reference has no width.
	 */
	uint32_t *guide;
	double scale; /* cells in a unit */
	size_t n, users;
};

struct nscore {
	struct nscore_ref *ref; /* shared */
	struct rng *rng;        /* of U where it is random; owned */
};

/*
 * A seed of each reference's own, so that its tied values don't meet the same
 * luck in every one: by the pattern of its rises and falls, which increasing
 * transforms leave as it is.
 */
uint64_t nscore_seed(uint64_t seed, const double *ref, size_t n);

/*
 * Learns n >= 1 values, none NAN. Returns 0, or -1 when memory ended.
 */
int nscore_init(
    struct nscore *s, const double *ref, size_t n, int flags, uint64_t seed);

/*
 * With the reference of another one, and the U that it will have. Returns 0,
 * or -1 when memory ended; nscore_free in either case.
 */
int nscore_share(struct nscore *s, const struct nscore *other);

double nscore_of(struct nscore *s, double x);

/* The U of a value's bits, 0 < U < 1. */
double nscore_bits(double x);

/*
 * The square of the score, which is in *z: with U = 1/2 its mean over all U,
 * and so 1 on average whatever the ties.
 */
double nscore_square(struct nscore *s, double x, double *z);

/* What the reference does not give. */
void nscore_state(struct nscore *s, struct store *to);

void nscore_free(struct nscore *s);

#endif
