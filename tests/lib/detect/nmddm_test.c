/* NM-DDM: glr against brute force, and what all modes have in common. */
#include <stdlib.h>
#include <string.h>

#include "detect/nmddm.h"
#include "tap.h"

enum {
	N = 200,
	M = 37,
};

/* G from counts, as in the textbook: sum of x ln x */
static double
g_of(const int *a, const int *b, int bins, int n, int m)
{
	double g = (n + m) * log(n + m) - n * log(n) - m * log(m);

	for (int j = 0; j < bins; j++) {
		g += a[j] ? a[j] * log(a[j]) : 0;
		g += b[j] ? b[j] * log(b[j]) : 0;
		g -= a[j] + b[j] ? (a[j] + b[j]) * log(a[j] + b[j]) : 0;
	}
	return g;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int
glr_agrees(int bins)
{
	double x[N + 500], sorted[N];
	struct nmddm_params p = {.window = M, .bins = (size_t)bins};
	struct nmddm_stat s;
	struct nmddm d;
	struct rng r;
	int good;

	rng_seed(&r, 3, (uint64_t)bins);
	for (int i = 0; i < N + 500; i++)
		sorted[i % N] = x[i] = rng_normal(&r) * (i < N + 250 ? 1 : 2);
	memcpy(sorted, x, sizeof sorted);
	qsort(sorted, N, sizeof *sorted, compare);
	good = !nmddm_init(&d, &p, x, N);
	for (int i = N; i < N + 500; i++) {
		int a[64] = {0}, b[64] = {0};

		nmddm_add(&d, x[i]);
		if (i + 1 < N + M) {
			good = good && !nmddm_stat(&d, &s);
			continue;
		}
		for (int j = 0; j < bins; j++) {
			int lo = j * N / bins, hi = (j + 1) * N / bins;

			a[j] = hi - lo;
			for (int k = i + 1 - M; k <= i; k++)
				b[j] += (j == 0 || x[k] > sorted[lo - 1]) &&
					(j == bins - 1 ||
					    x[k] <= sorted[hi - 1]);
		}
		good = good && nmddm_stat(&d, &s) &&
		       fabs(s.stat - g_of(a, b, bins, N, M)) < 1e-10;
	}
	nmddm_free(&d);
	return good;
}

/* Of undrifted runs on this data, how many of 600 go beyond limit. */
static int
glr_beyond(double limit, double (*draw)(struct rng *))
{
	struct nmddm_params p = {.window = 50};
	struct nmddm_stat s;
	struct nmddm d;
	struct rng r;
	double ref[100];
	int beyond = 0;

	for (uint64_t run = 0; run < 600; run++) {
		double max = 0;

		rng_seed(&r, 5, run);
		for (int i = 0; i < 100; i++)
			ref[i] = draw(&r);
		p.seed = run;
		nmddm_init(&d, &p, ref, 100);
		for (int i = 0; i < 500; i++) {
			nmddm_add(&d, draw(&r));
			if (nmddm_stat(&d, &s) && s.stat > max)
				max = s.stat;
		}
		nmddm_free(&d);
		beyond += max > limit;
	}
	return beyond;
}

static double
binary(struct rng *r)
{
	return rng_uniform(r) < .3;
}

static double
constant(struct rng *r)
{
	(void)r;
	return 7;
}

static double
few_levels(struct rng *r)
{
	return round(2 * rng_normal(r));
}

/* The law on tied data is the law on continuous data. */
static void
glr_with_ties(void)
{
	static const struct {
		const char *name;
		double (*draw)(struct rng *);
	} law[] = {
	    {"binary", binary},
	    {"constant", constant},
	    {"integer", few_levels},
	};
	struct nmddm_params p = {.window = 50};
	double max[600];
	struct rng r;

	rng_seed(&r, 6, 0);
	for (int i = 0; i < 600; i++)
		max[i] = nmddm_simulate(&p, 100, 500, &r);
	qsort(max, 600, sizeof *max, compare);
	for (size_t k = 0; k < sizeof law / sizeof *law; k++) {
		int beyond = glr_beyond(max[479], law[k].draw);

		/* 120 +- 3.5 sd of the difference of two binomials */
		if (!ok(abs(beyond - 120) <= 48, "glr: one law, %s data",
			law[k].name))
			printf("# %d\n", beyond);
	}
}

static void
glr_edges(void)
{
	double few[] = {1, 1, 1, 2, 2, 2, 2, 2};
	struct nmddm_params p = {.window = 4}, q = {.bins = 65},
			    one = {.bins = 1};
	struct nmddm_stat s;
	struct nmddm d, e;

	ok(nmddm_init(&d, &p, few, 7) != NULL, "glr: fewer values than bins");
	ok(nmddm_init(&d, &q, few, 8) != NULL, "glr: too many bins");
	ok(nmddm_init(&d, &one, few, 8) != NULL, "glr: too few bins");
	ok(!nmddm_init(&d, &p, few, 8) && !nmddm_init(&e, &p, few, 8),
	    "glr: fewer distinct values than bins");
	for (int i = 0; i < 100; i++) {
		nmddm_add(&d, few[i % 8]);
		nmddm_add(&e, few[i % 8]);
	}
	ok(nmddm_stat(&d, &s) && s.stat == d.stat && d.stat == e.stat,
	    "glr: the same seed decides ties alike");
	for (int i = 0; i < 4; i++)
		nmddm_add(&d, 1e300);
	nmddm_stat(&d, &s);
	near(s.stat, log(12. / 8) * 7 + log(12. / 5 / 8) + 4 * log(12. / 5),
	    1e-12, "glr: all in the last bin");
	nmddm_reset(&d);
	ok(!nmddm_stat(&d, &s), "glr: a reset empties the window");
	for (int i = 0; i < 4; i++)
		nmddm_add(&d, -1e300);
	ok(nmddm_stat(&d, &s) && s.stat == d.stat && s.stat > 4,
	    "glr: and keeps the reference");
	nmddm_free(&d);
	nmddm_free(&e);
}

/* Each mode: simulation is repeatable and runs the detector; a horizon too
 * short for the window; a reset forgets everything of the stream. */
static void
all_modes(struct nmddm_params p, const char *name)
{
	struct nmddm_stat s, t;
	double ref[100], one, two;
	struct nmddm d;
	struct rng r;

	rng_seed(&r, 10, 0);
	one = nmddm_simulate(&p, 100, 1000, &r);
	rng_seed(&r, 10, 0);
	two = nmddm_simulate(&p, 100, 1000, &r);
	ok(one == two && isfinite(one), "%s: simulation repeats", name);
	ok(nmddm_simulate(&p, 100, p.scan ? 3 : 49, &r) == -INFINITY,
	    "%s: a run too short", name);
	for (int i = 0; i < 100; i++)
		ref[i] = rng_normal(&r);
	nmddm_init(&d, &p, ref, 100);
	for (int i = 0; i < 300; i++)
		nmddm_add(&d, ref[i % 100] + 1e-9);
	nmddm_stat(&d, &s);
	for (int i = 0; i < 333; i++)
		nmddm_add(&d, rng_normal(&r));
	nmddm_reset(&d);
	ok(!nmddm_stat(&d, &t), "%s: nothing after a reset", name);
	for (int i = 0; i < 300; i++)
		nmddm_add(&d, ref[i % 100] + 1e-9);
	ok(nmddm_stat(&d, &t) && t.stat == s.stat && t.split == s.split &&
		t.back == s.back,
	    "%s: the same again", name);
	nmddm_free(&d);
}

/* The statistic at the end of a stream in another unit, or far from zero. */
static double
in_unit(struct nmddm_params p, double unit, double offset)
{
	struct nmddm_stat s = {.stat = NAN};
	double ref[100];
	struct nmddm d;
	struct rng r;

	rng_seed(&r, 12, 0);
	for (int i = 0; i < 100; i++)
		ref[i] = unit * (rng_uniform(&r) - .5) + offset;
	if (nmddm_init(&d, &p, ref, 100))
		return NAN;
	for (int i = 0; i < 300; i++)
		nmddm_add(&d, unit * (.8 * rng_uniform(&r) - .5) + offset);
	nmddm_stat(&d, &s);
	nmddm_free(&d);
	return s.stat;
}

static void
units(struct nmddm_params p, const char *name)
{
	double one = in_unit(p, 1, 0);

	ok(isfinite(one) && fabs(in_unit(p, 1e300, 0) / one - 1) < 1e-6 &&
		fabs(in_unit(p, 1e-300, 0) / one - 1) < 1e-6,
	    "%s: in any unit", name);
	ok(fabs(in_unit(p, 1e-3, 1e9) - one) < .2 * fabs(one) + .02,
	    "%s: a small spread far from zero", name);
}

/* Data without spread. */
static void
constants(void)
{
	struct nmddm_params p = {.mode = NMDDM_PAPER, .window = 200};
	struct nmddm_stat s = {.stat = NAN};
	double same[100] = {0};
	struct nmddm d;

	nmddm_init(&d, &p, NULL, 0);
	for (int i = 0; i < 200; i++)
		nmddm_add(&d, 1e300);
	nmddm_stat(&d, &s);
	near(s.stat, -100 * log(1 - .7 / 100), 1e-12,
	    "paper: a constant window, k = N - k = 100");
	nmddm_free(&d);
	p.mode = NMDDM_KDE;
	p.mode = NMDDM_GLR;
	ok(!nmddm_init(&d, &p, same, 100), "glr: takes it");
	for (int i = 0; i < 200; i++)
		nmddm_add(&d, 0);
	ok(nmddm_stat(&d, &s) && s.stat < 15, "glr: the same is no drift");
	for (int i = 0; i < 200; i++)
		nmddm_add(&d, 1e-300);
	ok(nmddm_stat(&d, &s) && s.stat > 80, "glr: all the rest is");
	nmddm_free(&d);
}

int
main(void)
{
	static const struct {
		struct nmddm_params p;
		const char *name;
	} mode[] = {
	    {{.mode = NMDDM_GLR}, "glr"},
	    {{.scan = 1}, "scan"},
	    {{.mode = NMDDM_PAPER}, "paper"},
	    {{.mode = NMDDM_KDE}, "kde"},
	    {{.mode = NMDDM_SEED}, "seed"},
	};

	ok(glr_agrees(8), "glr: the plain formula agrees, 8 bins");
	ok(glr_agrees(2), "glr: 2 bins");
	ok(glr_agrees(7), "glr: unequal bins");
	ok(glr_agrees(64), "glr: 64 bins");
	glr_with_ties();
	glr_edges();
	for (size_t i = 0; i < sizeof mode / sizeof *mode; i++) {
		all_modes(mode[i].p, mode[i].name);
		units(mode[i].p, mode[i].name);
	}
	constants();
	return done_testing();
}
