#include <math.h>
#include <stdlib.h>

#include "stats/ks.h"

/*
 * The recursion runs over the antidiagonals i + j = t, in place: p[i] stands
 * for P(i, t - i). Only lo .. hi can be less than 1. The samples are swapped
 * so that i belongs to the smaller one, n <= m.
 */
struct band {
	int64_t n, m, c, lo, hi;
	double *p;
};

/* From t - 1 to t, as if no cell of t were beyond c. */
static void
advance(struct band *b, int64_t t)
{
	double *p = b->p;

	if (b->lo < t - b->m)
		b->lo = t - b->m;
	if (b->hi < b->n && b->hi < t)
		b->hi++;
	for (int64_t i = b->hi; i > 0 && i >= b->lo; i--)
		p[i] = ((double)i * p[i - 1] + (double)(t - i) * p[i]) /
		       (double)t;
	/* P(0,t) is P(0,t-1), which p[0] already holds. */
}

static void
cut(struct band *b, int64_t t)
{
	/* i m - j n with j = t - i */
	for (; b->lo <= b->hi; b->p[b->lo++] = 1)
		if (t * b->n - b->lo * (b->n + b->m) < b->c)
			break;
	for (; b->lo <= b->hi; b->p[b->hi--] = 1)
		if (b->hi * (b->n + b->m) - t * b->n < b->c)
			break;
}

static int
blocks_add_up(const int64_t *block, size_t blocks, int64_t total)
{
	for (size_t k = 0; k < blocks; k++) {
		if (block[k] < 1 || block[k] > total)
			return 0;
		total -= block[k];
	}
	return total == 0;
}

/* block NULL: no ties */
static double
recursion(int64_t n, int64_t m, int64_t c, const int64_t *block)
{
	struct band b = {n < m ? n : m, n < m ? m : n, c, 0, 0, NULL};
	int64_t end = block ? *block : 1;
	double result;

	if (c <= 0)
		return 1;
	if (c > n * m)
		return 0;
	b.p = malloc((size_t)(b.n + 1) * sizeof *b.p);
	if (!b.p)
		return NAN;
	b.p[0] = 0;
	for (int64_t i = 1; i <= b.n; i++)
		b.p[i] = 1;
	for (int64_t t = 1; t <= n + m && b.lo <= b.hi; t++) {
		advance(&b, t);
		if (t == end) {
			if (t < n + m)
				end += block ? *++block : 1;
			cut(&b, t);
		}
	}
	result = b.p[b.n];
	free(b.p);
	return result;
}

static int
sizes_fit(int64_t n, int64_t m)
{
	return n >= 1 && n <= KS_MAX && m >= 1 && m <= KS_MAX;
}

double
ks_pvalue(int64_t n, int64_t m, int64_t c)
{
	return sizes_fit(n, m) ? recursion(n, m, c, NULL) : NAN;
}

double
ks_pvalue_ties(
    int64_t n, int64_t m, int64_t c, const int64_t *block, size_t blocks)
{
	if (!sizes_fit(n, m) || !blocks_add_up(block, blocks, n + m))
		return NAN;
	return recursion(n, m, c, block);
}

static uint64_t
mix(uint64_t h, int64_t x)
{
	h = (h ^ (uint64_t)x) * 0x9e3779b97f4a7c15;
	return h ^ h >> 29;
}

double
ks_pvalue_memo(struct ks_memo *memo, int64_t n, int64_t m, int64_t c,
    const int64_t *block, size_t blocks)
{
	uint64_t h = mix(mix(mix(1, n), m), c);
	size_t i;

	for (size_t k = 0; k < blocks; k++)
		h = mix(h, block[k]);
	h |= 1; /* 0: no question yet */
	i = h >> 32 & (KS_MEMO - 1);
	if (memo->of[i].question != h) {
		memo->of[i].question = h;
		memo->of[i].p = ks_pvalue_ties(n, m, c, block, blocks);
	}
	return memo->of[i].p;
}

static int64_t
gcd(int64_t a, int64_t b)
{
	return b ? gcd(b, a % b) : a;
}

int64_t
ks_critical(int64_t n, int64_t m, double alpha)
{
	int64_t step, lo = 0, hi;

	if (!sizes_fit(n, m) || !(alpha > 0 && alpha < 1))
		return -1;
	/* c is a multiple of step; p(lo step) > alpha >= p(hi step) */
	step = gcd(n, m);
	hi = n * m / step + 1;
	while (hi - lo > 1) {
		int64_t mid = lo + (hi - lo) / 2;
		double p = ks_pvalue(n, m, mid * step);

		if (isnan(p))
			return -1;
		if (p <= alpha)
			hi = mid;
		else
			lo = mid;
	}
	return hi * step > n * m ? n * m + 1 : hi * step;
}
