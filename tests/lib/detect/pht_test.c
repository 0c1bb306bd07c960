/* The test by its definition, and what happens around alarms. */
#include <stdlib.h>

#include "detect/pht.h"
#include "detect/pht_null.h"
#include "stats/rng.h"
#include "tap.h"
#include "vector.h"

enum { N = 3000 };

static const struct pht_params standard = {.k = .25};

/* max over j of sum_{i > j} (z_i - k), 0 for none, and its length. */
static double
by_definition(const double *z, int t, double k, unsigned long long *since)
{
	double sum = 0, max = 0;

	*since = 0;
	for (int i = t; i >= 0; i--) {
		sum += z[i] - k;
		if (sum > max) {
			max = sum;
			*since = (unsigned long long)(t - i) + 1;
		}
	}
	return max;
}

static void
definition(void)
{
	double ref[100], z[N], minus[N], mean = 0, sd = 0;
	int wrong = 0, since_wrong = 0;
	struct pht d;
	struct rng r;

	rng_seed(&r, 9, 0);
	for (int i = 0; i < 100; i++)
		mean += (ref[i] = 1e3 + 5 * rng_normal(&r)) / 100;
	for (int i = 0; i < 100; i++)
		sd += pow(ref[i] - mean, 2) / 99;
	sd = sqrt(sd);
	ok(pht_init(&d, &standard, ref, 100) == NULL, "a reference");
	for (int t = 0; t < N; t++) {
		double x = 1e3 + 5 * rng_normal(&r) - (t > 2000) * 4, up, down;
		unsigned long long su, sn;
		struct pht_stat s;

		pht_add(&d, x);
		z[t] = (x - mean) / sd;
		minus[t] = -z[t];
		up = by_definition(z, t, .25, &su);
		down = by_definition(minus, t, .25, &sn);
		wrong += !pht_stat(&d, &s) ||
			 fabs(s.stat - fmax(up, down)) > 1e-9 * (1 + s.stat) ||
			 (s.stat > 0 && s.direction != (up > down ? 1 : -1));
		since_wrong += s.since != (up >= down ? su : sn);
	}
	ok(wrong == 0, "%d records: the largest sum of a tail", N);
	ok(since_wrong == 0, "since is the length of that tail");
	ok(d.side[PHT_FALL].since > 990 && d.side[PHT_FALL].since < 1010,
	    "the change is placed (%llu records ago)", d.side[PHT_FALL].since);
	pht_reset(&d);
	pht_add(&d, mean + sd);
	near(d.side[PHT_RISE].sum, .75, 1e-9, "reset keeps the reference");
	pht_free(&d);
}

/* Held or not, alarms begin at the same records; held, they end. */
static void
holding(void)
{
	double ref[] = {-1, 0, 1}, limit = 25;
	struct pht held, loose;
	struct rng r;
	int differ = 0, first = 1, alarms = 0, long_after = 0;

	pht_init(&held, &standard, ref, 3);
	pht_init(&loose, &standard, ref, 3);
	pht_hold(&held, limit);
	rng_seed(&r, 10, 0);
	for (int t = 0; t < 20000; t++) {
		double x = rng_normal(&r) + (t >= 5000 && t < 15000 ? 2 : 0);
		struct pht_stat a, b;

		pht_add(&held, x);
		pht_add(&loose, x);
		pht_stat(&held, &a);
		pht_stat(&loose, &b);
		if (first)
			differ += (a.stat > limit) != (b.stat > limit);
		if (a.stat > limit && t >= 5000)
			first = 0;
		alarms += a.stat > limit;
		long_after += t > 15300 && a.stat > limit;
		differ += a.stat > 2 * limit;
	}
	ok(differ == 0, "alarms begin alike");
	ok(alarms > 9000 && long_after == 0, "and end when the drift ends");
	ok(loose.side[PHT_RISE].sum > 1000, "unlike without");
	pht_init(&held, &standard, ref, 3);
	pht_hold(&held, 0);
	pht_add(&held, 10);
	ok(held.side[PHT_RISE].sum == 9.75, "a limit of 0 can be exceeded");
	for (int i = 0; i < 5; i++)
		pht_add(&held, 1.7e308);
	ok(isfinite(held.side[PHT_RISE].sum), "and the sum stays finite");
	pht_add(&held, -1.7e308);
	ok(isfinite(held.side[PHT_RISE].sum) &&
		isfinite(held.side[PHT_FALL].sum),
	    "both of them");
}

static void
refusals(void)
{
	struct pht d;

	ok(pht_init(&d, &standard, (double[]){1}, 1) != NULL, "one value");
	ok(pht_init(&d, &standard, NULL, 0) != NULL, "none");
	ok(pht_init(&d, &standard, (double[]){-1.7e308, 1.7e308}, 2) != NULL,
	    "a deviation beyond a double");
	ok(pht_init(&d, &standard, (double[]){1e-300, 2e-300}, 2) == NULL,
	    "tiny values vary");
}

static void
river(void)
{
	struct pht_params p = {
	    .form = PHT_COMPAT, .compat = phtcompat_own(PHTCOMPAT_RIVER)};
	double x[2100];
	size_t n = vector_read("river_doc_random.txt", x, 2100);
	int alarms = 0, last = -1;
	struct pht_stat s;
	struct pht d;

	ok(n == 2000, "2,000 values");
	pht_init(&d, &p, NULL, 0);
	for (size_t i = 0; i < n; i++) {
		pht_add(&d, x[i]);
		if (pht_stat(&d, &s) && s.stat > p.compat.lambda) {
			alarms++;
			last = (int)i;
		}
		if (i == 28)
			ok(!pht_stat(&d, &s), "no statistic at index 28");
		if (i == 29)
			ok(pht_stat(&d, &s), "but at 29");
	}
	ok(alarms == 1 && last == 1006, "River's one alarm at 1006 (%d)", last);
}

/* P(stat > 5 within 465) with k = .5: the ARL of R's spc is 465.44. */
static void
run_length(void)
{
	struct pht_params p = {.k = .5};
	int above = 0, runs = 1000;
	double share, want = 1 - exp(-1);

	for (int i = 0; i < runs; i++) {
		struct rng r;

		rng_seed(&r, 11, (uint64_t)i);
		above += pht_null_simulate(&p, 100000, 465, &r) > 5;
	}
	share = (double)above / runs;
	ok(fabs(share - want) < .05, "run length as tabulated (%.3f of runs)",
	    share);
}

int
main(void)
{
	definition();
	holding();
	refusals();
	river();
	run_length();
	return done_testing();
}
