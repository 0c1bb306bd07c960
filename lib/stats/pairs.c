#include <math.h>
#include <stdlib.h>

#include "stats/pairs.h"
#include "stats/rng.h"
#include "stats/sort.h"

enum { MOST = 20000 };

double
pairs_distance(const double *x, const double *y, size_t d)
{
	double sum = 0;

	for (size_t k = 0; k < d; k++)
		sum += (x[k] - y[k]) * (x[k] - y[k]);
	return sqrt(sum);
}

/* The distances of all pairs that are so far apart; how many. */
static size_t
take_all(double *to, const double *rows, size_t n, size_t d, size_t apart)
{
	size_t m = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = i + apart; j < n; j++)
			to[m++] = pairs_distance(rows + i * d, rows + j * d, d);
	return m;
}

static size_t
take_some(double *to, const double *rows, size_t n, size_t d, size_t apart)
{
	struct rng rng;
	size_t m = 0;

	rng_seed(&rng, n, 0);
	while (m < MOST) {
		size_t i = rng_below(&rng, n), j = rng_below(&rng, n);

		if ((i < j ? j - i : i - j) >= apart)
			to[m++] = pairs_distance(rows + i * d, rows + j * d, d);
	}
	return m;
}

double
pairs_quantile(const double *rows, size_t n, size_t d, double q)
{
	size_t apart = n < 8 ? 1 : n / 4, left = n - apart, m, k;
	int few = left < 200 && left * (left + 1) / 2 <= MOST;
	double *x = malloc(MOST * sizeof(*x)), found;

	if (x == NULL)
		return NAN;
	m = few ? take_all(x, rows, n, d, apart)
		: take_some(x, rows, n, d, apart);
	sort_reals(x, m);
	k = (size_t)ceil(q * (double)m);
	found = x[k > 0 ? k - 1 : 0];
	free(x);
	return found;
}
