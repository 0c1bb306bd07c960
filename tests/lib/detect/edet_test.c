/* What makes the e-value one: its mean without drift; and what it is by. */
#include <stdlib.h>
#include <string.h>

#include "detect/edet.h"
#include "stats/rng.h"
#include "tap.h"

/* The next permutation in the order of a dictionary; 0 after the last. */
static int
permute(double *x, int n)
{
	int i = n - 2, j = n - 1;
	double swap;

	while (i >= 0 && x[i] > x[i + 1])
		i--;
	if (i < 0)
		return 0;
	while (x[j] < x[i])
		j--;
	swap = x[i];
	x[i] = x[j];
	x[j] = swap;
	for (i++, j = n - 1; i < j; i++, j--) {
		swap = x[i];
		x[i] = x[j];
		x[j] = swap;
	}
	return 1;
}

static double
e_value(const struct edet *d)
{
	double stat;

	edet_value(d, &stat);
	return pow(10, stat);
}

/* Every order of reference and stream is as likely: not one may be left out. */
static void
every_order(int n, int t)
{
	double x[9], sum[9] = {0}, worst = 0;
	int orders = 0;

	for (int i = 0; i < n + t; i++)
		x[i] = i;
	do {
		struct edet d;

		edet_init(&d, NULL, x, (size_t)n);
		for (int i = 0; i < t; i++) {
			edet_add(&d, x[n + i]);
			sum[i] += e_value(&d);
		}
		edet_free(&d);
		orders++;
	} while (permute(x, n + t));
	for (int i = 0; i < t; i++)
		worst = fmax(worst, fabs(sum[i] / orders - 1));
	ok(worst < 1e-12, "the mean is 1 over all %d orders of %d and %d",
	    orders, n, t);
}

/* Values that are mostly ties, over many references of their own. */
static void
with_ties(int values)
{
	enum { N = 12, T = 6, RUNS = 40000 };
	double ref[N], sum = 0, squares = 0, mean, error;
	struct rng r;

	rng_seed(&r, 5, (uint64_t)values);
	for (int run = 0; run < RUNS; run++) {
		struct edet d;
		double e;

		for (int i = 0; i < N; i++)
			ref[i] = (double)rng_below(&r, (uint64_t)values);
		edet_init(&d, NULL, ref, N);
		edet_seed(&d, (uint64_t)run);
		for (int i = 0; i < T; i++)
			edet_add(&d, (double)rng_below(&r, (uint64_t)values));
		e = e_value(&d);
		sum += e;
		squares += e * e;
		edet_free(&d);
	}
	mean = sum / RUNS;
	error = sqrt((squares / RUNS - mean * mean) / RUNS);
	ok(error < 0.03 && fabs(mean - 1) < 4 * error,
	    "the mean with %d values is %.4f, with an error of %.4f", values,
	    mean, error);
}

/* Constants have labels alone: over all seeds, the mean is 1. */
static void
constants(void)
{
	enum { N = 12, T = 6, RUNS = 40000 };
	double ref[N] = {0}, sum = 0, squares = 0, mean, error;
	struct edet d, other;

	for (uint64_t run = 0; run < RUNS; run++) {
		double e;

		edet_init(&d, NULL, ref, N);
		edet_seed(&d, run);
		for (int i = 0; i < T; i++)
			edet_add(&d, 0);
		e = e_value(&d);
		sum += e;
		squares += e * e;
		edet_free(&d);
	}
	mean = sum / RUNS;
	error = sqrt((squares / RUNS - mean * mean) / RUNS);
	ok(error < 0.03 && fabs(mean - 1) < 4 * error,
	    "the mean of constants is %.4f, with an error of %.4f", mean,
	    error);
	edet_init(&d, NULL, ref, N);
	edet_share(&other, &d);
	edet_seed(&d, 1);
	edet_seed(&other, 2);
	for (int i = 0; i < T; i++) {
		edet_add(&d, 0);
		edet_add(&other, 0);
	}
	ok(e_value(&d) != e_value(&other), "seeds of one reference differ");
	edet_free(&other);
	edet_free(&d);
}

/* Only the order counts. */
static void
ranks(void)
{
	double ref[50], other[50];
	struct edet a, b;
	struct rng r;
	int wrong = 0;

	rng_seed(&r, 7, 0);
	for (int i = 0; i < 50; i++) {
		ref[i] = round(4 * rng_normal(&r));
		other[i] = exp(ref[i] / 3);
	}
	edet_init(&a, NULL, ref, 50);
	edet_init(&b, NULL, other, 50);
	for (int i = 0; i < 300; i++) {
		double x = round(4 * rng_normal(&r) + (i > 200) * 8);

		edet_add(&a, x);
		edet_add(&b, exp(x / 3));
		wrong += e_value(&a) != e_value(&b);
	}
	ok(wrong == 0, "an increasing transform changes nothing");
	ok(e_value(&a) > 1e4, "and a shift is won from");
	edet_free(&b);
	edet_share(&b, &a);
	edet_reset(&a);
	edet_add(&a, 3);
	edet_add(&b, 3);
	ok(e_value(&a) == e_value(&b), "anew, or with another's reference");
	edet_free(&b);
	edet_free(&a);
}

/* What a change of each kind is said to be, and since when. */
static void
kinds(void)
{
	static const struct {
		double shift, scale;
		const char *says;
	} change[] = {
	    {1, 1, "\"change\":\"mean\",\"direction\":\"up\""},
	    {-1, 1, "\"change\":\"mean\",\"direction\":\"down\""},
	    {0, 3, "\"change\":\"spread\",\"direction\":\"up\""},
	    {0, .3, "\"change\":\"spread\",\"direction\":\"down\""},
	};
	double ref[500];
	struct rng r;

	rng_seed(&r, 8, 0);
	for (int i = 0; i < 500; i++)
		ref[i] = rng_normal(&r);
	for (size_t k = 0; k < 4; k++) {
		struct buf b = {0};
		struct edet d;
		double stat = 0;
		long long since;
		int t = 0;

		edet_init(&d, NULL, ref, 500);
		while (t < 1000 && (t < 300 || stat < 4)) {
			double x = rng_normal(&r);

			edet_add(&d,
			    t < 300 ? x
				    : change[k].shift + change[k].scale * x);
			edet_value(&d, &stat);
			t++;
		}
		since = edet_since(&d);
		edet_print(&d, &b);
		buf_put(&b, "", 1);
		ok(t < 400 && strcmp(b.p, change[k].says) == 0,
		    "after %d records: %s", t - 300, b.p);
		ok(llabs(since - (t - 300)) < 25, "since %lld of them", since);
		buf_free(&b);
		edet_free(&d);
	}
}

int
main(void)
{
	struct edet d;
	double one = 1;

	every_order(4, 4);
	every_order(2, 6);
	every_order(7, 1);
	with_ties(2);
	with_ties(5);
	with_ties(20);
	constants();
	ranks();
	kinds();
	ok(edet_init(&d, NULL, &one, 1) != NULL, "one value is no reference");
	edet_free(&d);
	return done_testing();
}
