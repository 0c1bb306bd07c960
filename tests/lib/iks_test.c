/* The segment tree against brute force, Frouros and published values. */
#include <stdlib.h>
#include <string.h>

#include "iks.h"
#include "ks.h"
#include "tap.h"
#include "vector.h"

struct brute {
	int64_t plus, minus;
};

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sorts both and passes block after block of equal values. */
static struct brute
brute_force(const double *a, size_t n, const double *b, size_t m)
{
	double x[400], y[400];
	struct brute d = {0, 0};

	memcpy(x, a, n * sizeof *x);
	memcpy(y, b, m * sizeof *y);
	qsort(x, n, sizeof *x, compare);
	qsort(y, m, sizeof *y, compare);
	for (size_t i = 0, j = 0; i < n || j < m;) {
		double v = j == m || (i < n && x[i] <= y[j]) ? x[i] : y[j];
		int64_t diff;

		while (i < n && x[i] == v)
			i++;
		while (j < m && y[j] == v)
			j++;
		diff = (int64_t)(i * m) - (int64_t)(j * n);
		if (diff > d.plus)
			d.plus = diff;
		if (-diff > d.minus)
			d.minus = -diff;
	}
	return d;
}

/* F_ref - F_win at v, or just below it, in units of 1/(n m) */
static int64_t
gap(const double *a, size_t n, const double *b, size_t m, double v, int below)
{
	int64_t i = 0, j = 0;

	for (size_t k = 0; k < n; k++)
		i += a[k] < v || (!below && a[k] == v);
	for (size_t k = 0; k < m; k++)
		j += b[k] < v || (!below && b[k] == v);
	return i * (int64_t)m - j * (int64_t)n;
}

enum law {
	CONTINUOUS,
	QUANTISED,
	INTEGERS,
	BINARY,
	HUGE_AND_TINY,
	LAWS,
};

static double
draw(struct rng *r, enum law law)
{
	switch (law) {
	case CONTINUOUS:
		return rng_normal(r);
	case QUANTISED:
		return round(10 * rng_normal(r)) / 10;
	case INTEGERS:
		return (double)rng_below(r, 10);
	case BINARY: /* with both zeros */
		return rng_below(r, 2) ? 1 : rng_below(r, 2) ? -0.0 : 0.0;
	default:
		return (rng_below(r, 2) ? 1e300 : 1e-300) * rng_normal(r);
	}
}

static int
window_agrees(
    const struct iks *d, const double *ref, size_t n, const double *win)
{
	struct brute b = brute_force(ref, n, win, d->m);
	double unit = (double)n * (double)d->m;
	struct iks_stat s;
	int64_t g;

	if (!iks_stat(d, &s))
		return 0;
	g = gap(ref, n, win, d->m, s.at, s.plus < s.stat);
	return s.num == (b.plus > b.minus ? b.plus : b.minus) &&
	       s.stat == (double)s.num / unit &&
	       s.plus == (double)b.plus / unit &&
	       s.minus == (double)b.minus / unit && llabs(g) == s.num;
}

static void
agrees_with_brute_force(void)
{
	static const size_t sizes[][2] = {
	    {1, 1},
	    {1, 7},
	    {7, 1},
	    {2, 3},
	    {50, 50},
	    {100, 30},
	    {33, 100},
	    {127, 64},
	    {128, 20},
	};
	static const char *const name[] = {
	    "continuous", "quantised", "integer", "binary", "huge and tiny"};
	static double x[5000];
	struct rng r;

	rng_seed(&r, 1, 0);
	for (enum law law = 0; law < LAWS; law++) {
		int good = 1;

		for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
			size_t n = sizes[k][0], m = sizes[k][1];
			struct iks_params p = {m};
			struct iks d;

			for (size_t i = 0; i < n + m + 300; i++)
				x[i] = draw(&r, law);
			good = good && !iks_init(&d, &p, x, n);
			for (size_t i = n; i < n + m + 300; i++) {
				iks_add(&d, x[i]);
				if (i + 1 >= n + m)
					good = good && window_agrees(&d, x, n,
							   x + i + 1 - m);
			}
			iks_free(&d);
		}
		ok(good, "brute force agrees on %s data", name[law]);
	}
}

static void
frouros_series(void)
{
	double ref[100], x[100], want, p;
	size_t n = vector_read("frouros_iks_ref.txt", ref, 100);
	size_t m = vector_read("frouros_iks_test.txt", x, 100);
	FILE *f = fopen("tests/vectors/iks_frouros_series.tsv", "r");
	struct iks_params params = {10};
	struct iks_stat s = {0};
	int step, steps = 0, num, good_d = 1, good_p = 1;
	struct iks d;

	if (!ok(n == 100 && m == 100 && f, "the vectors are there"))
		return;
	iks_init(&d, &params, ref, n);
	fscanf(f, "%*[^\n]");
	for (size_t i = 0; i < m; i++) {
		iks_add(&d, x[i]);
		if (!iks_stat(&d, &s))
			continue;
		if (fscanf(f, "%d %d %lf %lf", &step, &num, &want, &p) != 4)
			break;
		steps += step == (int)i;
		good_d = good_d && s.num == num && s.stat == want;
		good_p = good_p &&
			 fabs(ks_pvalue(100, 10, s.num) / p - 1) < 1e-12;
	}
	fclose(f);
	iks_free(&d);
	ok(steps == 91 && good_d, "Frouros: D of all 91 windows");
	ok(good_p, "Frouros: exact p of all 91 windows");
	ok(s.stat == 0.27, "Frouros: the published end");
}

static void
published(const double *a, size_t n, const double *b, size_t m, double want)
{
	struct iks_params p = {m};
	struct iks_stat s = {0};
	struct iks d;

	iks_init(&d, &p, a, n);
	for (size_t i = 0; i < m; i++)
		iks_add(&d, b[i]);
	ok(iks_stat(&d, &s) && s.stat == want, "published D %g", want);
	iks_free(&d);
}

static void
published_values(void)
{
	static const double a[] = {1, 2, 1, 4, 3, 6}, b[] = {3, 4, 5, 4},
			    c[] = {8, 9, 9, 5, 5, 0, 3},
			    d[] = {4, 9, 0, 5, 5, 0, 4, 6, 9, 10, 4, 0, 9},
			    e[] = {2, 10, 10, 10, 1, 6, 7, 2, 10, 4, 7},
			    f[] = {7, 7, 9, 9, 6, 6, 5, 2, 7, 2, 8},
			    g[] = {1, 1, 2, 2, 3, 3, 4, 4},
			    h[] = {1, 1, 1, 1, 2, 2, 2, 2};

	published(a, 6, b, 4, 1. / 2);
	published(c, 7, d, 13, 16. / 91);
	published(e, 11, f, 11, 4. / 11);
	published(g, 8, h, 8, 1. / 2);
}

static void
direction_and_place(void)
{
	double ref[] = {4, 1, 3, 2};
	struct iks_params p = {2};
	struct iks_stat s;
	struct iks d;

	iks_init(&d, &p, ref, 4);
	iks_add(&d, 9);
	ok(!iks_stat(&d, &s), "no statistic while the window fills");
	iks_add(&d, 9);
	ok(iks_stat(&d, &s) && s.stat == 1 && s.plus == 1 && s.minus == 0 &&
		s.num == 8 && s.at == 4,
	    "all above: D+ = 1 at the largest");
	iks_add(&d, -9);
	iks_add(&d, -9);
	ok(iks_stat(&d, &s) && s.stat == 1 && s.plus == 0 && s.minus == 1 &&
		s.at == 1,
	    "all below: D- = 1 below the smallest");
	iks_reset(&d);
	ok(!iks_stat(&d, &s), "a reset empties the window");
	iks_add(&d, 2.5);
	iks_add(&d, 2.5);
	ok(iks_stat(&d, &s) && s.plus == .5 && s.minus == .5 && s.at == 2,
	    "and keeps the reference");
	iks_reset(&d);
	iks_add(&d, 1);
	iks_reset(&d);
	iks_add(&d, 4);
	iks_add(&d, 4);
	ok(iks_stat(&d, &s) && s.num == 6 && s.at == 3, "also when half full");
	iks_free(&d);
}

static void
edges(void)
{
	double same[] = {-0.0, 0, -0.0}, x = 1;
	struct iks_params p = {1}, none = {0}, far = {(size_t)-1};
	struct iks_stat s;
	struct rng r;
	struct iks d;

	iks_init(&d, &p, same, 3);
	iks_add(&d, 0);
	ok(iks_stat(&d, &s) && s.stat == 0 && !signbit(s.at),
	    "a constant reference: D = 0 on the same");
	iks_add(&d, 5e-324);
	ok(iks_stat(&d, &s) && s.plus == 1, "D+ = 1 a hair above");
	iks_add(&d, -1.7e308);
	ok(iks_stat(&d, &s) && s.minus == 1, "D- = 1 far below");
	iks_free(&d);
	ok(iks_init(&d, &p, &x, 0) != NULL, "no reference, no detector");
	ok(iks_init(&d, &far, &x, 1) != NULL, "a window beyond all memory");
	iks_free(&d);
	ok(!iks_init(&d, &none, &x, 1) && d.m == IKS_WINDOW,
	    "the window's default");
	iks_free(&d);
	rng_seed(&r, 1, 0);
	p.window = 10;
	ok(iks_simulate(&p, 20, 9, &r) == -INFINITY,
	    "a life shorter than the window");
	ok(isnan(iks_simulate(&p, 0, 9, &r)), "a life without a reference");
}

/* 5 % of lives of 1000 records with n = 500, W = 50 go beyond 0.306; a
 * binomial with 1000 lives stays within 0.03 .. 0.07 but for one in 200. */
static void
simulation(void)
{
	struct iks_params p = {50};
	struct rng r;
	int beyond = 0;

	rng_seed(&r, 2, 0);
	for (int i = 0; i < 1000; i++)
		beyond += iks_simulate(&p, 500, 1000, &r) > .306;
	if (!ok(beyond >= 30 && beyond <= 70, "false alarms of 1000 lives"))
		printf("# %d\n", beyond);
}

int
main(void)
{
	agrees_with_brute_force();
	frouros_series();
	published_values();
	direction_and_place();
	edges();
	simulation();
	return done_testing();
}
