/* FOCuS against every moment of change. */
#include <stdlib.h>

#include "detect/focus.h"
#include "stats/rng.h"
#include "tap.h"

enum { N = 4000 };

/* What is unlike about the streams. */
enum kind { QUIET, SHIFTED, INTEGERS, FALLING, HUGE_ONES, ZEROS, SLOW, KINDS };

static double
value(enum kind kind, int t, struct rng *r)
{
	double z = rng_normal(r);

	switch (kind) {
	case SHIFTED:
		return z + (t > N / 2 ? 0.3 : 0);
	case INTEGERS:
		return floor(z);
	case FALLING:
		return z - (t > N / 4 ? 1 : 0);
	case HUGE_ONES:
		return z * 1e90;
	case ZEROS:
		return t % 5 == 0 ? z : 0;
	case SLOW:
		return z + 2e-4 * t;
	default:
		return z;
	}
}

/* The definition: sum has the sums before each of the t values. */
static struct focus_stat
brute(const double *sum, int t)
{
	struct focus_stat s = {0, 1, 0, 0};

	for (int i = 0; i < t; i++) {
		double d = sum[t] - sum[i], v = d * d / (2 * (double)(t - i));

		if (v > s.stat)
			s = (struct focus_stat){v, d > 0 ? 1 : -1,
			    (unsigned long long)(t - i), d / (t - i)};
	}
	return s;
}

static int
is_near(double got, double want)
{
	return fabs(got - want) <= 1e-10 * fabs(want);
}

static void
exact(enum kind kind)
{
	static double sum[N + 1];
	struct focus_stat s, want;
	struct focus f;
	struct rng r;
	int good = 1, others = 0;
	size_t most = 0;

	rng_seed(&r, 9, kind);
	focus_init(&f);
	for (int t = 1; t <= N; t++) {
		double z = value(kind, t, &r);

		sum[t] = sum[t - 1] + z;
		focus_add(&f, z);
		focus_stat(&f, &s);
		want = brute(sum, t);
		good = good && is_near(s.stat, want.stat);
		/* Equally good moments may be told either way. */
		others += s.since != want.since || !is_near(s.size, want.size);
		most = f.up.n > most ? f.up.n : most;
	}
	ok(good, "stream %d: all of %d records", kind, N);
	ok(others <= (kind == INTEGERS || kind == ZEROS ? N / 10 : 0),
	    "stream %d: moment and size, %d others", kind, others);
	ok(most < 40, "stream %d: at most %zu corners", kind, most);
	focus_free(&f);
}

/* Every record is a corner: memory is bounded, the loss small. */
static void
ramp(double step, double noise)
{
	static double sum[N + 1];
	struct focus_stat s;
	struct focus f;
	struct rng r;
	double worst = 0;
	int over = 0;

	rng_seed(&r, 4, 0);
	focus_init(&f);
	for (int t = 1; t <= N; t++) {
		double z = t * step + noise * rng_normal(&r), want;

		sum[t] = sum[t - 1] + z;
		focus_add(&f, z);
		focus_stat(&f, &s);
		want = brute(sum, t).stat;
		worst = fmax(worst, 1 - s.stat / want);
		over += s.stat > want * (1 + 1e-10);
	}
	ok(over == 0 && worst < 2e-3, "ramp %g, %g: loses %.2g", step, noise,
	    worst);
	ok(f.up.n <= FOCUS_CORNERS, "ramp %g, %g: %zu corners", step, noise,
	    f.up.n);
	focus_free(&f);
}

/* The alarm of a long drift, which ends soon behind it. */
static void
held(double size, int length)
{
	struct focus free_f, f;
	struct focus_stat s, t;
	struct rng r;
	double limit = 12;
	int same = 1, began = 0, ends = 0, since = 0, over = 0;

	rng_seed(&r, 2, 0);
	focus_init(&free_f);
	focus_init(&f);
	focus_hold(&f, limit);
	for (int i = 1; i <= length + 3000; i++) {
		double z = rng_normal(&r) + (i > 200 && i <= length ? size : 0);

		focus_add(&free_f, z);
		focus_add(&f, z);
		focus_stat(&free_f, &t);
		focus_stat(&f, &s);
		over += s.stat > 2 * limit * (1 + 1e-9);
		if (!began)
			same = same && (s.stat > limit) == (t.stat > limit);
		began = began ? began : s.stat > limit ? i : 0;
		if (i == length)
			since = (int)s.since;
		if (i > length && ends == 0 && s.stat <= limit)
			ends = i - length;
	}
	ok(same && began > 200, "%g: an alarm begins as without", size);
	ok(over == 0, "%g: it is held at twice the limit", size);
	ok(abs(length - 200 - since) < 40, "%g: it knows since when: %d", size,
	    since);
	ok(ends > 0 && ends < 100 + 12 * limit / (size * size),
	    "%g: it ends, after %d", size, ends);
	focus_free(&free_f);
	focus_free(&f);
}

static void
edges(void)
{
	struct focus_stat s;
	struct focus f;

	focus_init(&f);
	focus_stat(&f, &s);
	ok(s.stat == 0 && s.since == 0 && s.size == 0, "of nothing");
	focus_add(&f, -3);
	focus_stat(&f, &s);
	ok(s.stat == 4.5 && s.since == 1 && s.size == -3 && s.direction == -1,
	    "of one");
	focus_reset(&f);
	focus_stat(&f, &s);
	ok(s.stat == 0, "reset");
	for (int i = 0; i < 100; i++)
		focus_add(&f, i % 3 ? 1e308 : -1e308);
	focus_stat(&f, &s);
	ok(isfinite(s.stat) && s.stat > 1e190, "the largest values");
	focus_reset(&f);
	focus_hold(&f, 0);
	focus_add(&f, 1);
	focus_stat(&f, &s);
	ok(s.stat == 0.5, "held at a limit of 0");
	focus_free(&f);
}

int
main(void)
{
	for (int kind = 0; kind < KINDS; kind++)
		exact((enum kind)kind);
	ramp(1e-3, 0);
	ramp(1e-2, 0.01);
	ramp(1e-3, 0.1);
	held(1, 5000);
	held(0.3, 20000);
	held(100, 2000);
	edges();
	return done_testing();
}
