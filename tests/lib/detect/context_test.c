/* Scores within pools: against counting, and what does not matter. */
#include "detect/context.h"
#include "stats/special.h"
#include "tap.h"

enum { N = 300, WIDTH = 2, POOLS = 5 };

static double rows[N * WIDTH], z[N * WIDTH];
static uint32_t pool[N];

/* Among the rows of the pool; a value that they have is one of them. */
static double
counted(size_t p, size_t column, double x)
{
	double below = 0, equal = 0, n = 0;

	for (size_t i = 0; i < N; i++) {
		double y = rows[i * WIDTH + column];

		if (pool[i] != p)
			continue;
		below += y < x;
		equal += y == x;
		n++;
	}
	below += equal > 1 ? equal / 2 : nscore_bits(x);
	return special_normal_quantile(below / (equal > 0 ? n : n + 1));
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
		worst = fmax(worst,
		    fabs(z[i] - counted(pool[i / WIDTH], i % WIDTH, rows[i])));
	ok(worst < 1e-12, "a reference, each value left out: within %g", worst);
	for (size_t i = 0; i < N; i++) {
		size_t p = i % POOLS;
		double y[WIDTH] = {10 * (double)p + rng_normal(r),
		    (double)rng_below(r, 8) - (double)p};

		context_score(c, p, y, x);
		for (size_t j = 0; j < WIDTH; j++)
			worst_next = fmax(
			    worst_next, fabs(x[j] - counted(p, j, y[j])));
	}
	ok(worst_next < 1e-12, "what follows: within %g", worst_next);
	context_free(c);
}

/* Else a detector by ranks has each record between two of the reference. */
static void
ties(void)
{
	struct context *c = context_new(rows, pool, N, WIDTH, POOLS, z);
	int same = 1;

	for (size_t i = 0; i < N; i++) {
		double again[WIDTH];

		context_score(c, pool[i], rows + i * WIDTH, again);
		for (size_t j = 0; j < WIDTH; j++)
			same &= again[j] == z[i * WIDTH + j];
	}
	ok(same, "what ties with the reference has its score");
	context_free(c);
}

/* Whether n scores have mean 0 and variance 1, those of one normal value. */
static void
is_normal(const double *score, size_t n, const char *what)
{
	double sum = 0, square = 0;

	for (size_t i = 0; i < n; i++) {
		sum += score[i];
		square += score[i] * score[i];
	}
	sum /= sqrt((double)n);
	square = (square - (double)n) / sqrt(2 * (double)n);
	ok(fabs(sum) < 3 && fabs(square) < 3, "%s: mean %.2f, squares %.2f",
	    what, sum, square);
}

/*
 * Of pools of 4, each with others of its own: reference and stream have the
 * same distribution, its tails too.
 */
static void
small(struct rng *r)
{
	enum { IN = 4, MANY = 2500 };
	static double x[IN * MANY], score[IN * MANY];
	static uint32_t of[IN * MANY];
	struct context *c;

	for (uint32_t i = 0; i < IN * MANY; i++) {
		x[i] = rng_normal(r);
		of[i] = i / IN;
	}
	c = context_new(x, of, IN * MANY, 1, MANY, score);
	is_normal(score, IN * MANY, "the reference");
	for (size_t i = 0; i < MANY; i++) {
		x[i] = rng_normal(r);
		context_score(c, i, x + i, score + i);
	}
	is_normal(score, MANY, "what follows");
	context_free(c);
}

static void
shared(void)
{
	struct context *c = context_new(rows, pool, N, 1, POOLS, z);
	double x = -3, a, b;

	context_score(c, 0, &x, &a);
	ok(context_share(c) == c && context_share(NULL) == NULL, "shared");
	context_free(c);
	context_score(c, 0, &x, &b);
	ok(a == b, "lasts as long as one has it");
	context_free(c);
	context_free(NULL);
}

int
main(void)
{
	struct rng r;

	rng_seed(&r, 7, 7);
	fill(&r);
	against_counting(&r);
	ties();
	small(&r);
	shared();
	return done_testing();
}
