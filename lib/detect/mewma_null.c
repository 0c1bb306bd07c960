#include <math.h>
#include <stdlib.h>

#include "detect/mewma_null.h"
#include "stats/ar.h"

/* What is wrong with the mean of each context; NULL when there are none. */
static double *
draw_offsets(const struct mewma_fit *f, struct rng *r)
{
	size_t n = f->contexts * f->whiten.d;
	double sd = sqrt((double)f->contexts / (double)f->whiten.n);
	double *offset = malloc((n + 1) * sizeof(*offset));

	for (size_t i = 0; offset != NULL && i < n; i++)
		offset[i] = sd * rng_normal(r);
	return offset;
}

/* That of the context in which the record t is. */
static const double *
offset_at(const struct mewma_fit *f, const double *offset, unsigned long long t)
{
	double pace = (double)f->contexts * f->rounds / (double)f->whiten.n;
	size_t round = (size_t)((double)t * pace);

	return f->contexts > 0 ? offset + round % f->contexts * f->whiten.d
			       : NULL;
}

/* What the coefficients leave of the dependence. */
struct rest {
	double phi;    /* the coefficient */
	double *delta; /* of each direction, what is wrong with it; or NULL */
	double *past;  /* the last record */
};

/* Returns -1 when memory ended. */
static int
draw_rest(struct rest *rest, const struct mewma_fit *f, struct rng *r)
{
	size_t n = f->whiten.n, d = f->whiten.d;

	*rest = (struct rest){0};
	if (f->worth <= 0)
		return 0;
	rest->phi = ar_of_worth(f->worth, n);
	rest->delta = calloc(2 * d, sizeof(*rest->delta));
	if (rest->delta == NULL)
		return -1;
	rest->past = rest->delta + d;
	for (size_t i = 0; i < d; i++)
		rest->delta[i] = ar_draw(rest->phi, n, r) - rest->phi;
	return 0;
}

static void
add_rest(const struct rest *rest, double *y, size_t d)
{
	for (size_t i = 0; rest->delta != NULL && i < d; i++) {
		y[i] += rest->delta[i] * rest->past[i];
		rest->past[i] = rest->phi * rest->past[i] + y[i];
	}
}

/* The largest statistic of one record, a row of the reference. */
static double
add_row(const struct mewma_fit *f, size_t row, const double *offset,
    const struct rest *rest, double *z, double *y)
{
	size_t n = f->whiten.n, d = f->whiten.d;
	double largest = -INFINITY;

	for (size_t i = 0; i < d; i++)
		y[i] = f->rows[row * d + i] + (offset ? offset[i] : 0);
	add_rest(rest, y, d);
	for (size_t k = 0; k < f->p.lambdas; k++) {
		double t2 = mewma_fit_update(
		    f, k, z + k * d, y, f->by[k * n + row]);

		largest = t2 / f->h[k] > largest ? t2 / f->h[k] : largest;
	}
	return largest;
}

/* Over the horizon, with a sample of m, into which the rows are drawn. */
static double
follow(const struct mewma_fit *f, const double *offset, const struct rest *rest,
    size_t *sample, size_t m, double *z, unsigned long long horizon,
    struct rng *r)
{
	double largest = -INFINITY, *y = z + f->p.lambdas * f->whiten.d;

	for (size_t i = 0; i < m; i++)
		sample[i] = rng_below(r, f->whiten.n);
	for (unsigned long long t = 0; t < horizon; t++) {
		double stat = add_row(f, sample[rng_below(r, m)],
		    offset_at(f, offset, t), rest, z, y);

		largest = stat > largest ? stat : largest;
	}
	return largest;
}

double
mewma_null_simulate(
    const struct mewma_fit *f, unsigned long long horizon, struct rng *r)
{
	size_t m = (4 * f->whiten.n + 4) / 5, d = f->whiten.d;
	size_t *sample = malloc(m * sizeof(*sample));
	double *z = calloc((f->p.lambdas + 1) * d, sizeof(*z));
	double *offset = draw_offsets(f, r), largest = NAN;
	struct rest rest;

	if (draw_rest(&rest, f, r) == 0 && sample != NULL && z != NULL &&
	    offset != NULL)
		largest = follow(f, offset, &rest, sample, m, z, horizon, r);
	free(rest.delta);
	free(sample);
	free(offset);
	free(z);
	return largest;
}
