#include <math.h>
#include <stdlib.h>

#include "detect/context.h"
#include "detect/residual.h"
#include "limit/dependent.h"

/* What scores add to the worth; steps by which it doubles, and 1 - phi; the
 * highest order that a run tries. */
static const double added = 2.5, steps = 4, phi_steps = 2;
enum { MOST = 12 };

/* Records that are worth simulating, in runs of at least; and how many of these
 * are to lie above the limit at least, and need to at most. */
static const double records = 1.2e7;
enum { FEWEST = 1999, ABOVE = 20, PLENTY = 100 };

size_t
dependent_runs(size_t n, double q, unsigned long long horizon)
{
	double runs = records / ((double)n + (double)horizon);

	runs = fmin(fmax(runs, FEWEST), PLENTY / q - 1);
	/* The slack keeps what is whole from becoming one more by rounding. */
	return (size_t)ceil(fmax(runs, ABOVE / q - 1) - 1e-9);
}

/* x or less. The slack keeps what is round already. */
static double
round_down(double x, double by)
{
	return exp2(floor(by * log2(x) + 1e-9) / by);
}

void
dependent_round(struct dependent *d, const struct ar *a, size_t n)
{
	double worth = fmax(a->worth - added, fmin(a->worth, 1)) / (double)n;

	worth = round_down(worth, steps);
	d->worth = (double)n * (a->mixed ? worth : fmin(worth, 1));
	d->mixed = a->mixed;
	d->phi = 1 - round_down(1 - a->arma.phi, phi_steps);
}

void
dependent_round_contexts(struct dependent *d, size_t n)
{
	double doubled = log2((double)d->contexts);
	double most = (double)n / 2, whole = exp2(floor(doubled + 1e-9));

	/* 2, 3, 4, 6, 8, 12, .. */
	if ((double)d->contexts > 1.5 * whole)
		whole *= 2;
	else if ((double)d->contexts > whole)
		whole *= 1.5;
	d->contexts = (size_t)fmax(fmin(whole, most), 1);
	most = fmax((double)n / (double)d->contexts, 1);
	d->rounds = exp2(floor(2 * log2(fmin(d->rounds, most)) + 1e-9) / 2);
	d->rounds = fmax(d->rounds, 1);
}

/* A stationary series in its contexts, at its next value. */
struct series {
	struct arma arma;
	double scale, z, e;
	size_t contexts;
	double pace; /* contexts that a record goes on by */
	size_t t;
};

/* The context of what comes next. */
static uint32_t
place(const struct series *s)
{
	return (uint32_t)((size_t)((double)s->t * s->pace) % s->contexts);
}

static double
next(struct series *s, struct rng *r)
{
	double e = s->scale * rng_normal(r);

	s->t++;
	s->z = s->arma.phi * s->z + e + s->arma.theta * s->e;
	s->e = e;
	return s->z;
}

/* What a tool has between the values and its detector. */
struct chain {
	struct context *context;
	struct residual residual;
};

/* The largest statistic over the stream that follows the reference. */
static double
follow(const struct kind *kind, void *d, struct chain *c, struct series *s,
    unsigned long long horizon, struct rng *r)
{
	double max = -INFINITY, stat;

	for (unsigned long long t = 0; t < horizon; t++) {
		size_t pool = c->context != NULL ? place(s) : 0;
		double x = next(s, r);

		if (c->context != NULL)
			context_score(c->context, pool, &x, &x);
		if (c->residual.fit == NULL || residual_next(&c->residual, &x))
			kind->verbs->add(d, x);
		if (kind->verbs->value(d, &stat) && stat > max)
			max = stat;
	}
	return max;
}

/* The reference's n values, in x; their scores, if there are contexts. */
static int
draw_reference(
    struct chain *c, struct series *s, double *x, size_t n, struct rng *r)
{
	uint32_t *pool = NULL;

	if (s->contexts > 0 && (pool = malloc(n * sizeof(*pool))) == NULL)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (pool != NULL)
			pool[i] = place(s);
		x[i] = next(s, r);
	}
	if (pool == NULL)
		return 0;
	c->context = context_new(x, pool, n, 1, s->contexts, x);
	free(pool);
	return c->context != NULL ? 0 : -1;
}

/* The n values, or what is left of them in e, are learnt: the detector. */
static void *
learn(
    const struct dependent *p, struct chain *c, double *x, double *e, size_t n)
{
	void *d = malloc(p->kind->verbs->size);

	if (!isnan(p->worth)) {
		struct residual_choice as = {MOST, 1, AR_PLAIN};

		if (p->mixed)
			as = (struct residual_choice){AR_MOST, 1, AR_MIXED};
		if (residual_init(&c->residual, x, n, 1, &as, e) < 0) {
			free(d);
			return NULL;
		}
		n -= c->residual.fit->order;
		x = e;
	}
	if (d != NULL &&
	    p->kind->verbs->init(d, p->kind->params, x, n) != NULL) {
		free(d);
		return NULL;
	}
	return d;
}

static double
run(const struct dependent *p, struct series *s, double *x, size_t n,
    unsigned long long horizon, struct rng *r)
{
	struct chain c = {0};
	double max = NAN;
	void *d = NULL;

	if (draw_reference(&c, s, x, n, r) == 0)
		d = learn(p, &c, x, x + n, n);
	if (d != NULL) {
		max = follow(p->kind, d, &c, s, horizon, r);
		p->kind->verbs->free(d);
	}
	residual_free(&c.residual);
	context_free(c.context);
	free(d);
	return max;
}

/* What it depends on its past by. */
static struct arma
draw_arma(const struct dependent *p, size_t n, struct rng *r)
{
	struct arma a = {0, 0};

	if (isnan(p->worth))
		return a;
	if (!p->mixed) {
		a.phi = ar_draw(ar_of_worth(p->worth, n), n, r);
		return a;
	}
	a = arma_of_worth(p->phi, p->worth, n);
	return arma_draw(&a, n, r);
}

double
dependent_simulate(
    const void *params, size_t n, unsigned long long horizon, struct rng *r)
{
	const struct dependent *p = params;
	double *x = malloc(2 * n * sizeof(*x)), max = NAN;
	struct series s = {
	    .arma = draw_arma(p, n, r),
	    .contexts = p->contexts,
	    .pace = (double)p->contexts * p->rounds / (double)n,
	};
	double rest = 1 - s.arma.phi * s.arma.phi;

	/* So that z has the variance 1. */
	s.scale = sqrt(rest);
	if (s.arma.theta != 0)
		s.scale /= sqrt(rest + pow(s.arma.phi + s.arma.theta, 2));
	s.z = rng_normal(r);
	if (x != NULL)
		max = run(p, &s, x, n, horizon, r);
	free(x);
	return max;
}
