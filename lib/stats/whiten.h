/*
 * Takes scale and correlation out of vectors, as a reference of n of them
 * shows these:
 *
 *	z = (x - mean) / deviation        each field, deviation with n - 1
 *	C = (1 - rho) S + rho mu I        S = mean of z z', mu = tr(S) / d
 *	y = G^-1 z                        C = G G', G lower triangular
 *
 * so that y of undrifted records has mean 0 and about covariance I, and |y|^2
 * is the squared Mahalanobis distance. rho is the shrinkage of O. Ledoit and
 * M. Wolf (Journal of Multivariate Analysis 88, 2004), estimated from the same
 * n. A field that is constant in the reference is left out: it has no scale.
 */
#ifndef WHITEN_H
#define WHITEN_H

#include <stddef.h>

struct whiten {
	size_t fields; /* of a vector x */
	size_t d, n;   /* fields that are not constant; vectors learnt from */
	size_t *live;  /* d: which fields these are, ascending */
	double *mean, *deviation; /* d */
	double *inverse, *factor; /* G^-1 and G: d (d + 1) / 2, by columns */
	double rho;
};

/*
 * Learns from n rows of so many fields, one after the other, all finite.
 * Returns NULL, or why it can't; nothing is kept then.
 */
const char *whiten_init(
    struct whiten *w, const double *rows, size_t n, size_t fields);

/* The d values of y for one vector of all fields. y has room for 2 d. */
void whiten_apply(const struct whiten *w, const double *x, double *y);

/*
 * What y of a vector that was learnt from has to be multiplied by, to be as
 * if it had been left out: |y|^2 by the fit of all tells, since leaving one
 * out changes C by one product u u' (Sherman and Morrison).
 */
double whiten_left_out(const struct whiten *w, double length2);

/*
 * How much of |y|^2 is each live field's: part[i] = z_i (C^-1 z)_i / |y|^2,
 * which sum to 1 and may be negative, and z itself. Each has room for d.
 */
void whiten_parts(
    const struct whiten *w, const double *y, double *part, double *z);

void whiten_free(struct whiten *w);

#endif
