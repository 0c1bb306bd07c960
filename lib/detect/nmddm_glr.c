#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/nmddm_glr.h"
#include "base/memory.h"
#include "detect/codes.h"

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
	*g = (struct nmddm_glr){.ref = ref, .rng = ref->bins.rng};
	g->window = malloc(ref->ring + codes_size(ref->of_bin, ref->m));
	if (!g->window) {
		nmddm_glr_free(g);
		return NO_MEMORY;
	}
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
	r->of_count = codes_bits(m);
	r->of_bin = codes_bits(bins - 1);
	r->ring = codes_size(r->of_count, bins);
	failure = nmddm_bins_init(&r->bins, ref, n, bins, seed);
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

static uint32_t
bin_at(const struct nmddm_glr *g, size_t i)
{
	const char *ring = (const char *)g->window + g->ref->ring;

	return codes_at(ring, g->ref->of_bin, i);
}

static void
set_bin(struct nmddm_glr *g, size_t i, uint32_t bin)
{
	codes_set((char *)g->window + g->ref->ring, g->ref->of_bin, i, bin);
}

static uint32_t
count_at(const struct nmddm_glr *g, size_t bin)
{
	return codes_at(g->window, g->ref->of_count, bin);
}

static void
change(struct nmddm_glr *g, size_t bin, int by)
{
	codes_set(
	    g->window, g->ref->of_count, bin, count_at(g, bin) + (uint32_t)by);
}

void
nmddm_glr_add(struct nmddm_glr *g, double x)
{
	const struct nmddm_glr_ref *ref = g->ref;
	size_t bin = nmddm_bins_of(&ref->bins, &g->rng, x);

	if (g->held == ref->m)
		change(g, bin_at(g, g->next), -1);
	else
		g->held++;
	change(g, bin, 1);
	set_bin(g, g->next, (uint32_t)bin);
	g->next = g->next + 1 == ref->m ? 0 : g->next + 1;
}

double
nmddm_glr_value(const struct nmddm_glr *g)
{
	const struct nmddm_glr_ref *ref = g->ref;
	const double *term = ref->term;
	double sum = 0;

	for (size_t j = 0; j < ref->bins.bins; j++, term += ref->m + 1)
		sum += term[count_at(g, j)];
	return sum > 0 ? sum : 0;
}

const uint32_t *
nmddm_glr_counts(const struct nmddm_glr *g, uint32_t *count)
{
	for (size_t j = 0; j < g->ref->bins.bins; j++)
		count[j] = count_at(g, j);
	return count;
}

size_t
nmddm_glr_last(const struct nmddm_glr *g)
{
	return bin_at(g, (g->next > 0 ? g->next : g->ref->m) - 1);
}

void
nmddm_glr_reset(struct nmddm_glr *g)
{
	memset(g->window, 0, g->ref->ring);
	g->held = g->next = 0;
}

void
nmddm_glr_state(struct nmddm_glr *g, struct store *s)
{
	size_t held = g->held, next = g->next, m = g->ref->m;

	rng_state(&g->rng, s);
	store_size(s, "held", &held, 0, m);
	store_size(s, "next", &next, 0, m - 1);
	store_open(s, "ring", '[');
	for (size_t i = 0; i < held && s->why == NULL; i++) {
		size_t bin = store_reading(s) ? 0 : bin_at(g, i);

		store_size(s, NULL, &bin, 0, g->ref->bins.bins - 1);
		set_bin(g, i, (uint32_t)bin);
	}
	store_close(s, ']');
	if (store_reading(s) && held < m && next != held)
		store_refuse(s, "a window that is not full begins elsewhere");
	if (!store_reading(s) || s->why != NULL)
		return;
	nmddm_glr_reset(g);
	g->held = (uint32_t)held;
	g->next = (uint32_t)next;
	for (size_t i = 0; i < held; i++)
		change(g, bin_at(g, i), 1);
}

void
nmddm_glr_free(struct nmddm_glr *g)
{
	drop_reference(g->ref);
	free(g->window);
	*g = (struct nmddm_glr){0};
}
