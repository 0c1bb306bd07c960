/* NM-DDM with kernel densities: SciPy's values, and the plain formula. */
#include <float.h>

#include "detect/nmddm.h"
#include "tap.h"
#include "vector.h"

enum {
	N = 200,
};

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
	near(d.u.kde->h, 0.501460161475848, 1e-14, "that of the reference");
	for (int i = 0; i < 50; i++)
		mean += d.u.kde->lref[i] - log(d.u.kde->h);
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
	struct nmddm_stat s = {.stat = NAN};
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
	once = kde_at(same, 0, 0, 10);
	ok(once < 0 && once > -1, "kde: a constant is as its reference");
	once = kde_at(same, 1e300, 0, 10);
	ok(isfinite(once) && once > 600, "kde: another value is far from it");
	once = kde_at(same, -DBL_MAX, 0, 10);
	ok(isfinite(once) && once > 600, "kde: the farthest, too");
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

int
main(void)
{
	kde_vectors();
	kde_agrees(50);
	kde_agrees(13);
	kde_agrees(300);
	kde_far_away();
	kde_table();
	return done_testing();
}
