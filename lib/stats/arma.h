/*
 * A series that depends on its own past as a slow wave beneath noise does, or
 * as a moving average: ARMA(1, 1),
 *
 *	x_t = phi x_(t-1) + e_t + theta e_(t-1),  the mean of x being 0
 *
 * An autoregression of order 1 with phi, to whose values independent noise is
 * added, is one with theta from -phi to 0 (C. W. J. Granger and M. J. Morris, J.
 * Royal Statistical Society A 139 (1976) 246-257); with phi 0 it is a moving
 * average. An autoregression is a long one for the same, and a short reference
 * does not show its end.
 */
#ifndef ARMA_H
#define ARMA_H

#include <stddef.h>

#include "stats/rng.h"

struct arma {
	double phi, theta; /* -1 < phi, theta < 1 */
};

/*
 * Least squares of e over n finite values with mean 0, e_0 being 0. Returns the
 * mean square of e; x is no longer that of an autoregression when this is less
 * than its own.
 */
double arma_fit(struct arma *a, const double *x, size_t n);

/* Without the bias of phi that the mean of n values leaves. */
void arma_correct(struct arma *a, size_t n);

/* How many independent values tell the mean as well as n do, n > 0. */
double arma_worth(const struct arma *a, size_t n);

/*
 * That with this phi of which n values are worth so much, or nearly; theta is
 * not above 0.9.
 */
struct arma arma_of_worth(double phi, double worth, size_t n);

/* Another one that n values can have been of when they seem to be of this. */
struct arma arma_draw(const struct arma *a, size_t n, struct rng *r);

/*
 * The coefficients of the autoregression that it is, up to most of them and
 * until what follows is of no account; returns how many, 1 at least.
 */
size_t arma_coefficients(const struct arma *a, double *phi, size_t most);

#endif
