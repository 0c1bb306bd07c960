#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nmddm_glr.h"

struct pair {
	double x, u;
};

static int
compare(const void *a, const void *b)
{
	const struct pair *p = a, *q = b;

	if (p->x != q->x)
		return p->x < q->x ? -1 : 1;
	return (p->u > q->u) - (p->u < q->u);
}

/* a ln(a all / (size (a + b))) */
static double
half_term(size_t a, size_t b, size_t size, size_t all)
{
	double x = (double)a;

	if (a == 0)
		return 0;
	return x * log(x / (double)size / ((double)(a + b) / (double)all));
}

static void
fill_terms(struct nmddm_glr *g)
{
	size_t n = g->n, m = g->m;
	double *term = g->term;

	for (size_t j = 0; j < g->bins; j++) {
		size_t a = (j + 1) * n / g->bins - j * n / g->bins;

		for (size_t b = 0; b <= m; b++)
			*term++ = half_term(a, b, n, n + m) +
				  half_term(b, a, m, n + m);
	}
}

/* The reference has no ties as pairs, so that n (j+1) / r of it, rounded
 * down, lie at or below cut j. */
static int
choose_cuts(struct nmddm_glr *g, const double *ref)
{
	struct pair *p = malloc(g->n * sizeof *p);

	if (!p)
		return 0;
	for (size_t i = 0; i < g->n; i++)
		p[i] = (struct pair){ref[i], rng_uniform(&g->rng)};
	qsort(p, g->n, sizeof *p, compare);
	for (size_t j = 0; j + 1 < g->bins; j++) {
		const struct pair *c = &p[(j + 1) * g->n / g->bins - 1];

		g->cut[j] = c->x;
		g->tie[j] = c->u;
	}
	free(p);
	return 1;
}

/*
 * A seed of each reference's own. With one for all, a reference would meet the
 * same draws whatever its values, and tied values the same luck every time.
 */
static uint64_t
mix(uint64_t seed, const double *ref, size_t n)
{
	uint64_t bits;

	for (size_t i = 0; i < n; i++) {
		memcpy(&bits, &ref[i], sizeof bits);
		seed = (seed ^ bits) * 0x9e3779b97f4a7c15;
		seed ^= seed >> 32;
	}
	return seed;
}

const char *
nmddm_glr_init(struct nmddm_glr *g, const double *ref, size_t n, size_t m,
    size_t bins, uint64_t seed)
{
	*g = (struct nmddm_glr){.n = n, .m = m, .bins = bins};
	if (bins < 2 || bins > NMDDM_GLR_MAX_BINS)
		return "the number of bins is not in 2 to 64";
	if (n < bins)
		return "the reference has fewer values than there are bins";
	if (n >= (size_t)1 << 40 || m >= (size_t)1 << 40)
		return "the window is too large";
	rng_seed(&g->rng, mix(seed, ref, n), 0);
	g->term = malloc(bins * (m + 1) * sizeof *g->term);
	g->ring = malloc(m);
	if (!g->term || !g->ring || !choose_cuts(g, ref)) {
		nmddm_glr_free(g);
		return "out of memory";
	}
	fill_terms(g);
	return NULL;
}

static size_t
bin_of(struct nmddm_glr *g, double x)
{
	size_t bin = 0;
	int tied = 0;
	double u;

	for (size_t j = 0; j + 1 < g->bins; j++) {
		bin += x > g->cut[j];
		tied |= x == g->cut[j];
	}
	if (!tied)
		return bin;
	u = rng_uniform(&g->rng);
	for (size_t j = 0; j + 1 < g->bins; j++)
		bin += x == g->cut[j] && u > g->tie[j];
	return bin;
}

void
nmddm_glr_add(struct nmddm_glr *g, double x)
{
	size_t bin = bin_of(g, x);

	if (g->held == g->m)
		g->count[g->ring[g->next]]--;
	else
		g->held++;
	g->count[bin]++;
	g->ring[g->next] = (uint8_t)bin;
	g->next = g->next + 1 == g->m ? 0 : g->next + 1;
}

double
nmddm_glr_value(const struct nmddm_glr *g)
{
	const double *term = g->term;
	double sum = 0;

	for (size_t j = 0; j < g->bins; j++, term += g->m + 1)
		sum += term[g->count[j]];
	return sum > 0 ? sum : 0;
}

void
nmddm_glr_reset(struct nmddm_glr *g)
{
	memset(g->count, 0, sizeof g->count);
	g->held = g->next = 0;
}

void
nmddm_glr_free(struct nmddm_glr *g)
{
	free(g->term);
	free(g->ring);
	*g = (struct nmddm_glr){0};
}
