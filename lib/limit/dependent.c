#include <math.h>
#include <stdlib.h>

#include "detect/residual.h"
#include "limit/dependent.h"

/* Steps by which the worth doubles; the highest order that a run tries. */
static const double steps = 4;
enum { MOST = 12 };

/* Records that are worth simulating, in runs of at least and at most. */
static const double records = 1.2e7;
enum { FEWEST = 1999, MANY = 9999, ABOVE = 20 };

size_t
dependent_runs(size_t n, double q, unsigned long long horizon)
{
	double runs = records / ((double)n + (double)horizon);

	runs = fmin(fmax(runs, FEWEST), MANY);
	return (size_t)ceil(fmax(runs, ABOVE / q - 1));
}

double
dependent_round(double worth, size_t n)
{
	double doubled = log2((double)n / worth);

	if (!(doubled > 0))
		return (double)n;
	/* The slack keeps what is round already. */
	return (double)n / exp2(ceil(steps * doubled - 1e-9) / steps);
}

/*
 * A reference that only rises is worth next to nothing: its phi is the most
 * that may be drawn, or none would ever be.
 */
static double
draw_phi(double worth, size_t n, struct rng *r)
{
	double most = 1 - 0.1 / (double)n, drawn;
	double phi = fmin(((double)n - worth) / ((double)n + worth), most);

	do
		drawn = phi + sqrt((1 - phi * phi) / (double)n) * rng_normal(r);
	while (!(fabs(drawn) < most));
	return drawn;
}

/* A stationary series, at its next value. */
struct series {
	double phi, scale, z;
};

static double
next(struct series *s, struct rng *r)
{
	s->z = s->phi * s->z + s->scale * rng_normal(r);
	return s->z;
}

/* The largest statistic over the stream that follows the reference. */
static double
follow(const struct kind *kind, void *d, struct residual *res, struct series *s,
    unsigned long long horizon, struct rng *r)
{
	double max = -INFINITY, stat;

	for (unsigned long long t = 0; t < horizon; t++) {
		double x = next(s, r);

		if (residual_next(res, &x))
			kind->verbs->add(d, x);
		if (kind->verbs->value(d, &stat) && stat > max)
			max = stat;
	}
	return max;
}

static double
run(const struct kind *kind, struct series *s, double *x, double *e, size_t n,
    unsigned long long horizon, struct rng *r)
{
	void *d = malloc(kind->verbs->size);
	struct residual res;
	double max = NAN;

	for (size_t i = 0; i < n; i++)
		x[i] = next(s, r);
	if (d == NULL || residual_init(&res, x, n, MOST, 1, e) < 0) {
		free(d);
		return NAN;
	}
	if (kind->verbs->init(d, kind->params, e, n - res.fit->ar.order) ==
	    NULL) {
		max = follow(kind, d, &res, s, horizon, r);
		kind->verbs->free(d);
	}
	residual_free(&res);
	free(d);
	return max;
}

double
dependent_simulate(
    const void *params, size_t n, unsigned long long horizon, struct rng *r)
{
	const struct dependent *p = params;
	double *x = malloc(2 * n * sizeof(*x)), max = NAN;
	struct series s = {.phi = draw_phi(p->worth, n, r)};

	s.scale = sqrt(1 - s.phi * s.phi);
	s.z = rng_normal(r);
	if (x != NULL)
		max = run(p->kind, &s, x, x + n, n, horizon, r);
	free(x);
	return max;
}
