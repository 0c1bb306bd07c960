/* lag: by hand; its level on independent series, and what it sees. */
#include <stdint.h>

#include "stats/lag.h"
#include "stats/rng.h"
#include "tap.h"

enum { N = 400, RUNS = 4000 };

static void
by_hand(void)
{
	/* Shares 1/2, 1/4, 1/4; 4 of 7 are the same as the one before. */
	static const double c[] = {0, 0, 0, 7, 7, 2, 2, 0};
	static const double one[] = {3, 3, 3};
	struct lag l;

	ok(lag_of_codes(&l, c, 8) == 0, "classes");
	near(l.r, (4. / 7 - 3. / 8) / (5. / 8), 1e-12, "their r");
	near(l.z, (4. / 7 - 3. / 8) * sqrt(8 / (3. / 8 + 9. / 64 - 10. / 32)),
	    1e-12, "in deviations");
	lag_of_codes(&l, one, 3);
	ok(l.r == 0 && l.z == 0, "one class does not vary");
	near(lag_worth(&(struct lag){0.5, 9}, 300), 100, 1e-12, "worth");
}

/* The share of series with z above a bound, and the mean r. */
static double
share(double phi, int classes, double bound, double *mean)
{
	double x[N], found = 0;
	struct lag l;
	struct rng r;

	rng_seed(&r, 3, 0);
	*mean = 0;
	for (int k = 0; k < RUNS; k++) {
		for (int i = 0; i < N; i++) {
			int stays = i > 0 && rng_uniform(&r) < phi;
			double own = floor(
			    rng_uniform(&r) * rng_uniform(&r) * classes);

			x[i] = stays ? x[i - 1] : own;
		}
		lag_of_codes(&l, x, N);
		found += l.z > bound;
		*mean += l.r / RUNS;
	}
	return found / RUNS;
}

int
main(void)
{
	double mean, of;

	by_hand();
	for (int classes = 6; classes < 20; classes += 6) {
		of = share(0, classes, 2, &mean);
		ok(of > 0.014 && of < 0.034 && fabs(mean) < 0.005,
		    "%d classes, independent: beyond 2 in %.4f, mean %.4f",
		    classes, of, mean);
		of = share(0.3, classes, 3, &mean);
		ok(of > 0.95 && fabs(mean - 0.3) < 0.02,
		    "0.3: found in %.3f, mean %.3f", of, mean);
	}
	return done_testing();
}
