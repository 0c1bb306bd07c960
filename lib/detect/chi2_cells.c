#include <stdlib.h>

#include "detect/chi2_cells.h"

int
chi2_cells_init(struct chi2_cells *c, size_t classes)
{
	*c = (struct chi2_cells){.classes = classes};
	c->ref = calloc(classes, sizeof(*c->ref));
	c->home = calloc(classes, sizeof(*c->home));
	return c->ref && c->home;
}

/* Gives the frequent classes their cells; how many these are. */
static size_t
give_own_cells(struct chi2_cells *c, double enough)
{
	size_t own = 0;

	for (size_t i = 0; i < c->classes; i++)
		if (c->ref[i] > 0 && c->ref[i] >= 2 * enough)
			c->home[i] = (uint32_t)own++;
	return own;
}

/*
 * Pools the other classes of the reference: a cell is full when it has enough,
 * and the remainder goes to the last. Returns how many cells these are, at
 * least one. Codes that follow each other here are far apart: those of a
 * reference are in the order of their first appearance, so that neighbours
 * would be frequent by chance alike.
 */
static size_t
pool_rest(struct chi2_cells *c, double enough, size_t own)
{
	size_t room = 1, step, full = 0, held = 0;

	while (room < c->classes)
		room *= 2;
	step = (size_t)(0.618 * (double)room) | 1;
	for (size_t i = 0, at = 0; i < room; i++, at = (at + step) % room) {
		size_t a = at < c->classes ? c->ref[at] : 0;

		if (a == 0 || a >= 2 * enough)
			continue;
		c->home[at] = (uint32_t)(own + full);
		held += a;
		if (held >= enough) {
			full++;
			held = 0;
		}
	}
	return full > 0 ? full : 1;
}

/* The cell of fewest records among the first k. */
static size_t
smallest(const struct chi2_cells *c, size_t k)
{
	size_t least = 0;

	for (size_t j = 1; j < k; j++)
		if (c->a[j] < c->a[least])
			least = j;
	return least;
}

int
chi2_cells_make(struct chi2_cells *c, double enough, int join)
{
	size_t own = give_own_cells(c, enough);
	size_t shared = pool_rest(c, enough, own), least;

	c->own = own;
	c->n = own + shared;
	c->a = calloc(c->n, sizeof(*c->a));
	if (c->a == NULL)
		return 0;
	for (size_t i = 0; i < c->classes; i++) {
		if (c->ref[i] == 0)
			c->home[i] = (uint32_t)(own + i % shared);
		else if (c->home[i] >= c->n)
			c->home[i] = (uint32_t)c->n - 1;
		c->a[c->home[i]] += c->ref[i];
	}
	if (!join || own < 2 || c->a[own] >= enough)
		return 1;
	least = smallest(c, own);
	c->a[least] += c->a[own];
	for (size_t i = 0; i < c->classes; i++)
		if (c->home[i] == own)
			c->home[i] = (uint32_t)least;
	c->n = own;
	return 1;
}

size_t
chi2_cells_used(const struct chi2_cells *c)
{
	return c->n - (c->own < c->n && c->a[c->own] == 0);
}

void
chi2_cells_free(struct chi2_cells *c)
{
	free(c->ref);
	free(c->home);
	free(c->a);
	*c = (struct chi2_cells){0};
}
