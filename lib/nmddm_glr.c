#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "nmddm_glr.h"

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

	for (size_t j = 0; j < g->bins.bins; j++) {
		size_t a = nmddm_bins_share(&g->bins, j);

		for (size_t b = 0; b <= m; b++)
			*term++ = half_term(a, b, n, n + m) +
				  half_term(b, a, m, n + m);
	}
}

const char *
nmddm_glr_init(struct nmddm_glr *g, const double *ref, size_t n, size_t m,
    size_t bins, uint64_t seed)
{
	const char *failure;

	*g = (struct nmddm_glr){.n = n, .m = m};
	if (m >= (size_t)1 << 40)
		return "the window is too large";
	failure = nmddm_bins_init(&g->bins, ref, n, bins, seed);
	if (failure)
		return failure;
	g->term = malloc(bins * (m + 1) * sizeof *g->term);
	g->ring = malloc(m);
	if (!g->term || !g->ring) {
		nmddm_glr_free(g);
		return "out of memory";
	}
	fill_terms(g);
	return NULL;
}

void
nmddm_glr_add(struct nmddm_glr *g, double x)
{
	size_t bin = nmddm_bins_of(&g->bins, x);

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

	for (size_t j = 0; j < g->bins.bins; j++, term += g->m + 1)
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
nmddm_glr_state(struct nmddm_glr *d, struct store *s)
{
	rng_state(&d->bins.rng, s);
	store_size(s, "held", &d->held, 0, d->m);
	store_size(s, "next", &d->next, 0, d->m - 1);
	store_u8s(s, "ring", d->ring, d->held, (unsigned)d->bins.bins - 1);
	if (!store_reading(s) || s->why != NULL)
		return;
	memset(d->count, 0, sizeof d->count);
	for (size_t i = 0; i < d->held; i++)
		d->count[d->ring[i]]++;
}

void
nmddm_glr_free(struct nmddm_glr *g)
{
	free(g->term);
	free(g->ring);
	*g = (struct nmddm_glr){0};
}
