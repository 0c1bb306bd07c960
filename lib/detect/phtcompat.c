#include <float.h>
#include <math.h>
#include <stddef.h>

#include "detect/phtcompat.h"

/* In which x, -mean and -delta are added decides the last bit. */
enum order { DELTA_FIRST, DELTA_LAST, ONE_BY_ONE };

enum trait {
	FLOOR = 1,   /* the sum does not fall below 0 */
	PLAIN = 2,   /* the sum is tested, not its rise */
	LATE = 4,    /* the mean does not yet know x */
	WEIGHED = 8, /* the mean's step is (1 / t) (x - mean) */
	ONE = 16,    /* there is but one sum */
	SCALED = 32, /* lambda counts in means */
	ANEW = 64    /* begins anew after an alarm */
};

enum {
	UP = 1 << PHTCOMPAT_UP,
	DOWN = 1 << PHTCOMPAT_DOWN,
	ALL = 1 << PHTCOMPAT_BOTH | UP | DOWN
};

static const struct variant {
	double delta, lambda, alpha; /* its defaults */
	long long min_instances;
	enum phtcompat_direction direction;
	unsigned allows, traits;
	enum order order;
	int warm;           /* records beyond min_instances for an alarm */
	double least, most; /* where min s and max s' start */
} variants[] = {
    [PHTCOMPAT_GAMA] = {0.005, 50, 1, 0, PHTCOMPAT_UP, ALL, ANEW, DELTA_FIRST,
	0, INFINITY, -INFINITY},
    [PHTCOMPAT_MOA] = {0.005, 50, 0.9999, 30, PHTCOMPAT_UP, UP, PLAIN | ANEW,
	DELTA_FIRST, -1, INFINITY, 0},
    [PHTCOMPAT_SKMULTIFLOW] = {0.005, 50, 0.9999, 30, PHTCOMPAT_UP, UP,
	FLOOR | PLAIN | ANEW, DELTA_FIRST, -1, 0, 0},
    [PHTCOMPAT_RIVER] = {0.005, 50, 0.9999, 30, PHTCOMPAT_BOTH, ALL,
	WEIGHED | ANEW, DELTA_LAST, 0, INFINITY, -1},
    [PHTCOMPAT_FROUROS] = {0.005, 50, 0.9999, 30, PHTCOMPAT_UP, UP, PLAIN,
	DELTA_FIRST, 0, INFINITY, 0},
    [PHTCOMPAT_MENELAUS] = {0.01, 20, 1, 30, PHTCOMPAT_UP, UP | DOWN,
	ONE | SCALED | ANEW, ONE_BY_ONE, 1, 0, 0},
    [PHTCOMPAT_SEED] = {0.005, 50, 1, 0, PHTCOMPAT_UP, UP, LATE, ONE_BY_ONE, 0,
	0, 0},
};

struct phtcompat_params
phtcompat_own(enum phtcompat_variant variant)
{
	const struct variant *v = &variants[variant];

	return (struct phtcompat_params){variant, v->delta, v->lambda, v->alpha,
	    v->min_instances, v->direction};
}

const char *
phtcompat_complete(struct phtcompat_params *p)
{
	const struct variant *v = &variants[p->variant];

	if (v->alpha == 1 && !isnan(p->alpha))
		return "alpha";
	if (v->min_instances == 0 && p->min_instances > 0)
		return "min-instances";
	if (p->direction == PHTCOMPAT_OWN)
		p->direction = v->direction;
	if (!(v->allows >> p->direction & 1))
		return "direction";
	p->delta = isnan(p->delta) ? v->delta : p->delta;
	p->lambda = isnan(p->lambda) ? v->lambda : p->lambda;
	p->alpha = isnan(p->alpha) ? v->alpha : p->alpha;
	if (p->min_instances == 0)
		p->min_instances = v->min_instances;
	return NULL;
}

void
phtcompat_init(struct phtcompat *d, const struct phtcompat_params *p)
{
	d->params = *p;
	phtcompat_reset(d);
}

void
phtcompat_reset(struct phtcompat *d)
{
	const struct variant *v = &variants[d->params.variant];

	d->mean = 0;
	d->count = 0;
	d->up = (struct phtcompat_side){0, v->least, 0};
	d->down = (struct phtcompat_side){0, v->most, 0};
}

static double
next(enum order order, double sum, double x, double mean, double delta)
{
	switch (order) {
	case DELTA_FIRST:
		return sum + (x - mean - delta);
	case DELTA_LAST:
		return sum + (x - mean) - delta;
	default:
		return sum + x - mean - delta;
	}
}

/* The sums with x, and since when they have grown. */
static void
sum_up(struct phtcompat *d, const struct variant *v, double x, double mean)
{
	const struct phtcompat_params *p = &d->params;
	struct phtcompat_side *up = &d->up, *down = &d->down;

	up->sum = next(v->order, p->alpha * up->sum, x, mean, p->delta);
	down->sum = next(v->order, p->alpha * down->sum, x, mean,
	    v->traits & ONE ? p->delta : -p->delta);
	if ((v->traits & FLOOR) && !(up->sum > 0))
		up->sum = 0;
	up->since++;
	down->since++;
	if (up->sum < up->extreme || ((v->traits & FLOOR) && up->sum == 0)) {
		up->extreme = up->sum;
		up->since = 0;
	}
	if (down->sum > down->extreme) {
		down->extreme = down->sum;
		down->since = 0;
	}
}

void
phtcompat_add(struct phtcompat *d, double x)
{
	const struct variant *v = &variants[d->params.variant];
	struct phtcompat_stat s;
	double before, n;

	if ((v->traits & ANEW) && phtcompat_stat(d, &s) &&
	    s.stat > d->params.lambda)
		phtcompat_reset(d);
	before = d->mean;
	n = (double)++d->count;
	d->mean += v->traits & WEIGHED ? 1 / n * (x - before)
				       : (x - before) / n;
	if (!(v->traits & LATE))
		sum_up(d, v, x, d->mean);
	else if (d->count > 1)
		sum_up(d, v, x, before);
}

/*
 * The statistic as a multiple of the mean, on the same side of lambda as the
 * statistic is of lambda times the mean, whatever is rounded.
 */
static double
in_means(double stat, double mean, double lambda)
{
	double ratio;

	if (!(stat > lambda * mean))
		return mean > 0 ? fmin(stat / mean, lambda) : 0;
	ratio = mean > 0 ? stat / mean : DBL_MAX;
	return ratio > lambda ? ratio : nextafter(lambda, INFINITY);
}

int
phtcompat_stat(const struct phtcompat *d, struct phtcompat_stat *s)
{
	const struct phtcompat_params *p = &d->params;
	const struct variant *v = &variants[p->variant];
	double up = v->traits & PLAIN ? d->up.sum : d->up.sum - d->up.extreme;
	double down = d->down.extreme - d->down.sum;
	int rose;

	if (d->count == 0 || (long long)d->count < p->min_instances + v->warm)
		return 0;
	rose = p->direction == PHTCOMPAT_UP ||
	       (p->direction == PHTCOMPAT_BOTH && !(down > up));
	s->stat = rose ? up : down;
	if (v->traits & SCALED)
		s->stat = in_means(s->stat, d->mean, p->lambda);
	s->stat = isnan(s->stat) ? 0 : fmin(s->stat, DBL_MAX);
	s->direction = rose ? 1 : -1;
	s->since = rose ? d->up.since : d->down.since;
	return 1;
}

static void
side_state(struct phtcompat_side *side, const char *name, struct store *s)
{
	store_open(s, name, '{');
	store_real(s, "sum", &side->sum);
	store_real(s, "extreme", &side->extreme);
	store_count(s, "since", &side->since);
	store_close(s, '}');
}

void
phtcompat_state(struct phtcompat *d, struct store *s)
{
	store_real(s, "mean", &d->mean);
	store_count(s, "count", &d->count);
	side_state(&d->up, "up", s);
	side_state(&d->down, "down", s);
}
