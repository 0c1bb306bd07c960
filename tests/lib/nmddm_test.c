/* NM-DDM: each mode against brute force and against other programs. */
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "nmddm.h"
#include "tap.h"
#include "vector.h"

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

/* Of undrifted lives on this data, how many of 600 go beyond limit. */
static int
glr_beyond(double limit, double (*draw)(struct rng *))
{
	struct nmddm_params p = {.window = 50};
	struct nmddm_stat s;
	struct nmddm d;
	struct rng r;
	double ref[100];
	int beyond = 0;

	for (uint64_t life = 0; life < 600; life++) {
		double max = 0;

		rng_seed(&r, 5, life);
		for (int i = 0; i < 100; i++)
			ref[i] = draw(&r);
		p.seed = life;
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
	    {"binary",   binary    },
	    {"constant", constant  },
	    {"integer",  few_levels},
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

static void
paper_mode(void)
{
	double x[350], ref;
	size_t n = vector_read("nmddm_hist_stream.txt", x, 350);
	struct nmddm_params p = {.mode = NMDDM_PAPER};
	struct nmddm_stat s = {0};
	struct nmddm d;

	ok(n == 350, "the stream is there");
	nmddm_init(&d, &p, NULL, 0);
	for (size_t i = 0; i < 199; i++)
		nmddm_add(&d, x[i]);
	ok(!nmddm_stat(&d, &s), "paper: too short before 200");
	for (size_t i = 199; i < 250; i++)
		nmddm_add(&d, x[i]);
	ok(nmddm_stat(&d, &s), "paper: a statistic at 250");
	near(s.stat, 9.65306840315, 1e-12, "paper: the authors' value");
	ok(s.split == 150 && s.back == 100, "paper: the authors' split");
	nmddm_add(&d, x[250]);
	ok(!nmddm_stat(&d, &s), "paper: the change cut the window");
	nmddm_free(&d);
	ref = -log(0.001);
	ok(nmddm_paper_limit(0.001) < ref &&
		nextafter(nmddm_paper_limit(0.001), INFINITY) == ref,
	    "paper: >= as >");
}

/* The plain formula with frequencies, for any window */
static double
paper_brute(const double *x, int n, int *split)
{
	double min = x[0], max = x[0], d, w = 0;

	for (int i = 0; i < n; i++) {
		min = fmin(min, x[i]);
		max = fmax(max, x[i]);
	}
	d = (max - min) / 4;
	for (int k = 100; k <= n - 100; k++) {
		double p[4] = {0}, q[4] = {0}, e = .7 / (n - k), sum = 0;
		int empty = 0;

		for (int i = 0; i < n; i++) {
			int bin = x[i] <= min + d       ? 0
				  : x[i] > max - d      ? 3
				  : x[i] <= min + 2 * d ? 1
							: 2;

			if (i < k)
				p[bin] += 1. / k;
			else if (i > k)
				q[bin] += 1. / (n - k - 1);
		}
		for (int j = 0; j < 4; j++)
			empty += p[j] == 0;
		for (int j = 0; j < 4; j++)
			if (q[j] > 1e-4)
				sum += q[j] * log(p[j] < 1e-4 ? q[j] * empty / e
						  : empty
						      ? q[j] / (p[j] * (1 - e))
						      : q[j] / p[j]);
		if (k * sum > w) {
			w = k * sum;
			*split = k;
		}
	}
	return w;
}

static void
paper_windows(void)
{
	struct nmddm_params p = {
	    .mode = NMDDM_PAPER, .window = 260, .step = 10, .limit = 1e9};
	struct nmddm_stat s;
	double x[600];
	struct nmddm d;
	struct rng r;
	int good = 1, split;

	rng_seed(&r, 7, 0);
	nmddm_init(&d, &p, NULL, 0);
	for (int i = 0; i < 600; i++) {
		int n = i + 1 < 260 ? i + 1 : 260;
		double want;

		/* an empty bin at first, shifted and wider in the end */
		x[i] = rng_uniform(&r) * (i < 400 ? 1 : 1.4);
		x[i] = i < 120 && x[i] < .3 ? .9 : x[i];
		nmddm_add(&d, x[i]);
		if ((i + 1) % 10 != 0 || n < 200)
			continue;
		split = 0;
		want = paper_brute(x + i + 1 - n, n, &split);
		good = good && nmddm_stat(&d, &s) &&
		       fabs(s.stat - want) <= 1e-10 * want &&
		       s.split == (size_t)split;
	}
	nmddm_free(&d);
	ok(good, "paper: the plain formula agrees, the window at its cap");
	p.window = 199;
	ok(nmddm_init(&d, &p, NULL, 0) != NULL, "paper: too small a cap");
}

static void
kde_vectors(void)
{
	double ref[50], x[50], sum[50], h, mean = 0;
	struct nmddm_params p = {.mode = NMDDM_SEED};
	struct nmddm_stat s = {0};
	struct nmddm d;

	ok(vector_read("nmddm_kde_ref.txt", ref, 50) == 50 &&
		vector_read("nmddm_kde_det.txt", x, 50) == 50,
	    "the samples are there");
	nmddm_init(&d, &p, ref, 50);
	for (int i = 0; i < 49; i++)
		nmddm_add(&d, x[i]);
	ok(!nmddm_stat(&d, &s), "seed: no statistic before 50");
	nmddm_add(&d, x[49]);
	nmddm_stat(&d, &s);
	near(s.stat, 1.01833419392393, 1e-13, "seed: SciPy's maximum");
	h = nmddm_kde_bandwidth(x, 50);
	near(h, 0.432121223835941, 1e-14, "SciPy's bandwidth");
	near(d.u.kde.h, 0.501460161475848, 1e-14, "that of the reference");
	for (int i = 0; i < 50; i++)
		mean += d.u.kde.lref[i] - log(d.u.kde.h);
	mean = nmddm_kde_leave_one_out(x, 50, h, 37 * h, sum) - mean / 50;
	near(mean, 0.164943040857487, 1e-12, "SciPy's mean, leaving one out");
	for (int i = 0; i < 49; i++)
		nmddm_add(&d, 1e3);
	ok(nmddm_stat(&d, &s) && s.stat > 1.018 && s.stat < 1.019,
	    "seed: it holds until the next 50 are there");
	nmddm_add(&d, 1e3);
	ok(nmddm_stat(&d, &s) && s.stat == 0, "seed: far away counts as 0");
	for (int i = 0; i < 50; i++)
		nmddm_add(&d, 0.1);
	ok(nmddm_stat(&d, &s) && s.stat > 5 && isfinite(s.stat),
	    "seed: a constant window");
	nmddm_free(&d);
}

/* ln of a kernel density without tricks */
static double
plain_log(const double *x, int n, int skip, double h, double y)
{
	double sum = 0;

	for (int i = 0; i < n; i++)
		if (i != skip)
			sum += exp(-(x[i] - y) * (x[i] - y) / (2 * h * h));
	return log(sum / ((skip < 0 ? n : n - 1) * h));
}

static void
kde_agrees(size_t m)
{
	struct nmddm_params p = {.mode = NMDDM_KDE, .window = m, .step = 7};
	static double x[1500];
	struct nmddm_stat s;
	double h, hw;
	struct nmddm d;
	struct rng r;
	int good;

	rng_seed(&r, 8, m);
	for (int i = 0; i < 1500; i++)
		x[i] = 1e6 + 1e-3 * rng_normal(&r) * (i < 600 ? 1 : 3);
	good = !nmddm_init(&d, &p, x, N);
	h = nmddm_kde_bandwidth(x, N);
	hw = h * pow((double)N / (double)m, .2);
	for (int i = N; i < 1500; i++) {
		const double *w = x + i + 1 - m;
		double want = 0;

		nmddm_add(&d, x[i]);
		if (i + 1 - N < (int)m || (i + 1 - N - (int)m) % 7 != 0)
			continue;
		for (int k = 0; k < (int)m; k++)
			want += plain_log(w, (int)m, k, hw, w[k]) -
				plain_log(x, N, -1, h, w[k]);
		want /= (double)m;
		good = good && nmddm_stat(&d, &s) &&
		       fabs(s.stat - want) < 1e-7 * (1 + fabs(want));
		if (!good)
			break;
	}
	nmddm_free(&d);
	if (!ok(good, "kde: the plain formula agrees, window %d", (int)m))
		printf("# %.17g\n", s.stat);
}

/* The statistic of a window of m equal or spread values */
static double
kde_at(const double *ref, double x, double spread, size_t m)
{
	struct nmddm_params p = {.mode = NMDDM_KDE, .window = m};
	struct nmddm_stat s = {NAN, 0, 0};
	struct nmddm d;

	if (nmddm_init(&d, &p, ref, N))
		return NAN;
	for (size_t i = 0; i < m; i++)
		nmddm_add(&d, x + spread * (double)i);
	nmddm_stat(&d, &s);
	nmddm_free(&d);
	return s.stat;
}

static void
kde_far_away(void)
{
	static const double scale[] = {1, 1e300, 1e-300, 1e308};
	double ref[N], same[N] = {0}, before = -INFINITY, once, first = 0;
	struct rng r;
	int good = 1;

	for (size_t k = 0; k < 4; k++) {
		rng_seed(&r, 9, 0);
		for (int i = 0; i < N; i++)
			ref[i] = scale[k] * (rng_uniform(&r) - .5);
		once = kde_at(ref, .2 * scale[k], .01 * scale[k], 50);
		if (k == 0)
			first = once;
		good = good && fabs(once / first - 1) < 1e-6;
	}
	ok(good, "kde: the unit of the data does not matter");
	for (int i = 0; i < N; i++)
		ref[i] = rng_normal(&r);
	for (double x = 1; x < 1e308; x *= 1.5, before = once) {
		once = kde_at(ref, x, 0, 10);
		good = good && isfinite(once) && once >= before - 1e-6;
	}
	ok(good && once > 600, "kde: a cluster counts the more, the farther");
	once = kde_at(ref, DBL_MAX, -DBL_MAX / 5, 10);
	ok(isfinite(once) && once > 0, "kde: records at the ends of double");
	ok(isnan(kde_at(same, 0, 0, 10)), "kde: no constant reference");
}

/* The largest difference of the tabulated ln f_ref from the computed one, at
 * 20001 places in, around and beyond the reference */
static double
table_error(const double *ref, double from, double to)
{
	struct nmddm_kde d, e;
	double err = 0, l;

	if (nmddm_kde_init(&d, ref, N, 2, 1) ||
	    nmddm_kde_init(&e, ref, N, 2, 0))
		return NAN;
	for (int i = 0; i <= 20000; i++) {
		double x = from + (to - from) * i / 20000;

		nmddm_kde_add(&d, x);
		nmddm_kde_add(&e, x);
		l = d.lref[(i & 1)] - e.lref[(i & 1)];
		err = fabs(l) > err ? fabs(l) : err;
	}
	nmddm_kde_free(&d);
	nmddm_kde_free(&e);
	return err;
}

static void
kde_table(void)
{
	double ref[N];
	struct rng r;

	rng_seed(&r, 11, 0);
	for (int i = 0; i < N; i++)
		ref[i] = rng_normal(&r);
	ok(table_error(ref, -20, 20) < 1e-6, "kde table: normal reference");
	for (int i = 0; i < N; i++)
		ref[i] = (double)rng_below(&r, 3);
	ok(table_error(ref, -5, 7) < 1e-6, "kde table: three levels");
	for (int i = 0; i < N; i++)
		ref[i] = 1e-3 * rng_normal(&r) + (i < 195 ? 0 : 1);
	ok(table_error(ref, -1, 2) < 1e-6, "kde table: a gap");
	for (int i = 0; i < N; i++)
		ref[i] = tan(3.14159265 * (rng_uniform(&r) - .5));
	ok(table_error(ref, -1e3, 1e3) < 1e-6, "kde table: heavy tails");
	for (int i = 0; i < N; i++)
		ref[i] = i == 7;
	ok(table_error(ref, -2, 3) < 1e-6, "kde table: one that differs");
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
	    "%s: a life too short", name);
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
	struct nmddm_stat s = {NAN, 0, 0};
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
	struct nmddm_stat s = {NAN, 0, 0};
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
	ok(nmddm_init(&d, &p, same, 100) != NULL,
	    "kde: refuses a constant reference");
	p.mode = NMDDM_SEED;
	ok(nmddm_init(&d, &p, same, 100) != NULL, "seed: as well");
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
	    {{.mode = NMDDM_GLR},   "glr"  },
	    {{.scan = 1},           "scan" },
	    {{.mode = NMDDM_PAPER}, "paper"},
	    {{.mode = NMDDM_KDE},   "kde"  },
	    {{.mode = NMDDM_SEED},  "seed" },
	};

	ok(glr_agrees(8), "glr: the plain formula agrees, 8 bins");
	ok(glr_agrees(2), "glr: 2 bins");
	ok(glr_agrees(7), "glr: unequal bins");
	ok(glr_agrees(64), "glr: 64 bins");
	glr_with_ties();
	glr_edges();
	paper_mode();
	paper_windows();
	kde_vectors();
	kde_agrees(50);
	kde_agrees(13);
	kde_agrees(300);
	kde_far_away();
	kde_table();
	for (size_t i = 0; i < sizeof mode / sizeof *mode; i++) {
		all_modes(mode[i].p, mode[i].name);
		units(mode[i].p, mode[i].name);
	}
	constants();
	return done_testing();
}
