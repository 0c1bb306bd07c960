#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "arl.h"
#include "pht.h"
#include "stat.h"

/* Mean and deviation of the reference; returns why they are no use, or NULL. */
static const char *
standardise(struct pht *d, const double *ref, size_t n)
{
	struct stat s;

	stat_of(&s, ref, n);
	if (!isfinite(s.std))
		return "the reference is too large to square";
	if (!(s.std > 0))
		return "the reference does not vary";
	d->unit = fmax(fabs(s.mean), s.std) > 1e250 ? 0.25 : 1;
	d->mean = s.mean * d->unit;
	d->sd = s.std * d->unit;
	return NULL;
}

const char *
pht_init(struct pht *d, const struct pht_params *p, const double *ref, size_t n)
{
	*d = (struct pht){.params = *p, .cap = DBL_MAX};
	if (p->form == PHT_COMPAT) {
		phtcompat_init(&d->compat, &p->compat);
		return NULL;
	}
	if (n < 2)
		return "the reference has fewer than 2 values";
	if (p->form == PHT_UNKNOWN && focus_init(&d->focus) < 0)
		return "out of memory";
	if (p->scores == PHT_VALUES)
		return standardise(d, ref, n);
	if (nscore_init(&d->score, ref, n, p->random_ties, p->seed) < 0)
		return "out of memory";
	return NULL;
}

void
pht_hold(struct pht *d, double limit)
{
	if (d->params.form == PHT_UNKNOWN)
		focus_hold(&d->focus, limit);
	/* Twice a limit of 0 would keep the sums from ever exceeding it. */
	d->cap = limit > 0 ? 2 * limit : DBL_MAX;
}

void
pht_reset(struct pht *d)
{
	d->up = d->down = (struct pht_side){0, 0};
	if (d->params.form == PHT_UNKNOWN)
		focus_reset(&d->focus);
	if (d->params.form == PHT_COMPAT)
		phtcompat_reset(&d->compat);
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

static double
score(struct pht *d, double x)
{
	double z;

	if (d->params.scores == PHT_RANKS)
		return nscore_of(&d->score, x);
	z = (x * d->unit - d->mean) / d->sd;
	return z > DBL_MAX ? DBL_MAX : z < -DBL_MAX ? -DBL_MAX : z;
}

void
pht_add(struct pht *d, double x)
{
	double z;

	if (d->params.form == PHT_COMPAT) {
		phtcompat_add(&d->compat, x);
		return;
	}
	z = score(d, x);
	if (d->params.form == PHT_UNKNOWN) {
		focus_add(&d->focus, z);
		return;
	}
	add_side(&d->up, z - d->params.k, d->cap);
	add_side(&d->down, -z - d->params.k, d->cap);
}

static int
compat_stat(const struct pht *d, struct pht_stat *s)
{
	struct phtcompat_stat c;

	if (!phtcompat_stat(&d->compat, &c))
		return 0;
	*s = (struct pht_stat){c.stat, c.direction, c.since, 0};
	return 1;
}

int
pht_stat(const struct pht *d, struct pht_stat *s)
{
	int rose = d->up.sum >= d->down.sum;
	const struct pht_side *side = rose ? &d->up : &d->down;
	struct focus_stat f;

	if (d->params.form == PHT_COMPAT)
		return compat_stat(d, s);
	if (d->params.form == PHT_UNKNOWN) {
		focus_stat(&d->focus, &f);
		*s = (struct pht_stat){f.stat, f.direction, f.since, f.size};
		return 1;
	}
	*s = (struct pht_stat){side->sum, rose ? 1 : -1, side->since, 0};
	return 1;
}

void
pht_free(struct pht *d)
{
	nscore_free(&d->score);
	focus_free(&d->focus);
}

double
pht_arl_limit(const struct pht_params *p, double arl0, double tests)
{
	return arl_limit(p->k, 2 * arl0 * tests);
}

double
pht_simulate(const struct pht_params *p, size_t n, unsigned long long horizon,
    struct rng *r)
{
	double *ref = malloc(n * sizeof(*ref)), max = -INFINITY;
	double (*draw)(struct rng *) = p->scores == PHT_RANKS ? rng_uniform
							      : rng_normal;
	struct pht_params own = *p;
	struct pht d;

	if (ref == NULL)
		return NAN;
	for (size_t i = 0; i < n; i++)
		ref[i] = draw(r);
	if (p->random_ties)
		own.seed = rng_next(r);
	if (pht_init(&d, &own, ref, n) != NULL)
		max = NAN;
	free(ref);
	for (unsigned long long t = 0; t < horizon && !isnan(max); t++) {
		struct pht_stat s;

		pht_add(&d, draw(r));
		if (pht_stat(&d, &s) && s.stat > max)
			max = s.stat;
	}
	pht_free(&d);
	return max;
}
