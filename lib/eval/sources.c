#include <stdlib.h>
#include <string.h>

#include "eval/classmix.h"
#include "eval/draw.h"
#include "eval/recindex.h"
#include "eval/sources.h"
#include "json/intern.h"
#include "stats/rng.h"
#include "tool/err.h"

/* A stream of random numbers that no record is drawn by. */
static const uint64_t splitting = UINT64_MAX;

static int
rising(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

uint32_t *
sources_split(size_t n, size_t aside, unsigned long long seed)
{
	uint32_t *unit = err_malloc((n + !n) * sizeof(*unit));
	struct rng r;

	rng_seed(&r, seed, splitting);
	for (size_t i = 0; i < n; i++)
		unit[i] = (uint32_t)i;
	for (size_t i = 0; i < aside; i++) {
		size_t j = i + rng_below(&r, n - i);
		uint32_t swap = unit[i];

		unit[i] = unit[j];
		unit[j] = swap;
	}
	qsort(unit, aside, sizeof(*unit), rising);
	qsort(unit + aside, n - aside, sizeof(*unit), rising);
	return unit;
}

static long
class_of(const struct recindex *ix, size_t scene, uint32_t unit)
{
	return ix->item[unit * scene].label;
}

/* What each class weighs, by code. */
static double *
weigh_classes(const struct sources_classes *how, const size_t *count)
{
	size_t n = how->known->n;
	double *w = err_malloc((n + 1) * sizeof(*w));

	for (size_t i = 0; i < n; i++)
		w[i] = how->only == NULL;
	if (how->only != NULL)
		w[classmix_code(
		    how->known, how->only, strlen(how->only), "'--class'")] = 1;
	if (how->mix != NULL)
		classmix_load(w, how->known, count, how->mix);
	for (size_t i = 0; i < how->drop->n; i++)
		w[classmix_code(how->known, how->drop->item[i],
		    strlen(how->drop->item[i]), "'--drop-class'")] = 0;
	for (size_t i = 0; i < how->raise->n; i++)
		classmix_raise(
		    w, how->known, how->raise->item[i], "'--raise-class'");
	return w;
}

/* What each of the units weighs; NULL when the classes don't matter. */
static double *
weigh_units(const struct recindex *ix, size_t scene, const uint32_t *unit,
    size_t n, const struct sources_classes *how)
{
	double *by_class, *w;
	size_t *count;

	if (how == NULL)
		return NULL;
	count = err_calloc(how->known->n + 1, sizeof(*count));
	for (size_t i = 0; i < n; i++)
		count[class_of(ix, scene, unit[i])]++;
	by_class = weigh_classes(how, count);
	w = err_malloc((n + !n) * sizeof(*w));
	for (size_t i = 0; i < n; i++)
		w[i] = by_class[class_of(ix, scene, unit[i])];
	free(by_class);
	free(count);
	return w;
}

/* By unit, the order of its first record. */
static double *
order_units(const struct recindex *ix, size_t scene)
{
	size_t n = ix->n / scene;
	double *order;

	if (ix->order == NULL)
		return NULL;
	order = err_malloc((n + !n) * sizeof(*order));
	for (size_t i = 0; i < n; i++)
		order[i] = ix->order[i * scene];
	return order;
}

void
sources_draw(struct draw *d, const struct recindex *ix, size_t scene,
    const uint32_t *unit, size_t n, const struct sources_classes *how,
    const char *what)
{
	uint32_t *all = unit == NULL ? sources_split(n, 0, 0) : NULL;
	double *weight = weigh_units(ix, scene, all ? all : unit, n, how);
	double *order = order_units(ix, scene);

	if (draw_init(d, all ? all : unit, weight, n, order) < 0)
		err_memory();
	if (d->n == 0)
		err_die("%s: no records to draw", what);
	free(order);
	free(weight);
	free(all);
}

unsigned char *
sources_only(
    const struct recindex *ix, size_t scene, const struct sources_classes *how)
{
	long code = classmix_code(
	    how->known, how->only, strlen(how->only), "'--class'");
	size_t n = ix->n / scene;
	unsigned char *only = err_malloc(n + !n);

	for (size_t i = 0; i < n; i++)
		only[i] = class_of(ix, scene, (uint32_t)i) == code;
	return only;
}
