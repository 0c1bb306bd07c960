/*
 * Random numbers for simulation and for breaking ties: xoshiro256**
 * (Blackman and Vigna, ACM TOMS 47, 2021), seeded by splitmix64. The state is
 * four words that can be written down and read back.
 * Foreign: GSL, for the distributions.
 */
#ifndef RNG_H
#define RNG_H

#include <stddef.h>
#include <stdint.h>

#include "base/store.h"

struct rng {
	uint64_t s[4];
};

/* Streams of one seed with different numbers are independent. */
void rng_seed(struct rng *r, uint64_t seed, uint64_t stream);

/* Where in its stream it is. */
void rng_state(struct rng *r, struct store *s);

uint64_t rng_next(struct rng *r);

/* Uniform in the open interval (0, 1): never 0, never 1. */
double rng_uniform(struct rng *r);

/* Uniform in 0 .. n-1, n > 0; unbiased. */
uint64_t rng_below(struct rng *r, uint64_t n);

/* Standard normal. */
double rng_normal(struct rng *r);

/* Poisson, of this mean, from 0 on. */
double rng_poisson(struct rng *r, double mean);

#endif
