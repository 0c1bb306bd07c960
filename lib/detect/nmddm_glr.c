#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/nmddm_glr.h"
#include "base/memory.h"

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
fill_terms(struct nmddm_glr_ref *g)
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

/* An empty window. */
static const char *
begin(struct nmddm_glr *g, struct nmddm_glr_ref *ref)
{
	size_t counts = ref->bins.bins * sizeof *g->count;

	*g = (struct nmddm_glr){.ref = ref, .rng = ref->bins.rng};
	g->count = malloc(counts + ref->m);
	if (!g->count) {
		nmddm_glr_free(g);
		return NO_MEMORY;
	}
	g->ring = (uint8_t *)g->count + counts;
	nmddm_glr_reset(g);
	return NULL;
}

static void
drop_reference(struct nmddm_glr_ref *ref)
{
	if (!ref || --ref->users > 0)
		return;
	free(ref->term);
	free(ref);
}

const char *
nmddm_glr_init(struct nmddm_glr *g, const double *ref, size_t n, size_t m,
    size_t bins, uint64_t seed)
{
	struct nmddm_glr_ref *r = calloc(1, sizeof *r);
	const char *failure;

	*g = (struct nmddm_glr){0};
	if (!r)
		return NO_MEMORY;
	r->users = 1;
	r->n = n;
	r->m = m;
	failure = m >= COUNT_MOST
		      ? "the window is too large"
		      : nmddm_bins_init(&r->bins, ref, n, bins, seed);
	if (!failure)
		r->term = malloc(bins * (m + 1) * sizeof *r->term);
	if (failure || !r->term) {
		drop_reference(r);
		return failure ? failure : NO_MEMORY;
	}
	fill_terms(r);
	return begin(g, r);
}

const char *
nmddm_glr_share(struct nmddm_glr *g, const struct nmddm_glr *other)
{
	other->ref->users++;
	return begin(g, other->ref);
}

void
nmddm_glr_add(struct nmddm_glr *g, double x)
{
	size_t bin = nmddm_bins_of(&g->ref->bins, &g->rng, x);

	if (g->held == g->ref->m)
		g->count[g->ring[g->next]]--;
	else
		g->held++;
	g->count[bin]++;
	g->ring[g->next] = (uint8_t)bin;
	g->next = g->next + 1 == g->ref->m ? 0 : g->next + 1;
}

double
nmddm_glr_value(const struct nmddm_glr *g)
{
	const struct nmddm_glr_ref *ref = g->ref;
	const double *term = ref->term;
	double sum = 0;

	for (size_t j = 0; j < ref->bins.bins; j++, term += ref->m + 1)
		sum += term[g->count[j]];
	return sum > 0 ? sum : 0;
}

size_t
nmddm_glr_last(const struct nmddm_glr *g)
{
	return g->ring[g->next > 0 ? g->next - 1 : g->ref->m - 1];
}

void
nmddm_glr_reset(struct nmddm_glr *g)
{
	memset(g->count, 0, g->ref->bins.bins * sizeof *g->count);
	g->held = g->next = 0;
}

void
nmddm_glr_state(struct nmddm_glr *g, struct store *s)
{
	size_t bins = g->ref->bins.bins;

	rng_state(&g->rng, s);
	store_size(s, "held", &g->held, 0, g->ref->m);
	store_size(s, "next", &g->next, 0, g->ref->m - 1);
	store_u8s(s, "ring", g->ring, g->held, (unsigned)bins - 1);
	if (store_reading(s) && g->held < g->ref->m && g->next != g->held)
		store_refuse(s, "a window that is not full begins elsewhere");
	if (!store_reading(s) || s->why != NULL)
		return;
	memset(g->count, 0, bins * sizeof *g->count);
	for (size_t i = 0; i < g->held; i++)
		g->count[g->ring[i]]++;
}

void
nmddm_glr_free(struct nmddm_glr *g)
{
	drop_reference(g->ref);
	free(g->count);
	*g = (struct nmddm_glr){0};
}
