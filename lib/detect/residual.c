#include <stdlib.h>
#include <string.h>

#include "detect/residual.h"

/* Makes a score its residual, when enough came before. */
static int
follow(struct residual *r, double *z)
{
	size_t order = r->fit->ar.order;
	int enough = r->held == order;
	double score = *z;

	if (enough)
		*z = ar_residual(&r->fit->ar, score, r->past);
	else
		r->held++;
	memmove(r->past + 1, r->past, (order - 1) * sizeof(*r->past));
	r->past[0] = score;
	return enough;
}

static int
make_room(struct residual *r)
{
	r->past = calloc(r->fit->ar.order, sizeof(*r->past));
	return r->past != NULL ? 0 : -1;
}

/* 1 when there is dependence, and then e has the residuals. */
static int
fit(struct residual *r, const double *x, size_t n, size_t most, int dependent,
    double *e)
{
	struct residual_fit *f = r->fit;
	double *z = malloc((n + 1) * sizeof(*z));
	int found = z == NULL ? -1 : 0;

	for (size_t i = 0; z != NULL && i < n; i++)
		z[i] = nscore_of(&f->score, x[i]);
	if (z != NULL && ar_fit(&f->ar, z, n, most, dependent) < 0)
		found = -1;
	if (found == 0 && f->ar.order > 0)
		found = make_room(r) < 0 ? -1 : 1;
	for (size_t i = 0; found == 1 && i < n; i++)
		if (follow(r, &z[i]))
			*e++ = z[i];
	free(z);
	return found;
}

int
residual_init(struct residual *r, const double *x, size_t n, size_t most,
    int dependent, double *e)
{
	int found;

	*r = (struct residual){.fit = calloc(1, sizeof(*r->fit))};
	if (r->fit == NULL)
		return -1;
	r->fit->users = 1;
	found = nscore_init(&r->fit->score, x, n, 0, 0);
	if (found == 0)
		found = fit(r, x, n, most, dependent, e);
	if (found != 1)
		residual_free(r);
	return found < 0 ? -1 : 0;
}

int
residual_share(struct residual *r, const struct residual *other)
{
	*r = (struct residual){.fit = other->fit};
	if (r->fit == NULL)
		return 0;
	r->fit->users++;
	return make_room(r);
}

void
residual_begin(struct residual *r)
{
	r->held = 0;
}

int
residual_next(struct residual *r, double *x)
{
	*x = nscore_of(&r->fit->score, *x);
	return follow(r, x);
}

void
residual_state(struct residual *r, struct store *s)
{
	store_size(s, "held", &r->held, 0, r->fit->ar.order);
	store_reals(s, "past", r->past, r->held);
}

void
residual_free(struct residual *r)
{
	if (r->fit != NULL && --r->fit->users == 0) {
		nscore_free(&r->fit->score);
		free(r->fit);
	}
	free(r->past);
	*r = (struct residual){0};
}
