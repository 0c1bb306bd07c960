#include <math.h>
#include <stdlib.h>

#include "report/contrast.h"
#include "stats/ks.h"

struct moments {
	double mean, squares; /* squared distances from the mean */
};

static struct moments
moments_of(const double *x, size_t n)
{
	struct moments k = {0, 0};

	for (size_t i = 0; i < n; i++)
		k.mean += x[i] / (double)n;
	k.mean = x[0] == x[n - 1] ? x[0] : k.mean; /* not nearly */
	for (size_t i = 0; i < n; i++)
		k.squares += (x[i] - k.mean) * (x[i] - k.mean);
	return k;
}

static double
shift_of(const double *a, size_t n, const double *b, size_t m)
{
	struct moments x = moments_of(a, n), y = moments_of(b, m);

	return (y.mean - x.mean) /
	       sqrt((x.squares + y.squares) / (double)(n + m - 2));
}

/*
 * Walks both samples value by value: c is the largest |i m - j n|, above and
 * below count the pairs, block gets how often each value occurs.
 */
struct walk {
	int64_t c, above, below;
	size_t blocks;
};

static struct walk
walk_both(const double *a, size_t n, const double *b, size_t m, int64_t *block)
{
	struct walk w = {0, 0, 0, 0};
	size_t i = 0, j = 0;

	while (i < n || j < m) {
		double x = j == m || (i < n && a[i] < b[j]) ? a[i] : b[j];
		size_t p = 0, q = 0;
		int64_t c;

		while (i + p < n && a[i + p] == x)
			p++;
		while (j + q < m && b[j + q] == x)
			q++;
		w.above += (int64_t)(q * i);
		w.below += (int64_t)(p * j);
		i += p;
		j += q;
		block[w.blocks++] = (int64_t)(p + q);
		c = (int64_t)(i * m) - (int64_t)(j * n);
		c = c < 0 ? -c : c;
		w.c = c > w.c ? c : w.c;
	}
	return w;
}

struct contrast
contrast(const double *a, size_t n, const double *b, size_t m)
{
	int64_t *block = malloc((n + m) * sizeof(*block));
	struct contrast r = {n, m, NAN, NAN, NAN, shift_of(a, n, b, m)};
	double pairs = (double)n * (double)m;
	struct walk w;

	if (block == NULL)
		return r;
	w = walk_both(a, n, b, m, block);
	r.d = (double)w.c / pairs;
	r.p = ks_pvalue_ties((int64_t)n, (int64_t)m, w.c, block, w.blocks);
	r.delta = (double)(w.above - w.below) / pairs;
	free(block);
	return r;
}
