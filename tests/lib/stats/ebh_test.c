/* e-BH by its definition, and the share that it bounds at its worst. */
#include <stdlib.h>

#include "stats/ebh.h"
#include "stats/rng.h"
#include "tap.h"

enum { MOST = 12 };

static int
falling(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x < y) - (x > y);
}

/* The largest set of which each has K / (a |set|) or more, of all sets. */
static size_t
by_definition(const double *e, size_t n, double all, double share)
{
	size_t most = 0;

	for (unsigned set = 1; set < 1U << n; set++) {
		size_t k = (size_t)__builtin_popcount(set), good = 0;

		for (size_t i = 0; i < n; i++)
			good += set >> i & 1 &&
				e[i] >= all / (share * (double)k);
		if (good == k && k > most)
			most = k;
	}
	return most;
}

static void
definition(void)
{
	double e[MOST];
	int wrong = 0, some = 0;
	struct rng r;

	rng_seed(&r, 3, 0);
	for (int run = 0; run < 300; run++) {
		size_t n = 1 + (size_t)rng_below(&r, MOST), k;
		double all = (double)(n + rng_below(&r, 3));

		for (size_t i = 0; i < n; i++)
			e[i] = exp(2 + 2 * rng_normal(&r));
		qsort(e, n, sizeof(*e), falling);
		k = ebh_count(e, n, all, .3);
		some += k > 1;
		wrong += k != by_definition(e, n, all, .3);
	}
	ok(wrong == 0 && some > 20, "the largest of all sets");
	ok(ebh_count(e, 0, 10, .1) == 0, "none of none");
}

/*
 * The worst dependence: all of the hypotheses are true, and so many of their
 * e-values are large together that they are rejected. Then all of those are
 * false, which happens in the share of times that is the bound.
 */
static void
worst(void)
{
	enum { K = 20, RUNS = 200000 };
	double e[K], share = .1, sum = 0;
	struct rng r;

	rng_seed(&r, 4, 0);
	for (int run = 0; run < RUNS; run++) {
		size_t k = 1 + rng_below(&r, K);
		double level = K / (share * (double)k);
		int hit = rng_uniform(&r) < share;

		/* Each is one of the k with the chance k / K. */
		for (size_t i = 0; i < K; i++)
			e[i] = i < k && hit ? level : 0;
		sum += ebh_count(e, K, K, share) > 0;
	}
	ok(fabs(sum / RUNS - share) < .003, "a false share of %.4f, for .1",
	    sum / RUNS);
}

int
main(void)
{
	definition();
	worst();
	return done_testing();
}
