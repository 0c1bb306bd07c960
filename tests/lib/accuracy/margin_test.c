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

/* Undamaged windows said as 0 .. 0.99, and of four kinds one each. */
static void
limits(void)
{
	static const double truth[] = {0.01, 0.02, 0.03, 0.5};
	struct margin_fall w[104];
	double limit[LEARNT_FALLS], scratch[104];

	for (size_t i = 0; i < 104; i++)
		w[i] = i < 100
			   ? (struct margin_fall){0, (double)i / 100, 0}
			   : (struct margin_fall){truth[i - 100], 2, i - 99};
	margin_limits(limit, w, 104, scratch);
	ok(fabs(limit[0] - 0.99) < 1e-12, "the limit of undamaged windows");
	ok(fabs(limit[1] - (0.99 + 2) / 2) < 1e-12, "the mean of two");
	ok(fabs(limit[2] - (0.99 + 4) / 3) < 1e-12, "of three");
	w[102].said = 0;
	margin_limits(limit, w, 104, scratch);
	ok(limit[3] == limit[2], "none is below the one before");
	for (int i = 100; i < 104; i++)
		w[i].said = 0;
	margin_limits(limit, w, 104, scratch);
	ok(limit[3] == 0.99, "or below that of undamaged windows");
	for (int i = 0; i < 104; i++)
		w[i].said = 0;
	margin_limits(limit, w, 104, scratch);
	ok(limit[3] == learnt_falls[3], "or below its fall");
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
