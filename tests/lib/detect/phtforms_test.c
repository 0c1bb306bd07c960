/* The forms and scores of the Page-Hinkley test, their limits and edges. */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "detect/arl.h"
#include "limit/calib.h"
#include "detect/pht.h"
#include "detect/pht_null.h"
#include "tap.h"

enum { N = 200, M = 3000 };

static const struct pht_params standard = {.k = 0.25};

static void
normals(double *x, int n, uint64_t stream)
{
	struct rng r;

	rng_seed(&r, 11, stream);
	for (int i = 0; i < n; i++)
		x[i] = rng_normal(&r) + (i > N + M / 2 ? 0.4 : 0);
}

/* Feeds x; returns the first index above the limit, or n. */
static int
first(struct pht *d, const double *x, int n, double limit, double *last)
{
	struct pht_stat s = {0};
	int at = n;

	for (int i = 0; i < n; i++) {
		pht_add(d, x[i]);
		if (pht_stat(d, &s) && s.stat > limit && at == n)
			at = i;
	}
	*last = s.stat;
	return at;
}

static void
hold_is_late(enum pht_form form, double limit)
{
	struct pht_params p = standard;
	double x[N + M], last;
	struct pht d, held;
	int a, b;

	p.form = form;
	normals(x, N + M, 1);
	pht_init(&d, &p, x, N);
	pht_init(&held, &p, x, N);
	pht_hold(&held, limit);
	a = first(&d, x + N, M, limit, &last);
	b = first(&held, x + N, M, limit, &last);
	ok(a == b && a > M / 2 && a < M, "form %d, held: the alarm is at %d",
	    form, a);
	ok(last < 4 * limit, "form %d, held: %.3g", form, last);
	pht_free(&d);
	pht_free(&held);
}

static double
squash(double x)
{
	return exp(3 * x) - 1e6;
}

/* Ranks don't know about increasing transforms; values do. */
static void
ranks_are_free(enum pht_form form)
{
	struct pht_params p = {.form = form, .scores = PHT_RANKS, .k = 0.25};
	double x[N + M], y[N + M];
	struct pht_stat s, t;
	struct pht a, b;
	int good = 1;

	normals(x, N + M, 2);
	for (int i = 0; i < N + M; i++)
		y[i] = squash(x[i] = round(x[i] * 1e4) / 1e4);
	pht_init(&a, &p, x, N);
	pht_init(&b, &p, y, N);
	for (int i = N; i < N + M; i++) {
		pht_add(&a, x[i]);
		pht_add(&b, y[i]);
		pht_stat(&a, &s);
		pht_stat(&b, &t);
		good = good && memcmp(&s.stat, &t.stat, sizeof s.stat) == 0 &&
		       s.since == t.since && s.direction == t.direction;
	}
	ok(good && s.stat > 20, "form %d: ranks of another scale", form);
	pht_free(&a);
	pht_free(&b);
}

/* The same data, moved and stretched. */
static void
scaled(const char *name, double offset, double factor, double tolerance)
{
	double x[N + M], y[N + M], worst = 0;
	struct pht_stat s, t;
	struct pht a, b;

	normals(x, N + M, 3);
	for (int i = 0; i < N + M; i++)
		y[i] = offset + factor * x[i];
	pht_init(&a, &standard, x, N);
	ok(pht_init(&b, &standard, y, N) == NULL, "%s: a reference", name);
	for (int i = N; i < N + M; i++) {
		pht_add(&a, x[i]);
		pht_add(&b, y[i]);
		pht_stat(&a, &s);
		pht_stat(&b, &t);
		worst = fmax(worst, fabs(s.stat - t.stat));
	}
	ok(worst < tolerance, "%s: off by %.2g", name, worst);
	pht_free(&a);
	pht_free(&b);
}

/* The largest values there are, against references of any magnitude. */
static void
extremes(void)
{
	static const double magnitude[] = {1e-300, 1, 1e153, 1e300, 8e307};

	for (int form = PHT_STANDARD; form <= PHT_UNKNOWN; form++) {
		int good = 1;

		for (int i = 0; i < 5; i++) {
			struct pht_params p = standard;
			double ref[] = {-1, 1, 0.5, -0.5};
			struct pht_stat s;
			struct pht d;

			for (int j = 0; j < 4; j++)
				ref[j] *= magnitude[i];
			p.form = (enum pht_form)form;
			p.change = form ? PHT_MEAN : PHT_BOTH;
			p.ratio = 1.5;
			good = good && pht_init(&d, &p, ref, 4) == NULL;
			for (int j = 0; j < 200; j++) {
				pht_add(&d, j % 3 ? DBL_MAX : -DBL_MAX);
				good = good && pht_stat(&d, &s) &&
				       isfinite(s.stat) && s.stat >= 0;
			}
			pht_free(&d);
		}
		ok(good, "form %d: the largest values", form);
	}
}

static void
refuses(
    const char *why, const struct pht_params *p, const double *ref, size_t n)
{
	struct pht d;
	const char *said = pht_init(&d, p, ref, n);

	ok(said == why || (said != NULL && why != NULL && !strcmp(said, why)),
	    "%zu values: %s", n, why != NULL ? why : "fine");
	pht_free(&d);
}

static void
references(void)
{
	static const double wide[] = {-DBL_MAX, DBL_MAX};
	struct pht_params ranks = {.scores = PHT_RANKS, .k = 1};

	refuses("the reference is too large to square", &standard, wide, 2);
	refuses("the reference has fewer than 2 values", &ranks, wide, 1);
	refuses(NULL, &ranks, wide, 2);
}

/*
 * The promise, over runs that are not those of the calibration: exponential
 * values are what ranks are free of and what the values' own scores are not.
 */
static double
false_alarms(const struct pht_params *p, double limit, int runs, int skewed)
{
	enum { REF = 100, HORIZON = 300 };
	int alarms = 0;

	for (int run = 0; run < runs; run++) {
		double x[REF + HORIZON], last;
		struct pht d;
		struct rng r;

		rng_seed(&r, 99, (uint64_t)run);
		for (int i = 0; i < REF + HORIZON; i++)
			x[i] = skewed ? -log(rng_uniform(&r)) : rng_normal(&r);
		pht_init(&d, p, x, REF);
		alarms += first(&d, x + REF, HORIZON, limit, &last) < HORIZON;
		pht_free(&d);
	}
	return (double)alarms / runs;
}

static void
promise(const char *name, const struct pht_params *given, int skewed)
{
	enum { B = 999, LIVES = 1000 };
	struct pht_params p = *given;
	static double maxima[B];
	double limit, rate;

	p.k = 0.25;
	p.ratio = 1.5;
	for (int i = 0; i < B; i++) {
		struct rng r;

		rng_seed(&r, 1, (uint64_t)i);
		maxima[i] = pht_null_simulate(&p, 100, 300, &r);
	}
	limit = calib_limit(maxima, B, 0.1);
	rate = false_alarms(&p, limit, LIVES, skewed);
	/* Both the limit and the rate are simulated: four deviations. */
	ok(fabs(rate - 0.1) < 4 * sqrt(0.09 * (1.0 / B + 1.0 / LIVES)),
	    "%s: %.3f for a promise of 0.1", name, rate);
}

/* Two fields, two sides: a false alarm in 500 records of both together. */
static void
run_length(void)
{
	double h = pht_null_arl_limit(&standard, 500, 2), sum = 0, squares = 0,
	       mean;
	const double unit[] = {-sqrt(0.5), sqrt(0.5)}; /* deviation 1 */
	struct pht_params up = {.k = 0.25, .direction = PHTCOMPAT_UP};
	enum { RUNS = 2000 };
	struct rng r;

	near(arl_one(0.25, h, 0), 2000, 1e-9, "limit for a run length");
	near(pht_null_arl_limit(&up, 1000, 2), h, 1e-12, "one direction");
	rng_seed(&r, 1, 0);
	for (int i = 0; i < RUNS; i++) {
		struct pht d[2];
		struct pht_stat s[2] = {{0}};
		double t = 0;

		for (int j = 0; j < 2; j++)
			pht_init(&d[j], &standard, unit, 2);
		for (; s[0].stat <= h && s[1].stat <= h; t++)
			for (int j = 0; j < 2; j++) {
				pht_add(&d[j], rng_normal(&r));
				pht_stat(&d[j], &s[j]);
			}
		sum += t;
		squares += t * t;
	}
	mean = sum / RUNS;
	ok(fabs(mean - 500) < 4 * sqrt((squares / RUNS - mean * mean) / RUNS),
	    "run length of two fields: %.4g", mean);
}

int
main(void)
{
	hold_is_late(PHT_STANDARD, 20);
	hold_is_late(PHT_UNKNOWN, 14);
	ranks_are_free(PHT_STANDARD);
	ranks_are_free(PHT_UNKNOWN);
	scaled("1e300", 0, 1e300, 1e-9);
	scaled("1e300 more", -1e300, 1e297, 1e-6);
	scaled("1e-300", 0, 1e-300, 1e-9);
	scaled("1e9 + 1e-3", 1e9, 1e-3, 0.5);
	scaled("1e15 + 100", 1e15, 100, 1);
	extremes();
	references();
	promise("values", &(struct pht_params){0}, 0);
	promise("ranks", &(struct pht_params){.scores = PHT_RANKS}, 1);
	promise("random ties",
	    &(struct pht_params){.scores = PHT_RANKS, .random_ties = 1}, 1);
	promise("all sizes", &(struct pht_params){.form = PHT_UNKNOWN}, 0);
	promise("ranks, all sizes",
	    &(struct pht_params){.form = PHT_UNKNOWN, .scores = PHT_RANKS}, 1);
	promise("spread", &(struct pht_params){.change = PHT_SPREAD}, 0);
	promise("wider",
	    &(struct pht_params){
		.change = PHT_SPREAD, .direction = PHTCOMPAT_UP},
	    0);
	promise("mean and spread", &(struct pht_params){.change = PHT_BOTH}, 0);
	promise("spread of ranks",
	    &(struct pht_params){.change = PHT_SPREAD, .scores = PHT_RANKS}, 1);
	promise("spread of ranks, random ties",
	    &(struct pht_params){
		.change = PHT_SPREAD, .scores = PHT_RANKS, .random_ties = 1},
	    1);
	run_length();
	return done_testing();
}
