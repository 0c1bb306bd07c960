/* Scores within pools: against counting, and what does not matter. */
#include "detect/context.h"
#include "stats/special.h"
#include "tap.h"

enum { N = 300, WIDTH = 2, POOLS = 5 };

static double rows[N * WIDTH], z[N * WIDTH];
static uint32_t pool[N];

/* Among the rows of the pool, but for one; a tie counts half. */
static double
counted(size_t p, size_t column, double x, size_t but)
{
	double below = 0.5, n = 1;

	for (size_t i = 0; i < N; i++) {
		double y = rows[i * WIDTH + column];

		if (pool[i] != p || i == but)
			continue;
		below += (y < x) + 0.5 * (y == x);
		n++;
	}
	return special_normal_quantile(below / n);
}

static void
fill(struct rng *r)
{
	for (size_t i = 0; i < N; i++) {
		pool[i] = i < POOLS ? (uint32_t)i
				    : (uint32_t)rng_below(r, POOLS - 1);
		rows[i * WIDTH] = rng_normal(r) + 10 * pool[i];
		rows[i * WIDTH + 1] = (double)rng_below(r, 6) - pool[i];
	}
}

static void
against_counting(struct rng *r)
{
	struct context *c = context_new(rows, pool, N, WIDTH, POOLS, z);
	double worst = 0, worst_next = 0, x[WIDTH];

	for (size_t i = 0; i < N * WIDTH; i++)
		worst = fmax(
		    worst, fabs(z[i] - counted(pool[i / WIDTH], i % WIDTH,
					   rows[i], i / WIDTH)));
	ok(worst < 1e-12, "a reference, each value left out: within %g", worst);
	for (size_t i = 0; i < N; i++) {
		size_t p = i % POOLS;
		double y[WIDTH] = {10 * (double)p + rng_normal(r),
		    (double)rng_below(r, 8) - (double)p};

		context_score(c, p, y, x);
		for (size_t j = 0; j < WIDTH; j++)
			worst_next = fmax(
			    worst_next, fabs(x[j] - counted(p, j, y[j], N)));
	}
	ok(worst_next < 1e-12, "what follows: within %g", worst_next);
	context_free(c);
}

static double
sum_of_scores(size_t column, uint32_t of)
{
	double sum = 0;

	for (size_t i = 0; i < N; i++)
		sum += pool[i] == of ? z[i * WIDTH + column] : 0;
	return sum;
}

static void
invariant(void)
{
	static double other[N * WIDTH], same[N];
	struct context *c, *d;
	double x = -3, y = exp(-3) * 1e200, a, b;
	int alike = 1;

	for (size_t i = 0; i < N; i++)
		same[i] = rows[i * WIDTH];
	c = context_new(same, pool, N, 1, POOLS, z);
	for (size_t i = 0; i < N; i++)
		other[i] = exp(same[i]) * 1e200;
	d = context_new(other, pool, N, 1, POOLS, other);
	for (size_t i = 0; i < N; i++)
		alike &= other[i] == z[i];
	context_score(c, 0, &x, &a);
	context_score(d, 0, &y, &b);
	ok(alike && a == b, "an increasing transform changes nothing");
	ok(context_share(c) == c && context_share(NULL) == NULL, "shared");
	context_free(c);
	context_score(c, 0, &x, &b);
	ok(a == b, "lasts as long as one has it");
	context_free(c);
	context_free(d);
	context_free(NULL);
}

int
main(void)
{
	struct rng r;

	rng_seed(&r, 7, 7);
	fill(&r);
	against_counting(&r);
	for (uint32_t p = 0; p < POOLS; p++)
		ok(fabs(sum_of_scores(0, p)) < 1e-9,
		    "no level of pool %u is left", p);
	ok(z[(POOLS - 1) * WIDTH] == 0,
	    "one value has nothing to be ranked by");
	invariant();
	return done_testing();
}
