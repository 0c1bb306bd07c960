#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_matrix.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/special.h"
#include "stats/whiten.h"

/*
 * Means and deviations of all fields, those that vary moved to the front.
 * NULL, or why not.
 */
static const char *
learn_scales(struct whiten *w, const double *rows)
{
	for (size_t f = 0; f < w->fields; f++) {
		const double *x = rows + f;
		double first = x[0], mean = 0, square = 0;

		/* From the first value on: a large mean costs no digits. */
		for (size_t i = 0; i < w->n; i++)
			mean += x[i * w->fields] - first;
		mean /= (double)w->n;
		for (size_t i = 0; i < w->n; i++)
			square += pow(x[i * w->fields] - first - mean, 2);
		if (!isfinite(square))
			return "a field's values are too large";
		if (square == 0)
			continue;
		w->live[w->d] = f;
		w->mean[w->d] = first + mean;
		w->deviation[w->d++] = sqrt(square / (double)(w->n - 1));
	}
	return w->d > 0 ? NULL : "all of its fields are constant";
}

/* Beyond this many deviations a value says no more; squares stay finite. */
static const double farthest = 1e100;

static void
standardise(const struct whiten *w, const double *x, double *z)
{
	for (size_t i = 0; i < w->d; i++) {
		double s = (x[w->live[i]] - w->mean[i]) / w->deviation[i];

		s = s < farthest ? s : farthest;
		z[i] = s > -farthest ? s : -farthest;
	}
}

/* S, and the mean of |z|^4, which its own noise shows in. */
static double
learn_correlation(
    const struct whiten *w, const double *rows, gsl_matrix *z, gsl_matrix *s)
{
	double fourth = 0;

	for (size_t i = 0; i < w->n; i++) {
		gsl_vector_view row = gsl_matrix_row(z, i);
		double square;

		standardise(w, rows + i * w->fields, row.vector.data);
		gsl_blas_ddot(&row.vector, &row.vector, &square);
		fourth += square * square;
	}
	gsl_blas_dsyrk(CblasLower, CblasTrans, 1 / (double)w->n, z, 0, s);
	return fourth / (double)w->n;
}

/*
 * rho = min(b2, d2) / d2: d2 is how far S lies from mu I, b2 how much of that
 * is S's own noise, both by the squared Frobenius norm over d.
 */
static void
shrink(struct whiten *w, gsl_matrix *s, double fourth)
{
	double mu = 0, d2 = 0, norm2 = 0, b2, d = (double)w->d;

	for (size_t i = 0; i < w->d; i++)
		mu += gsl_matrix_get(s, i, i) / d;
	for (size_t i = 0; i < w->d; i++) {
		for (size_t j = 0; j <= i; j++) {
			double c = gsl_matrix_get(s, i, j), twice = 1 + (i > j);

			norm2 += twice * c * c;
			d2 += twice * pow(i == j ? c - mu : c, 2);
		}
	}
	b2 = (fourth - norm2) / (double)w->n;
	w->rho = d2 > b2 ? fmax(b2 / d2, 0) : 1;
	for (size_t i = 0; i < w->d; i++) {
		for (size_t j = 0; j <= i; j++) {
			double c = (1 - w->rho) * gsl_matrix_get(s, i, j);

			gsl_matrix_set(s, i, j, i == j ? c + w->rho * mu : c);
		}
	}
}

static void
pack(const gsl_matrix *lower, double *to)
{
	for (size_t j = 0; j < lower->size1; j++)
		for (size_t i = j; i < lower->size1; i++)
			*to++ = gsl_matrix_get(lower, i, j);
}

static const char *
decompose(struct whiten *w, gsl_matrix *c)
{
	if (gsl_linalg_cholesky_decomp1(c) != GSL_SUCCESS)
		return "its fields have no covariance that can be inverted";
	pack(c, w->factor);
	if (gsl_linalg_tri_invert(CblasLower, CblasNonUnit, c) != GSL_SUCCESS)
		return "its fields have no covariance that can be inverted";
	pack(c, w->inverse);
	return NULL;
}

static const char *
learn_factor(struct whiten *w, const double *rows)
{
	gsl_matrix *z = gsl_matrix_alloc(w->n, w->d);
	gsl_matrix *s = gsl_matrix_alloc(w->d, w->d);
	const char *why = NO_MEMORY;

	if (z != NULL && s != NULL) {
		shrink(w, s, learn_correlation(w, rows, z, s));
		why = decompose(w, s);
	}
	gsl_matrix_free(z);
	gsl_matrix_free(s);
	return why;
}

const char *
whiten_init(struct whiten *w, const double *rows, size_t n, size_t fields)
{
	const char *why = NULL;
	size_t packed;

	*w = (struct whiten){.fields = fields, .n = n};
	special_init();
	w->live = calloc(fields, sizeof(*w->live));
	w->mean = calloc(fields, sizeof(*w->mean));
	w->deviation = calloc(fields, sizeof(*w->deviation));
	if (w->live && w->mean && w->deviation) {
		why = learn_scales(w, rows);
		packed = w->d * (w->d + 1) / 2;
		w->factor = calloc(packed + 1, sizeof(*w->factor));
		w->inverse = calloc(packed + 1, sizeof(*w->inverse));
	}
	if (why == NULL)
		why = w->factor && w->inverse ? learn_factor(w, rows)
					      : NO_MEMORY;
	if (why != NULL)
		whiten_free(w);
	return why;
}

void
whiten_apply(const struct whiten *w, const double *x, double *y)
{
	const double *column = w->inverse;
	double *z = y + w->d;

	standardise(w, x, z);
	memset(y, 0, w->d * sizeof(*y));
	for (size_t j = 0; j < w->d; j++) {
		for (size_t i = j; i < w->d; i++)
			y[i] += column[i - j] * z[j];
		column += w->d - j;
	}
}

/*
 * Without x, S is n/(n-1) S - n/(n-1)^2 z z', and z is n/(n-1) z. With
 * b = (1 - rho)/(n - 1), |y|^2 becomes n/(n-1) |y|^2 / (1 - b |y|^2).
 */
double
whiten_left_out(const struct whiten *w, double length2)
{
	double n = (double)w->n;

	return sqrt(n / (n - 1) / (1 - (1 - w->rho) / (n - 1) * length2));
}

void
whiten_parts(const struct whiten *w, const double *y, double *part, double *z)
{
	const double *g = w->factor, *inverse = w->inverse;
	double length2 = 0;

	memset(z, 0, w->d * sizeof(*z));
	for (size_t j = 0; j < w->d; j++) {
		part[j] = 0;
		for (size_t i = j; i < w->d; i++) {
			z[i] += *g++ * y[j];
			part[j] += *inverse++ * y[i];
		}
		length2 += y[j] * y[j];
	}
	for (size_t i = 0; i < w->d; i++)
		part[i] = length2 > 0 ? part[i] * z[i] / length2 : 0;
}

void
whiten_free(struct whiten *w)
{
	free(w->live);
	free(w->mean);
	free(w->deviation);
	free(w->inverse);
	free(w->factor);
	*w = (struct whiten){0};
}
