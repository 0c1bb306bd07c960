/* Ranks among values of every shape, against counting. */
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "stats/rank.h"
#include "stats/rng.h"
#include "tap.h"

enum { MOST = 700 };

struct shape {
	const char *name;
	double (*draw)(struct rng *r);
};

static double
heavy(struct rng *r)
{
	return pow(10, 600 * rng_uniform(r) - 300) * (rng_below(r, 2) ? 1 : -1);
}

static double
few(struct rng *r)
{
	return (double)rng_below(r, 5);
}

static double
close_by(struct rng *r)
{
	return 1e9 + 1e-3 + 1e-7 * (double)rng_below(r, 40);
}

static double
subnormal(struct rng *r)
{
	return 4.9e-324 * (double)rng_below(r, 1000);
}

static double
extreme(struct rng *r)
{
	return DBL_MAX * (2 * rng_uniform(r) - 1);
}

static const struct shape shapes[] = {
    {"normal", rng_normal},
    {"over 600 orders of magnitude", heavy},
    {"few distinct", few},
    {"close together, far out", close_by},
    {"subnormal", subnormal},
    {"of a range beyond a double's", extreme},
};

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int
wrong(const struct rank *r, const double *value, size_t n, double x)
{
	size_t count = 0;

	if (!isfinite(x))
		return 0;
	for (size_t i = 0; i < n; i++)
		count += value[i] <= x;
	return rank_of(r, x) != count;
}

/* How many ranks are wrong among n values. */
static int
check(const struct shape *s, size_t n)
{
	double value[MOST];
	struct rank r;
	struct rng rng;
	int bad = 0;

	rng_seed(&rng, 11, n);
	for (size_t i = 0; i < n; i++)
		value[i] = s->draw(&rng);
	qsort(value, n, sizeof(*value), ascending);
	if (rank_init(&r, value, n) < 0)
		return 1;
	for (size_t i = 0; i < n; i++) {
		bad += wrong(&r, value, n, value[i]);
		bad += wrong(&r, value, n, nextafter(value[i], INFINITY));
		bad += wrong(&r, value, n, nextafter(value[i], -INFINITY));
		bad += wrong(&r, value, n, s->draw(&rng));
		bad += wrong(&r, value, n, rng_normal(&rng));
	}
	bad += wrong(&r, value, n, DBL_MAX) + wrong(&r, value, n, -DBL_MAX);
	rank_free(&r);
	return bad;
}

int
main(void)
{
	static const size_t sizes[] = {1, 2, 3, 4, 5, 6, 9, 50, MOST};

	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		int bad = 0;

		for (size_t k = 0; k < sizeof(sizes) / sizeof(*sizes); k++)
			bad += check(&shapes[i], sizes[k]);
		ok(bad == 0, "%s: every rank is right", shapes[i].name);
	}
	return done_testing();
}
