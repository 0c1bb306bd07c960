#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "detect/mewma_fit.h"
#include "stats/special.h"
#include "stats/sort.h"

/* z += lambda (by y - centre - z), of d values; returns |z|^2. */
static double
update(double *restrict z, const double *restrict y, double by,
    const double *restrict centre, double lambda, size_t d)
{
	/* Four sums: the compiler may not reorder one. */
	double square[4] = {0};
	size_t i = 0;

	for (; i + 4 <= d; i += 4) {
		for (size_t k = 0; k < 4; k++) {
			z[i + k] += lambda *
				    (by * y[i + k] - centre[i + k] - z[i + k]);
			square[k] += z[i + k] * z[i + k];
		}
	}
	for (; i < d; i++) {
		z[i] += lambda * (by * y[i] - centre[i] - z[i]);
		square[0] += z[i] * z[i];
	}
	return square[0] + square[1] + (square[2] + square[3]);
}

double
mewma_fit_clip(const struct mewma_fit *f, size_t k, double length2)
{
	double radius = f->radius[k];

	return length2 > radius * radius ? radius / sqrt(length2) : 1;
}

double
mewma_fit_update(
    const struct mewma_fit *f, size_t k, double *z, const double *y, double by)
{
	double lambda = f->p.lambda[k];
	size_t d = f->whiten.d;

	return (2 - lambda) / lambda *
	       update(z, y, by, f->centre + k * d, lambda, d);
}

static double
length2(const double *y, size_t d)
{
	double square = 0;

	for (size_t i = 0; i < d; i++)
		square += y[i] * y[i];
	return square;
}

/* How much of a clipped vector is in T2 at once, over c^2. */
static double
weight(double lambda)
{
	return lambda * (2 - lambda);
}

/*
 * The largest lambda's radius is a quantile of the reference's lengths; the
 * others' are such that no single vector adds more to their T2.
 */
static int
find_radii(struct mewma_fit *f, const double *lengths)
{
	size_t n = f->whiten.n, at = (size_t)ceil(f->p.clip * (double)n);
	double *sorted = malloc(n * sizeof(*sorted)), largest = 0;

	if (sorted == NULL)
		return 0;
	memcpy(sorted, lengths, n * sizeof(*sorted));
	sort_reals(sorted, n);
	for (size_t k = 0; k < f->p.lambdas; k++)
		largest = fmax(largest, f->p.lambda[k]);
	for (size_t k = 0; k < f->p.lambdas; k++)
		f->radius[k] = sorted[at > 0 ? at - 1 : 0] *
			       sqrt(weight(largest) / weight(f->p.lambda[k]));
	free(sorted);
	return 1;
}

/* Each row whitened as if left out, not yet clipped; and its length. */
static void
whiten_rows(struct mewma_fit *f, const double *rows, double *y, double *lengths)
{
	const struct whiten *w = &f->whiten;

	for (size_t i = 0; i < w->n; i++) {
		double square, out;

		whiten_apply(w, rows + i * w->fields, y);
		square = length2(y, w->d);
		out = whiten_left_out(w, square);
		lengths[i] = out * sqrt(square);
		for (size_t j = 0; j < w->d; j++)
			f->rows[i * w->d + j] = (float)(out * y[j]);
	}
}

static void
clip_and_centre(struct mewma_fit *f, const double *lengths, size_t k)
{
	size_t n = f->whiten.n, d = f->whiten.d;
	double *centre = f->centre + k * d;

	for (size_t i = 0; i < n; i++) {
		double by = fmin(1, f->radius[k] / lengths[i]);

		f->by[k * n + i] = (float)by;
		for (size_t j = 0; j < d; j++)
			centre[j] += by * f->rows[i * d + j] / (double)n;
	}
}

/* Mean and variance of the squared length of clipped vectors. */
struct moments {
	double mean, variance;
};

static struct moments
find_moments(const struct mewma_fit *f, size_t k)
{
	size_t n = f->whiten.n, d = f->whiten.d;
	const double *centre = f->centre + k * d;
	struct moments m = {0};

	for (size_t i = 0; i < n; i++) {
		double square = 0, before = m.mean;

		for (size_t j = 0; j < d; j++)
			square += pow(
			    f->by[k * n + i] * f->rows[i * d + j] - centre[j],
			    2);
		m.mean += (square - before) / (double)(i + 1);
		m.variance += (square - before) * (square - m.mean);
	}
	m.variance /= (double)n;
	return m;
}

/*
 * z is the sum of w_i y_i with w_i = lambda (1 - lambda)^i. With s2 and s4 the
 * sums of w_i^2 and w_i^4, and Cov(y) about (E|y|^2 / d) I,
 *
 *	E |z|^2   = s2 E|y|^2
 *	Var |z|^2 = 2 (s2^2 - s4) (E|y|^2)^2 / d + s4 Var |y|^2
 *
 * h is the quantile of the gamma distribution with T2's mean and variance, at
 * fap over the lambdas and over the 1 + lambda H looks that differ.
 */
static void
find_scales(struct mewma_fit *f)
{
	for (size_t k = 0; k < f->p.lambdas; k++) {
		struct moments m = find_moments(f, k);
		double l = f->p.lambda[k], s2 = l / (2 - l);
		double s4 = pow(l, 4) / (1 - pow(1 - l, 4));
		double variance = 2 * (s2 * s2 - s4) * m.mean * m.mean /
				      (double)f->whiten.d +
				  s4 * m.variance;
		double looks = 1 + l * f->p.horizon;

		f->mean[k] = m.mean;
		f->h[k] = special_gamma_upper(m.mean, variance / (s2 * s2),
		    f->p.fap / (double)f->p.lambdas / looks);
	}
}

static uint64_t
digest_of(const double *x, size_t n)
{
	uint64_t h = n, bits;

	for (size_t i = 0; i < n; i++) {
		memcpy(&bits, &x[i], sizeof(bits));
		h = (h ^ bits) * 0x9e3779b97f4a7c15;
		h ^= h >> 32;
	}
	return h;
}

static const char *
learn_rows(struct mewma_fit *f, const double *rows)
{
	size_t n = f->whiten.n, d = f->whiten.d;
	double *lengths = malloc(n * sizeof(*lengths));
	size_t lambdas = f->p.lambdas;
	int found = 0;

	f->y = malloc(2 * d * sizeof(*f->y));
	f->rows = malloc(n * d * sizeof(*f->rows));
	f->by = malloc(lambdas * n * sizeof(*f->by));
	f->centre = calloc(lambdas * d, sizeof(*f->centre));
	if (lengths && f->y && f->rows && f->by && f->centre) {
		whiten_rows(f, rows, f->y, lengths);
		found = find_radii(f, lengths);
		for (size_t k = 0; k < lambdas && found; k++)
			clip_and_centre(f, lengths, k);
		find_scales(f);
	}
	free(lengths);
	return found ? NULL : NO_MEMORY;
}

const char *
mewma_fit_init(struct mewma_fit *f, const struct mewma_params *p,
    const double *rows, size_t n, size_t fields)
{
	const char *why;

	*f = (struct mewma_fit){.p = *p, .users = 1};
	why = whiten_init(&f->whiten, rows, n, fields);
	if (why == NULL && n < MEWMA_PER_FIELD * f->whiten.d)
		why = "it has fewer than 3 records for each field";
	if (why == NULL)
		why = learn_rows(f, rows);
	if (why == NULL)
		f->digest = digest_of(rows, n * fields);
	if (why != NULL)
		mewma_fit_free(f);
	return why;
}

int
mewma_fit_free(struct mewma_fit *f)
{
	if (--f->users > 0)
		return 0;
	whiten_free(&f->whiten);
	free(f->rows);
	free(f->by);
	free(f->centre);
	free(f->y);
	*f = (struct mewma_fit){0};
	return 1;
}
