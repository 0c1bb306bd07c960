/*
 * The Page-Hinkley test of the spread, alone and beside the mean's, in one
 * direction and in both; references that do not vary.
 */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "detect/pht.h"
#include "tap.h"

enum { N = 300, M = 2000 };

/* ln of the densities of z with mean m and deviation s, and with 0 and 1. */
static double
log_ratio(double z, double m, double s)
{
	return z * z / 2 - (z - m) * (z - m) / (2 * s * s) - log(s);
}

/* The largest sum of a tail of the ratios, 0 for none, and its length. */
static double
tail(const double *z, int t, double m, double s, unsigned long long *since)
{
	double sum = 0, max = 0;

	*since = 0;
	for (int i = t; i >= 0; i--) {
		sum += log_ratio(z[i], m, s);
		if (sum > max) {
			max = sum;
			*since = (unsigned long long)(t - i) + 1;
		}
	}
	return max;
}

/* Reference and stream, of which the parts are wider and narrower. */
static void
draw(double *x, uint64_t stream)
{
	struct rng r;

	rng_seed(&r, 21, stream);
	for (int i = 0; i < N + M; i++) {
		double t = (double)(i - N) / M;
		double s = t > .8 ? .6 : t > .4 && t < .5 ? 1.4 : 1;

		x[i] = 100 + 3 * s * rng_normal(&r);
	}
}

static void
standardised(const double *x, double *z)
{
	double mean = 0, var = 0;

	for (int i = 0; i < N; i++)
		mean += x[i] / N;
	for (int i = 0; i < N; i++)
		var += (x[i] - mean) * (x[i] - mean) / (N - 1);
	for (int i = 0; i < M; i++)
		z[i] = (x[N + i] - mean) / sqrt(var);
}

/*
 * Against the log-likelihood ratios of the four changes, written out. The
 * mean's come first, the rise before the fall.
 */
static void
definition(
    const char *name, enum pht_change change, enum phtcompat_direction way)
{
	static const double mean[] = {.5, -.5, 0, 0},
			    dev[] = {1, 1, 1.5, 1 / 1.5};
	struct pht_params p = {
	    .change = change, .direction = way, .k = .25, .ratio = 1.5};
	static double x[N + M], z[M];
	int wrong = 0, ups = 0, downs = 0;
	struct pht d;

	draw(x, 1);
	standardised(x, z);
	ok(pht_init(&d, &p, x, N) == NULL, "%s: a reference", name);
	for (int t = 0; t < M; t++) {
		unsigned long long since = 0, best_since = 0;
		double best = -1;
		struct pht_stat s;
		int side = 0;

		pht_add(&d, x[N + t]);
		for (int i = change == PHT_SPREAD ? 2 : 0; i < 4; i++) {
			double sum = tail(z, t, mean[i], dev[i], &since);

			if ((way == PHTCOMPAT_UP && i % 2) || sum <= best)
				continue;
			best = sum;
			best_since = since;
			side = i;
		}
		wrong += !pht_stat(&d, &s) || fabs(s.stat - best) > 1e-9 ||
			 s.since != best_since || s.size != 0 ||
			 s.direction != (side % 2 ? -1 : 1) ||
			 s.change != (side < 2 ? PHT_MEAN : PHT_SPREAD);
		ups += s.stat > 8 && side == PHT_WIDER;
		downs += s.stat > 8 && side == PHT_NARROWER;
	}
	ok(wrong == 0, "%s: %d records as by the densities", name, M);
	ok(ups > 100 && (downs > 100) == (way != PHTCOMPAT_UP),
	    "%s: wider %d times, narrower %d", name, ups, downs);
	pht_free(&d);
}

/* Held or not, alarms begin alike; held, they end when the drift does. */
static void
holding(void)
{
	struct pht_params p = {.change = PHT_SPREAD, .ratio = 1.5};
	const double ref[] = {-1, 0, 1}, limit = 9;
	int differ = 0, first = 1, alarms = 0, late = 0;
	struct pht held, loose;
	struct rng r;

	pht_init(&held, &p, ref, 3);
	pht_init(&loose, &p, ref, 3);
	pht_hold(&held, limit);
	rng_seed(&r, 22, 0);
	for (int t = 0; t < 6000; t++) {
		int drifts = t >= 1000 && t < 5000;
		double x = (drifts ? 3 : 1) * rng_normal(&r);
		struct pht_stat a, b;

		pht_add(&held, x);
		pht_add(&loose, x);
		pht_stat(&held, &a);
		pht_stat(&loose, &b);
		if (first)
			differ += (a.stat > limit) != (b.stat > limit);
		if (drifts && a.stat > limit)
			first = 0;
		alarms += drifts && a.stat > limit;
		late += t > 5300 && a.stat > limit;
	}
	ok(differ == 0 && alarms > 3950 && late == 0 &&
		loose.side[PHT_WIDER].sum > 1000,
	    "held: %d records in alarm, %d long after", alarms, late);
	pht_reset(&held);
	ok(held.side[PHT_WIDER].sum == 0 && held.ref->sd == 1, "reset");
}

/* What stands for the reference is constant; 0 when nothing alarms. */
static double
after(const struct pht_params *p, double constant, double x, double limit)
{
	double ref[50], stat = 0;
	struct pht_stat s;
	struct pht d;

	for (int i = 0; i < 50; i++)
		ref[i] = constant;
	if (pht_init(&d, p, ref, 50) != NULL)
		return NAN;
	pht_hold(&d, limit);
	for (int i = 0; i < 2000; i++) {
		pht_add(&d, constant);
		if (!pht_stat(&d, &s) || s.stat != 0)
			return NAN;
	}
	pht_add(&d, x);
	pht_stat(&d, &s);
	stat = s.stat;
	/* It ends again when the values are as they were. */
	for (int i = 0; i < 2000; i++)
		pht_add(&d, constant);
	pht_stat(&d, &s);
	pht_free(&d);
	return s.stat < limit ? stat : NAN;
}

static void
constants(void)
{
	static const double at[] = {0, .1, -7, 1e9, 1e300, -DBL_MAX, 5e-324};

	for (int form = PHT_STANDARD; form <= PHT_UNKNOWN; form++)
		for (int change = 0; change <= (form ? 0 : PHT_BOTH);
		     change++) {
			struct pht_params p = {.form = (enum pht_form)form,
			    .change = (enum pht_change)change,
			    .k = .25,
			    .ratio = 1.5};
			int good = 1;

			for (int i = 0; i < 7; i++) {
				double up = nextafter(at[i], DBL_MAX), got;

				got = after(&p, at[i], up, 12);
				good = good && got >= 23.9 && got < 24.1;
				got = after(&p, at[i], -up, 12);
				good = good && got >= 23.9 && got < 24.1;
			}
			ok(good,
			    "form %d, change %d: a constant reference: any "
			    "other value alarms, itself never",
			    form, change);
		}
}

/* Ranks that do not vary, or take three values. */
static void
ties(void)
{
	struct pht_params p = {
	    .change = PHT_SPREAD, .scores = PHT_RANKS, .ratio = 1.5};
	double ref[400], same[50] = {0};
	struct pht_stat s;
	struct pht d;
	struct rng r;
	int alarms = 0;

	rng_seed(&r, 23, 0);
	for (int i = 0; i < 400; i++)
		ref[i] = (double)rng_below(&r, 3);
	pht_init(&d, &p, ref, 400);
	for (int i = 0; i < 3000; i++) {
		pht_add(&d, (double)rng_below(&r, 3));
		pht_stat(&d, &s);
		alarms += s.stat > 8;
	}
	ok(alarms == 0, "ranks of three values are no narrow spread");
	for (int i = 0; i < 50; i++)
		pht_add(&d, 1);
	pht_stat(&d, &s);
	ok(s.stat > 8 && s.direction < 0, "the middle one alone is");
	pht_free(&d);
	pht_init(&d, &p, same, 50);
	for (int i = 0; i < 200; i++)
		pht_add(&d, 0);
	pht_stat(&d, &s);
	ok(s.stat == 0, "ranks of one value never alarm");
	for (int i = 0; i < 20; i++)
		pht_add(&d, 1);
	pht_stat(&d, &s);
	ok(s.stat > 8 && s.direction > 0, "but for any other value");
	pht_free(&d);
}

/* The same data, moved and stretched. */
static void
magnitudes(void)
{
	static const double offset[] = {0, 0, -1e300, 1e9},
			    factor[] = {1e300, 1e-300, 1e297, 1e-3};
	struct pht_params p = {.change = PHT_BOTH, .k = .25, .ratio = 1.5};
	static double x[N + M], y[N + M];
	struct pht_stat s, t;
	struct pht a, b;

	draw(x, 3);
	for (int f = 0; f < 4; f++) {
		double worst = 0;

		for (int i = 0; i < N + M; i++)
			y[i] = offset[f] + factor[f] * (x[i] - 100);
		pht_init(&a, &p, x, N);
		pht_init(&b, &p, y, N);
		for (int i = N; i < N + M; i++) {
			pht_add(&a, x[i]);
			pht_add(&b, y[i]);
			pht_stat(&a, &s);
			pht_stat(&b, &t);
			worst = fmax(worst, fabs(s.stat - t.stat));
		}
		ok(worst < 1e-3, "%g + %g x: off by %.2g", offset[f], factor[f],
		    worst);
	}
}

static void
keys(void)
{
	struct pht_params p = {.k = .25, .ratio = 1.5};
	char seen[12][80];
	int twice = 0;

	for (int i = 0; i < 12; i++) {
		struct buf b = {0};

		p.change = (enum pht_change)(i % 3);
		p.direction = (enum phtcompat_direction)(i / 3);
		pht_ref_key(&p, 500, &b);
		snprintf(seen[i], 80, "%.*s", (int)b.len, b.p);
		buf_free(&b);
		for (int j = 0; j < i; j++)
			twice += !strcmp(seen[i], seen[j]);
	}
	ok(!strcmp(seen[0], "pht-allowance=0.25") &&
		!strcmp(seen[1], "pht-spread-ratio=1.5") &&
		!strcmp(seen[8], "pht-both-up-allowance=0.25-ratio=1.5"),
	    "keys: '%s'", seen[8]);
	ok(twice == 3, "differ, but for the direction that is the default");
}

int
main(void)
{
	definition("spread", PHT_SPREAD, PHTCOMPAT_BOTH);
	definition("all four", PHT_BOTH, PHTCOMPAT_OWN);
	definition("upwards", PHT_BOTH, PHTCOMPAT_UP);
	holding();
	constants();
	ties();
	magnitudes();
	keys();
	return done_testing();
}
