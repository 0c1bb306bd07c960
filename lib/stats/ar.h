/*
 * Autoregression: how a series depends on its own past.
 *
 *	x_t = phi_1 x_(t-1) + .. + phi_p x_(t-p) + e_t,  the mean of x being 0
 *
 * Burg's method (J. P. Burg, 1967) estimates the partial autocorrelations, so
 * that the result is stationary whatever the values are. Each is freed of the
 * bias that a mean estimated from the same n values leaves in the last of k:
 *
 *	E r_k - pi_k = -(b + (k + 2) pi_k) / n,   b = 1, or 2 where k is even
 *
 * (M. G. Kendall, Biometrika 41 (1954) 403-404, for k = 1; P. Shaman and R. A.
 * Stine, JASA 83 (1988) 842-848). The recursion of Levinson and Durbin makes
 * the coefficients out of them.
 *
 * The order is 0 unless Schwarz's criterion prefers another one, each order
 * costing 6.5 at least, or the first n^0.5 autocorrelations have a sum that is
 * 3 deviations above 0, as those of a slow wave beneath much noise have:
 * about one independent series in 60 has either by chance. Among m series the
 * costs are 2 log m more, and so much is the square of the 3. Where there is
 * dependence, the order is Akaike's, or the next one at which that sum of the
 * residuals is within a deviation: too low an order leaves dependence, too high
 * a one costs little.
 *
 * Where ARMA(1, 1) (arma.h) has a criterion of Schwarz less than that of any
 * order by 2, or no order has one less than that of order 0, it takes the place
 * of these: its own autoregression, as long as it can be. A slow wave beneath
 * noise is one, of which an order that is chosen leaves much.
 */
#ifndef AR_H
#define AR_H

#include <stddef.h>

#include "stats/arma.h"
#include "stats/rng.h"

enum { AR_MOST = 40 }; /* the highest order */

/* What may be chosen. */
enum ar_form { AR_ANY, AR_PLAIN, AR_MIXED };

struct ar {
	size_t order;
	double phi[AR_MOST];
	/*
	 * How many independent values would tell the mean as well: n over the
	 * variance, in units of 1/n, of the relative error of 1 - phi_1 - .. -
	 * phi_p; with one coefficient, n (1 - phi) / (1 + phi).
	 */
	double worth;
	int mixed; /* whether it is that of arma */
	struct arma arma;
};

/*
 * Fits n finite values whose squares do not overflow, with an order up to most
 * and 10 log10 n, as is usual, and n / 4. among: one of so many series, of which
 * none is to seem dependent by chance; 0: an order of 1 or more, whatever the
 * criteria say of 0. Returns 0, or -1 when memory ended.
 */
int ar_fit(struct ar *a, const double *x, size_t n, size_t most, size_t among,
    enum ar_form form);

/*
 * x less what the order values before it foretell: past[0] is the latest, and
 * the one before it past[stride].
 */
double ar_residual(
    const struct ar *a, double x, const double *past, size_t stride);

/*
 * The coefficient of an order of 1 with this worth, and another one that n
 * values can have been of when they seem to be of this one: with the variance
 * (1 - phi^2) / n.
 */
double ar_of_worth(double worth, size_t n);
double ar_draw(double phi, size_t n, struct rng *r);

#endif
