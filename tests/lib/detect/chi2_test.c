/* chi2: against SciPy, against brute force, and its runs. */
#include <stdlib.h>
#include <string.h>

#include "alias.h"
#include "limit/calib.h"
#include "detect/chi2.h"
#include "stats/special.h"
#include "tap.h"

enum { MANY = 128 };

static const char *const names[] = {"g", "pearson"};

/* A detector that has learnt counts a of k classes, its window still empty. */
static void
learn(struct chi2 *d, struct chi2_params p, const long *a, size_t k)
{
	size_t n = 0, all = 0;
	double *ref;

	for (size_t i = 0; i < k; i++)
		all += (size_t)a[i];
	ref = malloc(all * sizeof *ref);
	for (size_t i = 0; i < k; i++)
		for (long j = 0; j < a[i]; j++)
			ref[n++] = (double)i;
	if (chi2_init(d, &p, ref, n))
		abort();
	free(ref);
}

static void
add_counts(struct chi2 *d, const long *b, size_t k)
{
	for (size_t i = 0; i < k; i++)
		for (long j = 0; j < b[i]; j++)
			chi2_add(d, i);
}

static long
total(const long *x, size_t k)
{
	long sum = 0;

	for (size_t i = 0; i < k; i++)
		sum += x[i];
	return sum;
}

/* One line of tests/vectors/chi2_scipy.txt. */
static void
check_table(FILE *f, const char *name, double want, size_t df, double p)
{
	long a[MANY], b[MANY];
	struct chi2_stat s;
	struct chi2 d;
	size_t k;

	if (fscanf(f, "%zu", &k) != 1 || k > MANY)
		abort();
	for (size_t i = 0; i < 2 * k; i++)
		if (fscanf(f, "%ld", i < k ? &a[i] : &b[i - k]) != 1)
			abort();
	learn(&d,
	    (struct chi2_params){strcmp(name, "g") ? CHI2_PEARSON : CHI2_G,
		(size_t)total(b, k), 0, k},
	    a, k);
	add_counts(&d, b, k);
	ok(chi2_stat(&d, &s) && fabs(s.stat - want) < 1e-9 * (1 + want) &&
		s.df == df,
	    "SciPy: %s of %zu classes is %.6g", name, k, want);
	near(special_chi2_tail(want, (double)df), p, 1e-10, "and its p-value");
	chi2_free(&d);
}

static void
scipy(void)
{
	FILE *f = fopen("tests/vectors/chi2_scipy.txt", "r");
	double want, p;
	char name[8];
	size_t df;
	int n = 0;

	for (; f && fscanf(f, "%7s %lf %zu %lf", name, &want, &df, &p) == 4;
	     n++)
		check_table(f, name, want, df, p);
	ok(n == 30, "all of the tables");
	if (f)
		fclose(f);
}

/* x ln(x / y) */
static double
xln(double x, double y)
{
	return x > 0 ? x * log(x / y) : 0;
}

/* The cell of each class by the rule in chi2.h; how many cells. */
static size_t
cells_of(const struct chi2_params *p, const long *a, long n, size_t *cell)
{
	double m = (double)p->window, held = 0, in[MANY] = {0};
	double enough = p->min_expected * fmax((double)n / m, 1);
	size_t own = 0, full = 0, room = 1, step, last, least = 0;

	for (size_t i = 0; i < p->classes; i++)
		if (a[i] > 0 && (double)a[i] >= 2 * enough)
			cell[i] = own++;
	while (room < p->classes)
		room *= 2;
	step = (size_t)(0.618 * (double)room) | 1;
	for (size_t t = 0; t < room; t++) {
		size_t i = t * step % room;

		if (i >= p->classes || a[i] == 0 || (double)a[i] >= 2 * enough)
			continue;
		cell[i] = own + full;
		held += (double)a[i];
		full += held >= enough;
		held = held >= enough ? 0 : held;
	}
	last = own + (full ? full - 1 : 0);
	for (size_t i = 0; i < p->classes; i++) {
		if (a[i] == 0)
			cell[i] = own + i % (full ? full : 1);
		cell[i] = cell[i] < last ? cell[i] : last;
		in[cell[i]] += (double)a[i];
	}
	if (own < 2 || in[own] >= enough ||
	    (p->statistic == CHI2_G && (double)n >= m))
		return last + 1;
	for (size_t j = 0; j < own; j++)
		least = in[j] < in[least] ? j : least;
	for (size_t i = 0; i < p->classes; i++)
		cell[i] = cell[i] == own ? least : cell[i];
	return own;
}

/* The statistic out of all the counts. */
static double
brute(const struct chi2_params *p, const long *a, const long *b, long n)
{
	double in[MANY][2] = {{0}}, m = (double)p->window, g = 0;
	size_t cell[MANY], cells = cells_of(p, a, n, cell);

	for (size_t i = 0; i < p->classes; i++) {
		in[cell[i]][0] += (double)a[i];
		in[cell[i]][1] += (double)b[i];
	}
	for (size_t j = 0; j < cells; j++) {
		double t = in[j][0] + in[j][1], N = (double)n + m;
		double ea = t * (double)n / N, eb = t * m / N;

		if (t > 0 && p->statistic == CHI2_PEARSON)
			g += pow(in[j][0] - ea, 2) / ea +
			     pow(in[j][1] - eb, 2) / eb;
		else
			g += 2 * (xln(in[j][0], ea) + xln(in[j][1], eb));
	}
	return g;
}

/* A stream of classes of falling frequency, some of them unseen at first. */
static void
against_brute(struct chi2_params p, size_t k, long n, double skew)
{
	static size_t code[3000];
	long a[MANY] = {0}, b[MANY] = {0};
	double w[MANY], sum = 0, worst = 0;
	struct chi2_stat s;
	struct alias t;
	struct chi2 d;
	struct rng r;

	rng_seed(&r, 21, k);
	for (size_t i = 0; i < k; i++)
		sum += w[i] = pow(skew, (double)i);
	for (size_t i = 0; i < k; i++)
		w[i] /= sum;
	alias_init(&t, w, k);
	for (long i = 0; i < n; i++)
		a[alias_draw(&t, &r)]++;
	p.classes = k + 1;
	learn(&d, p, a, k + 1);
	for (size_t i = 0; i < 3000; i++) {
		code[i] = i > 2000 && i % 3 == 0 ? k : alias_draw(&t, &r);
		chi2_add(&d, code[i]);
		b[code[i]]++;
		if (i >= p.window)
			b[code[i - p.window]]--;
		if (chi2_stat(&d, &s) != (i + 1 >= p.window))
			worst = INFINITY;
		else if (i + 1 >= p.window)
			worst = fmax(worst, fabs(s.stat - brute(&p, a, b, n)));
	}
	if (!ok(worst < 1e-8, "%s, %zu classes, window %zu: brute force agrees",
		names[p.statistic], k, p.window))
		printf("# off by %g\n", worst);
	alias_free(&t);
	chi2_free(&d);
}

static void
top_and_unseen(void)
{
	static const long a[] = {100, 200, 200, 0, 0}, b[] = {20, 70, 0, 8, 2};
	struct chi2_params p = {CHI2_G, 100, 0, 6};
	struct chi2_class top[CHI2_CLASSES_TOP];
	struct chi2_stat s;
	struct chi2 d;
	double sum = 0;

	learn(&d, p, a, 5);
	for (int i = 0; i < 100; i++)
		chi2_add(&d, (size_t)(i % 7 % 3));
	ok(chi2_stat(&d, &s) && s.unseen == 0 && chi2_top(&d, top, 0) == 3,
	    "nothing unseen");
	for (int i = 0; i < 3; i++)
		sum += top[i].contribution;
	near(sum, s.stat, 1e-10, "contributions add up");
	add_counts(&d, b, 5);
	ok(chi2_stat(&d, &s) && s.unseen == 10 && s.df == 3, "ten unseen");
	ok(chi2_top(&d, top, 0) == 3 && top[0].code == 2 && top[1].code == 3 &&
		top[2].code == 1,
	    "the largest three");
	ok(top[0].observed == 0 && top[0].expected == 40 &&
		top[1].observed == 8 && top[1].expected == 0,
	    "observed and expected");
	near(top[0].contribution, 400 * log(1.2), 1e-12, "the first's term");
	ok(chi2_top(&d, top, 1) == 2 && top[0].code == 3 && top[1].code == 4,
	    "the unseen ones by their frequency");
	chi2_reset(&d);
	ok(!chi2_stat(&d, &s) && chi2_top(&d, top, 1) == 0,
	    "nothing after a reset");
	for (int i = 0; i < 100; i++)
		chi2_add(&d, i < 20 ? 0 : 1 + i % 2);
	ok(chi2_stat(&d, &s) && s.stat == 0 && s.unseen == 0 && s.df == 2,
	    "the reference is still there, and equal shares are exactly 0");
	chi2_free(&d);
}

/* What came before the window leaves no trace; the order of classes none. */
static void
exact(enum chi2_statistic statistic)
{
	static const long a[] = {7, 300, 41, 152};
	static const long mirror[] = {152, 41, 300, 7};
	struct chi2_params p = {statistic, 60, 0, 4};
	struct chi2_stat s, t, u;
	size_t last[60];
	struct chi2 d, e, f;
	struct rng r;

	rng_seed(&r, 22, 0);
	learn(&d, p, a, 4);
	learn(&e, p, a, 4);
	learn(&f, p, mirror, 4);
	for (int i = 0; i < 200000; i++)
		chi2_add(&d, last[i % 60] = rng_below(&r, 4));
	for (int i = 0; i < 60; i++) {
		chi2_add(&e, last[i]);
		chi2_add(&f, 3 - last[59 - i]);
	}
	ok(chi2_stat(&d, &s) && chi2_stat(&e, &t) && chi2_stat(&f, &u) &&
		s.stat == t.stat && s.stat == u.stat,
	    "%s: no rounding builds up", names[statistic]);
	chi2_free(&d);
	chi2_free(&e);
	chi2_free(&f);
}

static void
runs(void)
{
	static const long a[] = {60, 50, 40, 30, 20}, other[] = {200};
	struct chi2_params p = {CHI2_G, 50, 5, 11};
	struct chi2 d, e;
	double one, two;
	struct rng r;

	learn(&d, p, a, 5);
	learn(&e, p, other, 1);
	rng_seed(&r, 23, 0);
	one = chi2_simulate(&d, d.ref->n, 500, &r);
	rng_seed(&r, 23, 0);
	two = chi2_simulate(&d, d.ref->n, 500, &r);
	ok(one == two && one > 0, "a run repeats");
	ok(chi2_simulate(&d, d.ref->n, 49, &r) == -INFINITY, "a run too short");
	rng_seed(&r, 23, 0);
	two = chi2_simulate(&e, e.ref->n, 500, &r);
	ok(isfinite(two) && two < one, "a run of one class");
	ok(chi2_null_cells(&d) == 5 && chi2_null_cells(&e) == 2,
	    "by their cells");
	chi2_free(&d);
	chi2_free(&e);
	ok(chi2_init(&d, &p, NULL, 0) != NULL, "no empty reference");
}

/* One limit serves all references of as many cells; few more are told apart. */
static void
null_cells(void)
{
	size_t last = 0, laws = 0;
	int good = 1;
	long a[100];
	struct chi2 d;

	for (size_t k = 1; k <= 100; k++) {
		struct chi2_params p = {CHI2_G, 100, 0, k + 1};
		size_t law;

		a[k - 1] = 9;
		learn(&d, p, a, k);
		law = chi2_null_cells(&d);
		good = good && law >= k && law >= 2 && law >= last;
		good = good && (k > 16 ? (double)law <= 1.125 * (double)k
				       : law == (k > 2 ? k : 2));
		laws += law != last;
		last = law;
		chi2_free(&d);
	}
	ok(good && laws < 40,
	    "100 numbers of cells have %zu null distributions", laws);
}

/* Of 200 streams without drift, each with its limit, few alarm. */
static void
false_alarms(size_t k)
{
	struct chi2_params p = {CHI2_G, 60, 5, 40};
	double ref[200], max[99], limit;
	struct chi2_stat s;
	struct chi2 d;
	struct rng r;
	int alarms = 0;

	for (uint64_t i = 0; i < 200; i++) {
		int alarm = 0;

		rng_seed(&r, 24, i);
		for (int j = 0; j < 200; j++)
			ref[j] = (double)rng_below(&r, k);
		chi2_init(&d, &p, ref, 200);
		for (int j = 0; j < 99; j++)
			max[j] = chi2_simulate(&d, d.ref->n, 300, &r);
		limit = calib_limit(max, 99, 0.05);
		for (int j = 0; j < 300; j++) {
			chi2_add(&d, rng_below(&r, k));
			alarm |= chi2_stat(&d, &s) && s.stat > limit;
		}
		alarms += alarm;
		chi2_free(&d);
	}
	/* 10 and 3.5 standard deviations of a binomial */
	if (!ok(alarms >= 1 && alarms <= 20, "false alarms of %zu classes", k))
		printf("# %d of 200\n", alarms);
}

int
main(void)
{
	scipy();
	for (int i = 0; i < 2; i++) {
		enum chi2_statistic s = (enum chi2_statistic)i;

		against_brute((struct chi2_params){s, 100, 5, 0}, 5, 500, 1);
		against_brute((struct chi2_params){s, 70, 5, 0}, 30, 300, .9);
		against_brute((struct chi2_params){s, 200, 5, 0}, 99, 500, 1);
		against_brute((struct chi2_params){s, 9, 0, 0}, 9, 70000, .7);
		against_brute((struct chi2_params){s, 1, 1e6, 0}, 4, 50, 1);
		against_brute((struct chi2_params){s, 90, 5, 0}, 9, 60, .6);
		against_brute((struct chi2_params){s, 90, 5, 0}, 20, 900, .5);
		exact(s);
	}
	top_and_unseen();
	runs();
	null_cells();
	false_alarms(4);
	false_alarms(30);
	return done_testing();
}
