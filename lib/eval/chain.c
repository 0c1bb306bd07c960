#include <math.h>

#include "eval/chain.h"
#include "stats/special.h"

static const double two_pi = 6.283185307179586;

/* Phases over which F is the mean; more of them change nothing. */
enum { PHASES = 512 };

static void
tabulate(struct chain *c)
{
	unsigned long long n = c->period < PHASES ? c->period : PHASES;

	c->half = c->amplitude + 9;
	for (size_t i = 0; i <= CHAIN_CELLS; i++) {
		double x = c->half * (2.0 * (double)i / CHAIN_CELLS - 1);
		double sum = 0;

		for (unsigned long long j = 0; j < n; j++)
			sum += special_normal_cdf(
			    x -
			    c->amplitude * sin(two_pi * (double)j / (double)n));
		c->table[i] = sum / (double)n;
	}
}

void
chain_init(
    struct chain *c, double phi, double amplitude, unsigned long long period)
{
	c->phi = phi;
	c->amplitude = amplitude;
	c->period = period;
	if (amplitude > 0)
		tabulate(c);
}

void
chain_start(struct chain *c, struct rng *r)
{
	c->z = rng_normal(r);
	c->phase = c->amplitude > 0 ? rng_below(r, c->period) : 0;
}

static double
look_up(const struct chain *c, double x)
{
	double at = (x / c->half + 1) / 2 * CHAIN_CELLS;
	size_t i;

	if (!(at > 0))
		return c->table[0];
	i = (size_t)at;
	if (i >= CHAIN_CELLS)
		return c->table[CHAIN_CELLS];
	return c->table[i] + (at - (double)i) * (c->table[i + 1] - c->table[i]);
}

double
chain_next(struct chain *c, unsigned long long t, struct rng *r)
{
	double turn;

	if (c->phi == 0 && c->amplitude == 0)
		return rng_uniform(r);
	c->z = c->phi * c->z + sqrt(1 - c->phi * c->phi) * rng_normal(r);
	if (c->amplitude == 0)
		return special_normal_cdf(c->z);
	turn = (double)((t + c->phase) % c->period) / (double)c->period;
	return look_up(c, c->z + c->amplitude * sin(two_pi * turn));
}

int
chain_hour(const struct chain *c, unsigned long long t)
{
	return (int)((t + c->phase) % c->period * 24 / c->period);
}
