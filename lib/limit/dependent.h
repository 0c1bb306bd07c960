/*
 * Simulated runs for a limit (calib.h) of a detector that is not given the
 * values themselves, but scores within contexts (detect/context.h), or
 * residuals (detect/residual.h), or the residuals of such scores. What a
 * reference says of its contexts, and of how its records depend on each other,
 * is not exact: so a run does all that a tool does.
 *
 * Residuals: a run draws one autoregression of order 1, from what the estimate
 * can have been the estimate of, makes a normal reference and a stream by it,
 * then estimates the order and the coefficients anew, and feeds the detector
 * with the residuals. Of higher orders and of others than the normal
 * distribution nothing else matters much than how well 1 - phi_1 - .. - phi_p
 * is known, which is what ar.h calls the worth of a reference; so the run's phi
 * is that whose worth is the same,
 *
 *	phi = (n - worth) / (n + worth),  drawn with variance (1 - phi^2) / n
 *
 * Where the reference's is ARMA(1, 1), which is far less certain of its worth,
 * so is the run's, with the same phi and worth.
 *
 * Contexts: they come in rounds, as the hours of the day, each for as many
 * records as the others. Of real ones nothing else matters much than how many
 * there are and how long one of them lasts: over all records the variance of
 * what the reference gets wrong in each is contexts / n, however many records
 * each has, and it adds up for as long as the same one lasts.
 */
#ifndef DEPENDENT_H
#define DEPENDENT_H

#include "detect/kind.h"
#include "stats/ar.h"

struct dependent {
	const struct kind *kind;
	double
	    worth; /* of the reference, > 0, an autoregression's <= n; NAN: none */
	int mixed; /* ARMA(1, 1), with this phi, and no autoregression */
	double phi;
	size_t contexts; /* up to n / 2; 0: none */
	double rounds;   /* through all of them, in the reference; >= 1 */
};

/*
 * What to simulate for a reference of n whose scores have this dependence.
 * Their worth is about 2.5 more than that of the values, whatever that is: a
 * score is by the level and the spread that the reference has itself, from
 * which it strays less than from the true ones. And a little less, as a wave is
 * a little longer, so that references which differ little have the same limit.
 */
void dependent_round(struct dependent *d, const struct ar *a, size_t n);

/* Contexts in the same way: a few more, and in fewer rounds. */
void dependent_round_contexts(struct dependent *d, size_t n);

/*
 * How many runs to simulate: fewer than calib_runs has, since a run costs more,
 * and each reference may ask for another limit. A hundred above the limit tell
 * its probability to a tenth, far nearer than one reference is to another.
 */
size_t dependent_runs(size_t n, double q, unsigned long long horizon);

/* A simulation whose params are a struct dependent. */
kind_simulation dependent_simulate;

#endif
