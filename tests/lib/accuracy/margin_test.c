/*
 * How much further off an estimate is of a new window than of one of the
 * records that it was calibrated by: against populations, records and windows
 * drawn many times.
 */
#include <math.h>

#include "accuracy/margin.h"
#include "stats/rng.h"
#include "tap.h"

enum { RECORDS = 60, WINDOW = 20, TIMES = 40000 };

/* What is said of a record, less whether it is right. */
static double
residual(struct rng *r)
{
	double p = rng_uniform(r);

	return p - (rng_uniform(r) < 0.9 * p);
}

static double
mean(const double *x, int n)
{
	double sum = 0;

	for (int i = 0; i < n; i++)
		sum += x[i];
	return sum / n;
}

/* Falls of three kinds: harmless said as 0 .. 0.99, one said as 2, harmful. */
static void
limits(void)
{
	struct margin_fall w[100 + 1 + 5];
	double limit[LEARNT_FALLS], scratch[100 + 1 + 5];

	for (int i = 0; i < 106; i++)
		w[i] = i < 100   ? (struct margin_fall){0, i / 100., 0}
		       : i < 101 ? (struct margin_fall){0.02, 2, 1}
				 : (struct margin_fall){0.5, 5, 2};
	margin_limits(limit, w, 106, scratch);
	ok(fabs(limit[1] - 0.99) < 1e-12, "the limit of one kind");
	ok(fabs(limit[2] - (0.99 + 2) / 2) < 1e-12, "the mean of two");
	for (int i = 0; i < 100; i++)
		w[i].said = 0.1;
	w[100].said = 0;
	margin_limits(limit, w, 106, scratch);
	ok(limit[1] == 0.1 && limit[2] == 0.1 && limit[6] == 0.2,
	    "not below the one before, or the fall");
}

int
main(void)
{
	double part = 0, drawn = 0, new = 0;
	struct rng r;

	rng_seed(&r, 4, 0);
	for (int t = 0; t < TIMES; t++) {
		double d[RECORDS], w[WINDOW], v[WINDOW], bias;

		for (int i = 0; i < RECORDS; i++)
			d[i] = residual(&r);
		for (int i = 0; i < WINDOW; i++) {
			w[i] = d[rng_below(&r, RECORDS)];
			v[i] = residual(&r);
		}
		bias = mean(d, RECORDS);
		part += pow(mean(d, WINDOW) - bias, 2);
		drawn += pow(mean(w, WINDOW) - bias, 2);
		new += pow(mean(v, WINDOW) - bias, 2);
	}
	ok(fabs(sqrt(new / part) / margin_fresh(RECORDS, WINDOW, 0) - 1) < 0.02,
	    "than of a part of them");
	ok(fabs(sqrt(new / drawn) / margin_fresh(RECORDS, WINDOW, 1) - 1) <
		0.02,
	    "than of one drawn from them");
	limits();
	return done_testing();
}
