/* The Kolmogorov-Smirnov distance by its definition, and streams to try it
 * on. */
#ifndef BRUTE_H
#define BRUTE_H

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "stats/rng.h"

struct brute {
	int64_t plus, minus;
};

static inline int
brute_compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Sorts both and passes block after block of equal values. */
static inline struct brute
brute_force(const double *a, size_t n, const double *b, size_t m)
{
	double x[400], y[400];
	struct brute d = {0, 0};

	memcpy(x, a, n * sizeof *x);
	memcpy(y, b, m * sizeof *y);
	qsort(x, n, sizeof *x, brute_compare);
	qsort(y, m, sizeof *y, brute_compare);
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
static inline int64_t
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
	FAR_FROM_ZERO,
	CONSTANT,
	LAWS,
};

static const char *const law_name[LAWS] = {"continuous", "quantised", "integer",
    "binary", "huge and tiny", "far from zero", "constant"};

static inline double
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
	case FAR_FROM_ZERO:
		return 1e9 + 1e-3 * rng_uniform(r);
	case CONSTANT:
		return 7;
	default:
		return (rng_below(r, 2) ? 1e300 : 1e-300) * rng_normal(r);
	}
}

#endif
