#include <math.h>
#include <stdlib.h>

#include "detect/pht_grow.h"

/* A block is a part of the reference before it. */
enum { PART = 3 };

int
pht_grow_wanted(const struct pht_ref *r)
{
	const struct pht_params *p = &r->params;

	return p->form != PHT_COMPAT && r->n < p->shorter && r->n < p->grow;
}

/* How many values the next block of a reference of n has; 0: none. */
static size_t
block(const struct pht_ref *r, size_t n)
{
	size_t most = r->params.grow, part = (n + PART - 1) / PART;

	if (n >= most)
		return 0;
	return part < most - n ? part : most - n;
}

/* Room for the next block of a reference of n; -1 when memory ended. */
static int
make_room(struct pht_grow *g, size_t n)
{
	size_t room = block(g->base, n);

	free(g->value);
	g->value = NULL;
	if (g->base->params.scores == PHT_VALUES || room == 0)
		return 0;
	g->value = malloc(room * sizeof(*g->value));
	return g->value != NULL ? 0 : -1;
}

struct pht_grow *
pht_grow_new(struct pht_ref *base)
{
	struct pht_grow *g = malloc(sizeof(*g));

	if (g == NULL)
		return NULL;
	*g = (struct pht_grow){.base = base};
	if (make_room(g, base->n) < 0) {
		free(g);
		return NULL;
	}
	base->users++;
	return g;
}

void
pht_grow_free(struct pht_grow *g)
{
	if (g == NULL)
		return;
	pht_ref_free(g->base);
	free(g->value);
	free(g);
}

static void
drop(struct pht_grow *g)
{
	g->held = 0;
	g->mean = g->m2 = 0;
}

static void
hold(struct pht_grow *g, double x, double z)
{
	double from = z - g->mean;

	if (g->value != NULL)
		g->value[g->held] = x;
	g->held++;
	g->mean += from / (double)g->held;
	g->m2 += from * (z - g->mean);
}

/* The reference with the block, in the place of r. */
static struct pht_ref *
join(struct pht_grow *g, struct pht_ref *r)
{
	const char *why;
	struct pht_ref *j = pht_ref_join(
	    r, g->held, g->mean, g->m2, g->value, &why);

	drop(g);
	if (j == NULL || make_room(g, j->n) < 0) {
		g->failed = 1;
		pht_ref_free(j);
		return r;
	}
	/* The record is still at hand. */
	j->z = r->z;
	j->square = r->square;
	pht_ref_free(r);
	return j;
}

struct pht_ref *
pht_grow_add(struct pht_grow *g, struct pht_ref *r, double x, double sign)
{
	size_t size = block(r, r->n);

	if (size == 0 || g->failed)
		return r;
	if (!(sign <= r->calm)) {
		drop(g);
		return r;
	}
	hold(g, x, r->z);
	return g->held < size ? r : join(g, r);
}

struct pht_ref *
pht_grow_reset(struct pht_grow *g, struct pht_ref *r)
{
	drop(g);
	if (r == g->base)
		return r;
	g->failed |= make_room(g, g->base->n) < 0;
	g->base->users++;
	pht_ref_free(r);
	return g->base;
}

/* A reference of n as it is written, or one that is read. */
static struct pht_ref *
moments_state(
    const struct pht_ref *b, const struct pht_ref *r, size_t n, struct store *s)
{
	struct pht_ref *j = NULL;
	double mean = r->mean, sd = r->sd;
	const char *why;

	store_real(s, "mean", &mean);
	store_real(s, "sd", &sd);
	if (!store_reading(s))
		return NULL;
	if (!(isfinite(mean) && sd >= 0 && isfinite(sd)))
		store_refuse(s, "no mean and deviation of a reference");
	else if ((j = pht_ref_join(b, n - b->n, 0, 0, NULL, &why)) == NULL)
		store_no_memory(s);
	if (j == NULL)
		return NULL;
	j->mean = mean;
	j->sd = sd;
	j->least = !(sd > 0);
	return j;
}

static struct pht_ref *
values_state(
    const struct pht_ref *b, const struct pht_ref *r, size_t n, struct store *s)
{
	struct pht_ref *j = NULL;
	double *value;
	const char *why;

	if (!store_reading(s)) {
		store_reals(s, "values", r->score.ref->value, n);
		return NULL;
	}
	value = calloc(n, sizeof(*value));
	if (value == NULL) {
		store_no_memory(s);
		return NULL;
	}
	store_reals(s, "values", value, n);
	for (size_t i = 0; i < n; i++)
		if (!isfinite(value[i]) || (i > 0 && value[i] < value[i - 1]))
			store_refuse(s, "no values of a reference");
	if (s->why == NULL &&
	    (j = pht_ref_new(&b->params, value, n, &why)) == NULL)
		store_no_memory(s);
	free(value);
	return j;
}

/* The block. */
static void
held_state(struct pht_grow *g, size_t n, struct store *s)
{
	size_t size = block(g->base, n);

	store_size(s, "held", &g->held, 0, size > 0 ? size - 1 : 0);
	if (g->base->params.scores == PHT_RANKS) {
		store_reals(s, "block", g->value, g->held);
		return;
	}
	store_real(s, "block_mean", &g->mean);
	store_real(s, "block_m2", &g->m2);
	if (!(isfinite(g->mean) && g->m2 >= 0 && isfinite(g->m2)))
		store_refuse(s, "no moments of a block");
}

struct pht_ref *
pht_grow_state(struct pht_grow *g, struct pht_ref *r, struct store *s)
{
	const struct pht_ref *b = g->base;
	struct pht_ref *j = NULL;
	size_t n = r->n;

	store_size(s, "reference", &n, b->n, b->params.grow);
	if (n > b->n && s->why == NULL)
		j = b->params.scores == PHT_RANKS ? values_state(b, r, n, s)
						  : moments_state(b, r, n, s);
	if (j != NULL && make_room(g, n) < 0)
		store_no_memory(s);
	if (s->why == NULL)
		held_state(g, n, s);
	if (j == NULL)
		return r;
	pht_ref_free(r);
	return j;
}
