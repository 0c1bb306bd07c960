/*
 * Against another way to the same minimum: for two classes the transport is a
 * sort, and for any number of them no two pieces of the plan may gain by an
 * exchange.
 */
#include <math.h>
#include <stdlib.h>

#include "accuracy/isotonic.h"
#include "accuracy/transport.h"
#include "stats/rng.h"
#include "tap.h"

enum { N = 60, MOST = 40 };

static struct rng r;

static void
draw(double *p, size_t k)
{
	for (size_t i = 0; i < N; i++) {
		double sum = 0;

		for (size_t c = 0; c < k; c++)
			sum += p[i * k + c] = pow(rng_uniform(&r), 4);
		for (size_t c = 0; c < k; c++)
			p[i * k + c] /= sum;
	}
}

static int
descending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x < y) - (x > y);
}

/* The records with the largest p go to class 0, until that is full. */
static double
sorted_cost(const double *p, const uint32_t *count)
{
	double first[N], left = N * (double)count[0] / (count[0] + count[1]);
	double cost = 0;

	for (int i = 0; i < N; i++)
		first[i] = p[2 * i];
	qsort(first, N, sizeof(*first), descending);
	for (int i = 0; i < N; i++) {
		double mass = fmin(fmax(left - i, 0), 1);

		cost += mass * (1 - first[i]) + (1 - mass) * first[i];
	}
	return cost / N;
}

static void
two_classes(void)
{
	struct transport t;
	double p[2 * N], worst = 0;

	transport_init(&t, 2);
	for (int i = 0; i < 200; i++) {
		const uint32_t count[] = {(uint32_t)rng_below(&r, 50),
		    1 + (uint32_t)rng_below(&r, 50)};

		draw(p, 2);
		worst = fmax(worst, fabs(transport_solve(&t, p, N, count) -
					 sorted_cost(p, count)));
	}
	ok(worst < 1e-12, "two classes");
	transport_free(&t);
}

/* Whether masses add up, and no exchange of two pieces would gain. */
static int
is_plan(const struct transport *t, const double *p, const uint32_t *count)
{
	int64_t class[MOST] = {0}, row[N] = {0}, all = 0;

	for (size_t i = 0; i < t->classes; i++)
		all += count[i];
	for (size_t i = 0; i < t->pieces; i++) {
		const struct transport_piece *a = &t->piece[i];

		class[a->class] += a->mass;
		row[a->row] += a->mass;
		for (size_t j = 0; j < i && a->mass > 0; j++) {
			const struct transport_piece *b = &t->piece[j];
			const double *x = p + a->row * t->classes;
			const double *y = p + b->row * t->classes;

			if (b->mass > 0 &&
			    x[a->class] + y[b->class] <
				x[b->class] + y[a->class] - 1e-12)
				return 0;
		}
	}
	for (size_t i = 0; i < t->classes; i++)
		if (class[i] != (int64_t)count[i] * N)
			return 0;
	for (size_t i = 0; i < N; i++)
		if (row[i] != all)
			return 0;
	return 1;
}

static void
many_classes(void)
{
	static double p[N * MOST];
	int good = 1;

	for (size_t k = 2; k <= MOST; k++) {
		struct transport t;
		uint32_t count[MOST];

		transport_init(&t, k);
		for (size_t i = 0; i < k; i++)
			count[i] = (uint32_t)rng_below(&r, 100) + (i == 0);
		draw(p, k);
		good &= !isnan(transport_solve(&t, p, N, count)) &&
			is_plan(&t, p, count);
		transport_free(&t);
	}
	ok(good, "many classes, empty ones among them");
}

static void
ties(void)
{
	struct transport t;
	double p[4 * N];
	const uint32_t count[] = {1, 0, 1, 1};

	for (int i = 0; i < 4 * N; i++)
		p[i] = 0.25;
	transport_init(&t, 4);
	ok(transport_solve(&t, p, N, count) == 0.75, "all alike");
	transport_free(&t);
}

static void
pools(void)
{
	struct isotonic_point p[] = {
	    {4, 1, 1}, {1, 5, 1}, {2, 2, 1}, {3, 4, 1}, {1, 3, 1}};
	size_t n = isotonic_falling(p, 5);

	ok(n == 3 && p[0].x == 1 && p[0].y == 4 && p[1].x == 2.5 &&
		p[1].y == 3 && p[2].y == 1,
	    "isotonic regression pools violators and equal x");
}

int
main(void)
{
	rng_seed(&r, 7, 0);
	two_classes();
	many_classes();
	ties();
	pools();
	return done_testing();
}
