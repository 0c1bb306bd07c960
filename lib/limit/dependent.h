/*
 * Simulated runs for a limit (calib.h) of a detector that is given residuals
 * (detect/residual.h): its reference shows how its records depend on each
 * other, but not exactly.
 *
 * A run draws one autoregression of order 1, from what the estimate can have
 * been the estimate of, makes a normal reference and a stream by it, and then
 * does all that a tool does: it estimates the order and the coefficients anew,
 * and feeds the detector with the residuals. Of higher orders and of others
 * than the normal distribution nothing else matters much than how well 1 -
 * phi_1 - .. - phi_p is known, which is what ar.h calls the worth of a
 * reference; so the run's phi is that whose worth is the same,
 *
 *	phi = (n - worth) / (n + worth),  drawn with variance (1 - phi^2) / n
 */
#ifndef DEPENDENT_H
#define DEPENDENT_H

#include "detect/kind.h"

struct dependent {
	const struct kind *kind;
	double worth; /* of the reference, 0 < worth <= n */
};

/*
 * A worth that is a little less, so that references which differ little have
 * the same limit.
 */
double dependent_round(double worth, size_t n);

/* How many runs to simulate: of fewer records in all than calib_runs allows,
 * since a run costs more, and there are more limits to find. */
size_t dependent_runs(size_t n, double q, unsigned long long horizon);

/* A simulation whose params are a struct dependent. */
kind_simulation dependent_simulate;

#endif
