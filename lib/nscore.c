#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "normal.h"
#include "nscore.h"

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/*
 * A seed of each reference's own, so that its tied values don't meet the same
 * luck in every one: by the pattern of its rises and falls, which increasing
 * transforms leave as it is.
 */
static uint64_t
mix(uint64_t seed, const double *ref, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		seed += (ref[i] > ref[i - 1]) + 2 * (ref[i] < ref[i - 1]);
		seed *= 0x9e3779b97f4a7c15;
		seed ^= seed >> 32;
	}
	return seed;
}

int
nscore_init(
    struct nscore *s, const double *ref, size_t n, int random, uint64_t seed)
{
	*s = (struct nscore){.n = n, .random = random};
	if (random)
		rng_seed(&s->rng, mix(seed, ref, n), 0);
	s->ref = malloc(n * sizeof(*s->ref));
	if (s->ref == NULL)
		return -1;
	memcpy(s->ref, ref, n * sizeof(*ref));
	qsort(s->ref, n, sizeof(*s->ref), ascending);
	return 0;
}

/* How many of the n ascending values are below x; with equal, up to x. */
static inline size_t
below(const double *ref, size_t n, double x, int equal)
{
	size_t base = 0;

	/* A product, not a branch that would be mispredicted. */
	while (n > 0) {
		size_t half = (n + 1) / 2;
		double v = ref[base + half - 1];

		base += (size_t)(equal ? v <= x : v < x) * half;
		n -= half;
	}
	return base;
}

/* The score; the reference has *less values below x, and *cells - 1 like it. */
static double
place(struct nscore *s, double x, size_t *less, size_t *cells)
{
	double u = s->random ? rng_uniform(&s->rng) : 0.5;
	double all = (double)s->n + 1, rank;

	*less = below(s->ref, s->n, x, 0);
	*cells = 1;
	if (*less < s->n && s->ref[*less] == x)
		*cells += below(s->ref + *less, s->n - *less, x, 1);
	rank = (double)*less + u * (double)*cells;
	return normal_quantile(fmin(fmax(rank, 0.5), all - 0.5) / all);
}

double
nscore_of(struct nscore *s, double x)
{
	size_t less, cells;

	return place(s, x, &less, &cells);
}

/* The integral of the square of the quantile, from 0 to p. */
static double
squares(double p)
{
	double z;

	if (p <= 0 || p >= 1)
		return p;
	z = normal_quantile(p);
	return p - z * normal_density(z);
}

double
nscore_square(struct nscore *s, double x, double *z)
{
	double all = (double)s->n + 1;
	size_t less, cells;

	*z = place(s, x, &less, &cells);
	if (s->random)
		return *z * *z;
	return (squares((double)(less + cells) / all) -
		   squares((double)less / all)) *
	       all / (double)cells;
}

void
nscore_free(struct nscore *s)
{
	free(s->ref);
	s->ref = NULL;
}

void
nscore_state(struct nscore *s, struct store *to)
{
	rng_state(&s->rng, to);
}
