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

/* Of three kinds, with windows off by 1 to 100, 101 to 200 and 900 to 999. */
static void
width(void)
{
	struct margin_off w[300];
	double scratch[300];

	for (size_t i = 0; i < 300; i++)
		w[i] = (struct margin_off){
		    (double)(i + 1 + (i >= 200 ? 699 : 0)), i / 100};
	ok(margin_width(w, 100, scratch) == 91, "9 of 10 of one kind");
	ok(margin_width(w, 200, scratch) == 181, "of two");
	ok(margin_width(w, 300, scratch) == 191,
	    "95 of 100 of three but the farthest");
	w[99].by = 1e6;
	ok(margin_width(w, 300, scratch) == 192,
	    "which one window does not decide");
	ok(margin_width(w, 0, scratch) == 0, "of none");
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
	width();
	return done_testing();
}
