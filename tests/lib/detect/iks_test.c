/* Its two ways against brute force and each other, Frouros and published
 * values. */
#include <stdlib.h>

#include "brute.h"
#include "detect/iks.h"
#include "stats/ks.h"
#include "tap.h"
#include "vector.h"

static struct ks_memo memo;

/* p of the blocks of equal values among both samples. */
static double
brute_p(const double *ref, size_t n, const double *win, size_t m, int64_t num)
{
	int64_t block[400];
	double x[400];
	size_t k = 0;

	memcpy(x, ref, n * sizeof *x);
	memcpy(x + n, win, m * sizeof *x);
	qsort(x, n + m, sizeof *x, brute_compare);
	for (size_t i = 0; i < n + m; i++)
		if (i > 0 && x[i] == x[i - 1])
			block[k - 1]++;
		else
			block[k++] = 1;
	return ks_pvalue_ties((int64_t)n, (int64_t)m, num, block, k);
}

static int
window_agrees(
    const struct iks *d, const double *ref, size_t n, const double *win)
{
	struct brute b = brute_force(ref, n, win, d->of->m);
	double unit = (double)n * (double)d->of->m;
	struct iks_stat s;
	int64_t g;

	if (!iks_stat(d, &s))
		return 0;
	g = gap(ref, n, win, d->of->m, iks_at(d), s.plus < s.stat);
	return s.num == (b.plus > b.minus ? b.plus : b.minus) &&
	       s.stat == (double)s.num / unit && s.ks == s.stat &&
	       s.kuiper == (double)(b.plus + b.minus) / unit &&
	       s.plus == (double)b.plus / unit &&
	       s.minus == (double)b.minus / unit && llabs(g) == s.num &&
	       s.p == brute_p(ref, n, win, d->of->m, s.num);
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
	static double x[5000];
	struct rng r;

	rng_seed(&r, 1, 0);
	for (enum law law = 0; law < LAWS; law++) {
		int good = 1;

		for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
			size_t n = sizes[k][0], m = sizes[k][1];
			struct iks_params p = {.window = m, .memo = &memo};
			struct iks d, shared;

			for (size_t i = 0; i < n + m + 300; i++)
				x[i] = draw(&r, law);
			good = !iks_init(&d, &p, x, n) && good;
			good = !iks_share(&shared, &d) && good;
			for (size_t i = n; i < n + m + 300; i++) {
				iks_add(&d, x[i]);
				iks_add(&shared, x[i]);
				if (i + 1 < n + m)
					continue;
				good = good &&
				       window_agrees(&d, x, n, x + i + 1 - m);
				good = good && window_agrees(&shared, x, n,
						   x + i + 1 - m);
			}
			iks_free(&d);
			iks_free(&shared);
		}
		ok(good, "brute force agrees on %s data", law_name[law]);
	}
}

/* A stream alone has the tree, one that shares its reference the order. */
static void
order_agrees_with_tree(size_t n, size_t m)
{
	static double ref[40000];
	struct iks_params p = {.window = m};
	struct iks_stat s, t;
	struct iks own, shared;
	struct rng r;

	rng_seed(&r, n + m, 0);
	for (enum law law = 0; law < LAWS; law++) {
		int good = 1;

		for (size_t i = 0; i < n; i++)
			ref[i] = draw(&r, law);
		iks_init(&own, &p, ref, n);
		iks_share(&shared, &own);
		good = own.u.fixed.by_tree && !shared.u.fixed.by_tree;
		for (size_t i = 0; i < 4 * m; i++) {
			double x = draw(&r, law);

			/* Down, up, and from time to time far off. */
			x += i % 97 ? (double)(i / m % 3) - 1 : (double)i - 300;
			iks_add(&own, x);
			iks_add(&shared, x);
			good = iks_stat(&own, &s) == iks_stat(&shared, &t) &&
			       good;
			good = good &&
			       (i + 1 < m ||
				   (s.num == t.num && s.plus == t.plus &&
				       s.minus == t.minus &&
				       iks_at(&own) == iks_at(&shared)));
		}
		iks_free(&own);
		iks_free(&shared);
		ok(good, "order and tree, n = %zu, m = %zu, %s data", n, m,
		    law_name[law]);
	}
}

static void
frouros_series(void)
{
	double ref[100], x[100], want, p;
	size_t n = vector_read("frouros_iks_ref.txt", ref, 100);
	size_t m = vector_read("frouros_iks_test.txt", x, 100);
	FILE *f = fopen("tests/vectors/iks_frouros_series.tsv", "r");
	struct iks_params params = {.window = 10};
	struct iks_stat s = {0};
	int step, steps = 0, num, good_d = 1, good_p = 1;
	struct iks d;

	if (!ok(n == 100 && m == 100 && f, "the vectors are there"))
		return;
	iks_init(&d, &params, ref, n);
	if (fscanf(f, "%*[^\n]") == EOF)
		return;
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
	struct iks_params p = {.window = m};
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
	struct iks_params p = {.window = 2};
	struct iks_stat s;
	struct iks d;

	iks_init(&d, &p, ref, 4);
	iks_add(&d, 9);
	ok(!iks_stat(&d, &s), "no statistic while the window fills");
	iks_add(&d, 9);
	ok(iks_stat(&d, &s) && s.stat == 1 && s.plus == 1 && s.minus == 0 &&
		s.num == 8 && iks_at(&d) == 4,
	    "all above: D+ = 1 at the largest");
	iks_add(&d, -9);
	iks_add(&d, -9);
	ok(iks_stat(&d, &s) && s.stat == 1 && s.plus == 0 && s.minus == 1 &&
		iks_at(&d) == 1,
	    "all below: D- = 1 below the smallest");
	iks_reset(&d);
	ok(!iks_stat(&d, &s), "a reset empties the window");
	iks_add(&d, 2.5);
	iks_add(&d, 2.5);
	ok(iks_stat(&d, &s) && s.plus == .5 && s.minus == .5 && iks_at(&d) == 2,
	    "and keeps the reference");
	iks_reset(&d);
	iks_add(&d, 1);
	iks_reset(&d);
	iks_add(&d, 4);
	iks_add(&d, 4);
	ok(iks_stat(&d, &s) && s.num == 6 && iks_at(&d) == 3,
	    "also when half full");
	iks_free(&d);
}

static void
edges(void)
{
	double same[] = {-0.0, 0, -0.0}, x = 1;
	struct iks_params p = {.window = 1}, none = {0},
			  far = {.window = (size_t)-1};
	struct iks_stat s;
	struct rng r;
	struct iks d;

	iks_init(&d, &p, same, 3);
	iks_add(&d, 0);
	ok(iks_stat(&d, &s) && s.stat == 0 && !signbit(iks_at(&d)),
	    "a constant reference: D = 0 on the same");
	iks_add(&d, 5e-324);
	ok(iks_stat(&d, &s) && s.plus == 1, "D+ = 1 a hair above");
	iks_add(&d, -1.7e308);
	ok(iks_stat(&d, &s) && s.minus == 1, "D- = 1 far below");
	iks_free(&d);
	ok(iks_init(&d, &p, &x, 0) != NULL, "no reference, no detector");
	ok(iks_init(&d, &far, &x, 1) != NULL, "a window beyond all memory");
	ok(!iks_init(&d, &none, &x, 1) && d.of->m == IKS_WINDOW,
	    "the window's default");
	iks_free(&d);
	rng_seed(&r, 1, 0);
	p.window = 10;
	ok(iks_simulate(&p, 20, 9, &r) == -INFINITY,
	    "a run shorter than the window");
	ok(isnan(iks_simulate(&p, 0, 9, &r)), "a run without a reference");
}

static void
remembers(void)
{
	int64_t block[] = {2, 1, 3, 4}, other[] = {2, 1, 4, 3};
	double p = ks_pvalue_ties(6, 4, 18, block, 4);
	double q = ks_pvalue_ties(6, 4, 18, other, 4);
	int good = 1;

	for (int i = 0; i < 2; i++) {
		good = good && ks_pvalue_memo(&memo, 6, 4, 18, block, 4) == p;
		good = good && ks_pvalue_memo(&memo, 6, 4, 18, other, 4) == q;
		good = good && ks_pvalue_memo(&memo, 6, 4, 0, other, 4) == 1;
		good = good && ks_pvalue_memo(&memo, 6, 4, 25, block, 4) == 0;
	}
	ok(good && p != q, "p-values are remembered by their ties");
}

/* With a step the statistic is that of a step of 1 at the last test. */
static void
steps(struct iks_params p, size_t step, const char *name)
{
	struct iks_params each = p;
	struct iks_stat s, t, last = {0};
	struct iks d, e;
	double ref[80], at = 0;
	struct rng r;
	int good;

	p.memo = each.memo = &memo;
	each.step = 0;
	if (p.policy == IKS_TUMBLING)
		each.policy = IKS_FIXED;
	rng_seed(&r, 7, 0);
	for (int i = 0; i < 80; i++)
		ref[i] = rng_normal(&r);
	good = !iks_init(&d, &p, ref, 80) && !iks_init(&e, &each, ref, 80);
	for (size_t i = 1; i <= 500; i++) {
		double x = rng_normal(&r) + (i > 250);

		iks_add(&d, x);
		iks_add(&e, x);
		if (i < p.window) {
			good = good && !iks_stat(&d, &s);
			continue;
		}
		good = good && iks_stat(&d, &s) && iks_stat(&e, &t);
		if ((i - p.window) % step == 0) {
			last = t;
			at = iks_at(&e);
		}
		good = good && s.p == last.p;
		good = good && s.num == last.num && iks_at(&d) == at &&
		       s.stat == last.stat && s.plus == last.plus &&
		       s.minus == last.minus && s.kuiper == last.kuiper;
	}
	ok(good, "%s: holds in between", name);
	iks_reset(&d);
	for (size_t i = 1; i < p.window; i++)
		iks_add(&d, ref[i]);
	good = !iks_stat(&d, &s);
	iks_add(&d, 0);
	ok(good && iks_stat(&d, &s), "%s: a reset counts anew", name);
	iks_free(&d);
	iks_free(&e);
}

static void
kuiper(void)
{
	double ref[] = {1, 2, 3, 4};
	struct iks_params p = {.window = 2, .kuiper = 1}, q = {.window = 50};
	struct iks_stat s = {0};
	double v, d;
	struct iks k;
	struct rng r;

	iks_init(&k, &p, ref, 4);
	iks_add(&k, 0);
	iks_add(&k, 9);
	ok(iks_stat(&k, &s) && s.stat == 1 && s.kuiper == 1 && s.ks == .5 &&
		s.num == 4,
	    "Kuiper sees both sides");
	iks_free(&k);
	rng_seed(&r, 3, 0);
	d = iks_simulate(&q, 100, 1000, &r);
	q.kuiper = 1;
	rng_seed(&r, 3, 0);
	v = iks_simulate(&q, 100, 1000, &r);
	ok(v > d && v < 2 * d, "and its simulation does");
}

/* 5 % of runs of 1000 records with n = 500, W = 50 go beyond 0.306; a
 * binomial with 1000 runs stays within 0.03 .. 0.07 but for one in 200. */
static void
simulation(void)
{
	struct iks_params p = {.window = 50};
	struct rng r;
	int beyond = 0;

	rng_seed(&r, 2, 0);
	for (int i = 0; i < 1000; i++)
		beyond += iks_simulate(&p, 500, 1000, &r) > .306;
	if (!ok(beyond >= 30 && beyond <= 70, "false alarms of 1000 runs"))
		printf("# %d\n", beyond);
}

int
main(void)
{
	agrees_with_brute_force();
	order_agrees_with_tree(300, 200);
	order_agrees_with_tree(5000, 1024);
	order_agrees_with_tree(40000, 500);
	frouros_series();
	published_values();
	direction_and_place();
	edges();
	steps((struct iks_params){.window = 30, .step = 7}, 7, "step");
	steps((struct iks_params){.window = 30, .policy = IKS_TUMBLING}, 30,
	    "tumbling");
	steps(
	    (struct iks_params){.window = 30, .policy = IKS_SLIDING, .step = 9},
	    9, "sliding, step");
	remembers();
	kuiper();
	simulation();
	return done_testing();
}
