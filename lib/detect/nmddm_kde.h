/*
 * Likelihood ratio of two kernel density estimates: the last m records against
 * n reference values, with Gaussian kernels
 *
 *     f(y) = 1 / (n h sqrt(2 pi)) sum_i exp(-(y - x_i)^2 / (2 h^2))
 *     h    = sd n^(-1/5), sd with divisor n - 1           (Scott's rule)
 *
 * Two statistics:
 *
 *     mean of ln f_win,-i(y_i) - ln f_ref(y_i) over the window's y_i, where
 *     f_win,-i leaves y_i out of its own density, so that the mean is near 0
 *     without drift. The bandwidth of f_win is frozen: sd of the reference,
 *     m for n.
 *
 *     max of ln f_win(y_i) - ln f_ref(y_i), everything in and the window's own
 *     sd: what the first, Python, version of this suite computed with SciPy's
 *     gaussian_kde. Mostly noise; kept to compare with. As there, a record so
 *     far from the reference that its density would be 0 counts as 0.
 *
 * Far away: a distance of more than 37.4 bandwidths, where a kernel is
 * exp(-700), counts as that (in the mean, 37.4 of the smaller bandwidth). So
 * nothing is infinite, and a record far from all others still counts.
 *
 * Values are kept as z = (x - mean) / h of the reference, within +-1e100.
 * ln f_ref(y) is computed when y arrives, in O(n), or taken from a table of
 * cubics that are off by less than 1e-6 (where they would be more, in gaps of
 * the reference and far outside, it is computed). The sums over the window are
 * formed anew, in O(m^2), at each evaluation: what is not carried on can't
 * drift by rounding.
 */
#ifndef NMDDM_KDE_H
#define NMDDM_KDE_H

#include <stddef.h>

#include "base/store.h"

struct nmddm_kde {
	size_t n, m;
	double centre, h; /* mean and bandwidth of the reference */
	double h_win;     /* frozen bandwidth of the window, in units of h */
	double *ref;      /* n, as z */
	double *win;      /* m, as z: a ring */
	double *lref;     /* m: ln f_ref of each, densities per unit of z */
	double *sum;      /* m: scratch */
	size_t next, held;
	double first; /* the table: cells of width 1/16 from this z on, */
	size_t cells;
	double (*table)[4]; /* with the coefficients of a cubic */
};

/* n >= 2, m >= 2; a constant reference gets a bandwidth of a millionth of its
 * value, 1e-6 if that is 0. table: whether to make one. NULL, or why not. */
const char *nmddm_kde_init(
    struct nmddm_kde *d, const double *ref, size_t n, size_t m, int table);

/* With the reference of another one. NULL, or why not. */
const char *nmddm_kde_share(struct nmddm_kde *d, const struct nmddm_kde *other);

void nmddm_kde_add(struct nmddm_kde *d, double x);

/* The mean, leaving out; the window is full. */
double nmddm_kde_mean(struct nmddm_kde *d);

/* The maximum; the window is full. A constant window gets a bandwidth of one
 * millionth of the reference's. */
double nmddm_kde_max(struct nmddm_kde *d);

/* Empties the window. */
void nmddm_kde_reset(struct nmddm_kde *d);

void nmddm_kde_state(struct nmddm_kde *d, struct store *s);

void nmddm_kde_free(struct nmddm_kde *d);

/* Scott's bandwidth of n >= 2 values, 0 when they are all equal. */
double nmddm_kde_bandwidth(const double *x, size_t n);

/* mean_i ln f_-i(y_i) of m values with bandwidth h; a distance beyond far
 * counts as far, which is at most 37.4 h. sum: scratch, m. */
double nmddm_kde_leave_one_out(
    const double *y, size_t m, double h, double far, double *sum);

#endif
