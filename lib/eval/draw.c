#include <stdlib.h>
#include <string.h>

#include "eval/draw.h"

struct place {
	double order;
	size_t was;
	uint32_t unit;
	double weight;
};

static int
by_order(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->order != y->order)
		return x->order < y->order ? -1 : 1;
	return x->was < y->was ? -1 : x->was > y->was;
}

/* The units as they are to lie, and their cumulative weights. */
static int
lay_out(struct draw *d, const struct place *p, size_t n, int weighted)
{
	double sum = 0;

	d->unit = malloc((n + !n) * sizeof(*d->unit));
	d->upto = weighted ? malloc((n + !n) * sizeof(*d->upto)) : NULL;
	if (d->unit == NULL || (weighted && d->upto == NULL))
		return -1;
	for (size_t i = 0; i < n; i++) {
		d->unit[i] = p[i].unit;
		sum += p[i].weight;
		if (weighted)
			d->upto[i] = sum;
	}
	d->n = n;
	return 0;
}

int
draw_init(struct draw *d, const uint32_t *unit, const double *weight, size_t n,
    const double *order)
{
	struct place *p = malloc((n + !n) * sizeof(*p));
	size_t kept = 0;
	int status;

	*d = (struct draw){0};
	if (p == NULL)
		return -1;
	for (size_t i = 0; i < n; i++) {
		double w = weight != NULL ? weight[i] : 1;

		if (w > 0)
			p[kept++] = (struct place){
			    order != NULL ? order[unit[i]] : 0, i, unit[i], w};
	}
	if (order != NULL)
		qsort(p, kept, sizeof(*p), by_order);
	status = lay_out(d, p, kept, weight != NULL);
	free(p);
	if (status < 0)
		draw_free(d);
	return status;
}

uint32_t
draw_at(const struct draw *d, double u)
{
	size_t low = 0, high = d->n - 1;

	if (d->upto == NULL) {
		size_t i = (size_t)(u * (double)d->n);

		return d->unit[i < d->n ? i : d->n - 1];
	}
	u *= d->upto[d->n - 1];
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (d->upto[middle] > u)
			high = middle;
		else
			low = middle + 1;
	}
	return d->unit[low];
}

int
draw_restore(struct draw *d)
{
	if (d->left == NULL)
		d->left = malloc((d->n + !d->n) * sizeof(*d->left));
	if (d->left == NULL)
		return -1;
	memcpy(d->left, d->unit, d->n * sizeof(*d->left));
	d->taken = 0;
	return 0;
}

long
draw_take(struct draw *d, struct rng *r)
{
	size_t i;
	uint32_t unit;

	if (d->taken == d->n)
		return -1;
	i = d->taken + rng_below(r, d->n - d->taken);
	unit = d->left[i];
	d->left[i] = d->left[d->taken];
	d->left[d->taken++] = unit;
	return (long)unit;
}

void
draw_free(struct draw *d)
{
	free(d->unit);
	free(d->upto);
	free(d->left);
	*d = (struct draw){0};
}
