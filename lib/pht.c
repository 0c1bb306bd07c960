#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "pht.h"
#include "stat.h"

const char *
pht_init(struct pht *d, const struct pht_params *p, const double *ref, size_t n)
{
	struct stat s;

	*d = (struct pht){.params = *p, .cap = INFINITY};
	pht_reset(d);
	if (p->form == PHT_RIVER)
		return NULL;
	stat_of(&s, ref, n);
	d->mean = s.mean;
	d->sd = s.std;
	if (n < 2)
		return "the reference has fewer than 2 values";
	if (!isfinite(d->sd))
		return "the reference is too large to square";
	if (!(d->sd > 0))
		return "the reference does not vary";
	return NULL;
}

void
pht_hold(struct pht *d, double limit)
{
	/* Twice a limit of 0 would keep the sums from ever exceeding it. */
	if (d->params.form == PHT_STANDARD)
		d->cap = limit > 0 ? 2 * limit : DBL_MAX;
}

void
pht_reset(struct pht *d)
{
	d->count = 0;
	d->up = d->down = (struct pht_side){0, 0, 0};
	if (d->params.form == PHT_RIVER) {
		d->mean = 0;
		/* The starting values are River's own. */
		d->up.extreme = INFINITY;
		d->down.extreme = -1;
	}
}

static void
add_side(struct pht_side *s, double increment, double cap)
{
	s->sum += increment;
	s->since++;
	if (s->sum <= 0) {
		s->sum = 0;
		s->since = 0;
	}
	if (s->sum > cap)
		s->sum = cap;
}

static void
add_river(struct pht *d, double x)
{
	const struct pht_params *p = &d->params;
	struct pht_stat s;
	double dev;

	if (pht_stat(d, &s) && s.stat > p->lambda)
		pht_reset(d);
	d->count++;
	d->mean += (x - d->mean) / (double)d->count;
	dev = x - d->mean;
	d->up.sum = p->alpha * d->up.sum + dev - p->delta;
	d->down.sum = p->alpha * d->down.sum + dev + p->delta;
	d->up.since++;
	d->down.since++;
	if (d->up.sum < d->up.extreme) {
		d->up.extreme = d->up.sum;
		d->up.since = 0;
	}
	if (d->down.sum > d->down.extreme) {
		d->down.extreme = d->down.sum;
		d->down.since = 0;
	}
}

void
pht_add(struct pht *d, double x)
{
	double z;

	if (d->params.form == PHT_RIVER) {
		add_river(d, x);
		return;
	}
	z = (x - d->mean) / d->sd;
	d->count++;
	add_side(&d->up, z - d->params.k, d->cap);
	add_side(&d->down, -z - d->params.k, d->cap);
}

int
pht_stat(const struct pht *d, struct pht_stat *s)
{
	double up = d->up.sum, down = d->down.sum;
	int rose;

	if (d->params.form == PHT_RIVER) {
		if (d->count < (unsigned long long)d->params.min_instances ||
		    d->count == 0)
			return 0;
		up = d->up.sum - d->up.extreme;
		down = d->down.extreme - d->down.sum;
	}
	rose = up >= down;
	s->stat = rose ? up : down;
	s->direction = rose ? 1 : -1;
	s->since = rose ? d->up.since : d->down.since;
	return 1;
}

void
pht_free(struct pht *d)
{
	(void)d; /* owns nothing: here for the likeness of the detectors */
}

double
pht_simulate(const struct pht_params *p, size_t n, unsigned long long horizon,
    struct rng *r)
{
	double *ref = malloc(n * sizeof(*ref)), max = -INFINITY;
	struct pht d;

	if (ref == NULL)
		return NAN;
	for (size_t i = 0; i < n; i++)
		ref[i] = rng_normal(r);
	if (pht_init(&d, p, ref, n) != NULL)
		max = NAN;
	free(ref);
	for (unsigned long long t = 0; t < horizon && !isnan(max); t++) {
		struct pht_stat s;

		pht_add(&d, rng_normal(r));
		if (pht_stat(&d, &s) && s.stat > max)
			max = s.stat;
	}
	return max;
}
