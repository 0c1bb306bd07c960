/*
 * A limit from simulated runs that keeps the false-alarm guarantee:
 *
 *	P(the statistic exceeds the limit within a horizon of H undrifted
 *	records, the reference drawn once) <= q
 *
 * Each run draws a reference and H records, runs the real detector over them
 * and gives the largest statistic it saw. Of B such maxima the
 * ceil((B + 1)(1 - q))-th smallest is the limit; alarming on strictly greater
 * keeps it exactly, the noise of the simulation included, because
 * the real maximum is exchangeable with the simulated ones.
 */
#ifndef CALIB_H
#define CALIB_H

#include <stddef.h>

#include "detect/kind.h"

/*
 * How many runs to simulate for q in 0 < q < 1: enough that twenty or more
 * lie above the limit, and more the shorter they are. The limit is kept and
 * serves for long, so its own noise matters.
 */
size_t calib_runs(double q, unsigned long long horizon);

/*
 * The limit from B maxima, which are sorted in place. Returns NAN when one of
 * them is, or when B is too small for q.
 */
double calib_limit(double *maxima, size_t b, double q);

#endif
