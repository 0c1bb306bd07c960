/*
 * The null distribution of a multivariate EWMA (mewma.h): the reference's own
 * vectors, each whitened as if it had been left out of the fit, are what
 * undrifted records look like to it. A simulated run draws its records from a
 * bootstrap sample of these, four fifths of their number: with it come the
 * errors of the reference's mean, covariance and tail. A sample of all would
 * leave one short reference in five with more than twice the false alarms that
 * were asked for.
 *
 * Of scores within contexts (context.h) a context's mean is known by its own
 * records alone. A run draws what is wrong with each, of variance contexts / n
 * in every direction, which a whitened vector has 1 of; they come in rounds,
 * each for as many records as the others.
 *
 * Residuals (residual.h) are as dependent as their coefficients are wrong: a
 * run draws those of an autoregression of order 1 with the reference's worth,
 * in each direction by itself, as they are left by the coefficient phi that was
 * found, while that of the stream is phi + delta,
 *
 *	e_t = y_t + delta z_(t-1),   z_t = phi z_(t-1) + e_t
 */
#ifndef MEWMA_NULL_H
#define MEWMA_NULL_H

#include "detect/mewma_fit.h"
#include "stats/rng.h"

/*
 * One simulated run: the largest statistic over a horizon of undrifted records.
 * NAN when memory ended.
 */
double mewma_null_simulate(
    const struct mewma_fit *f, unsigned long long horizon, struct rng *r);

#endif
