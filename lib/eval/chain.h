/*
 * Places between 0 and 1, each of them uniform, one after the other that are
 * independent, or resemble each other, or come and go like day and night:
 *
 *	z_t = phi z_(t-1) + (1 - phi^2)^0.5 e_t,	e_t standard normal
 *	x_t = z_t + amplitude sin(2 pi (t + phase) / period)
 *	u_t = F(x_t)
 *
 * F is the distribution of x over a whole period, so that the places are
 * uniform over it whatever phi and amplitude are. z_0 has the distribution of
 * all z; the phase is uniform.
 */
#ifndef CHAIN_H
#define CHAIN_H

#include <stddef.h>

#include "stats/rng.h"

enum { CHAIN_CELLS = 8192 };

struct chain {
	double phi, amplitude;
	unsigned long long period;
	double z;
	unsigned long long phase;
	double half;                   /* the table is from -half to half */
	double table[CHAIN_CELLS + 1]; /* F, when amplitude is above 0 */
};

/* |phi| < 1, amplitude >= 0, period > 0 unless amplitude is 0. */
void chain_init(
    struct chain *c, double phi, double amplitude, unsigned long long period);

/* Begins a stream. */
void chain_start(struct chain *c, struct rng *r);

/* One step; t is the number of the record, from 0. */
double chain_next(struct chain *c, unsigned long long t, struct rng *r);

/* The hour of the day that a period is, 0 to 23; amplitude is above 0. */
int chain_hour(const struct chain *c, unsigned long long t);

#endif
