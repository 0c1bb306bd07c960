/* The limit: which maximum it is, and that it keeps its promise. */
#include <stdlib.h>

#include "limit/calib.h"
#include "tap.h"

/* The limit of 1 .. b in a shuffled order. */
static double
of_ranks(size_t b, double q)
{
	double *x = malloc((b + 1) * sizeof(*x)), limit;

	if (x == NULL)
		exit(1);
	for (size_t i = 0; i < b; i++)
		x[i] = (double)(i * 7919 % b + 1); /* 7919 is prime */
	limit = calib_limit(x, b, q);
	for (size_t i = 1; i < b; i++)
		if (x[i - 1] > x[i])
			limit = NAN; /* they are left sorted */
	free(x);
	return limit;
}

static void
ranks(void)
{
	double bad[3] = {1, NAN, 2}, none[3] = {-INFINITY, -INFINITY, 0};

	near(of_ranks(1999, .05), 1900, 0, "1900th of 1999 for .05");
	near(of_ranks(1999, .025), 1950, 0, "1950th for .025");
	near(of_ranks(1999, .5), 1000, 0, "1000th for .5");
	near(of_ranks(19, .05), 19, 0, "the largest of 19");
	ok(isnan(of_ranks(18, .05)), "18 are too few");
	ok(isnan(of_ranks(0, .05)), "none are");
	near(of_ranks(100, .05), 96, 0, "rounds to the safe side");
	ok(isnan(calib_limit(bad, 3, .5)), "a run that failed");
	ok(isinf(calib_limit(none, 3, .5)), "runs without a statistic");
}

static void
enough_lives(void)
{
	int good = 1;

	for (double q = .5; q > 1e-6; q /= 1.7) {
		size_t b = calib_runs(q, 10000), rank;

		rank = (size_t)ceil((double)(b + 1) * (1 - q) - 1e-9);
		good &= b >= 4999 && b - rank >= 19;
	}
	ok(good, "at least 19 runs lie above the limit");
}

/*
 * The promise holds whatever B is, since the real maximum is one more of the
 * same kind: P = 1 - rank / (B + 1), exactly. 400,000 tries see it.
 */
static void
promise(size_t b, double q, double exact)
{
	double x[64], share;
	int above = 0, tries = 400000;
	struct rng r;

	rng_seed(&r, 6, b);
	for (int i = 0; i < tries; i++) {
		for (size_t k = 0; k < b; k++)
			x[k] = rng_uniform(&r);
		above += rng_uniform(&r) > calib_limit(x, b, q);
	}
	share = (double)above / tries;
	ok(exact <= q + 1e-12 &&
		fabs(share - exact) < 4 * sqrt(exact * (1 - exact) / tries),
	    "with %zu runs %.4f of tries exceed the limit for %g", b, share, q);
}

int
main(void)
{
	ranks();
	enough_lives();
	promise(19, .05, .05);
	promise(25, .1, 2. / 26);
	return done_testing();
}
