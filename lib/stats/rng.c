#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "stats/rng.h"

static uint64_t
splitmix(uint64_t *x)
{
	uint64_t z = *x += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

void
rng_seed(struct rng *r, uint64_t seed, uint64_t stream)
{
	uint64_t a = seed, b = ~stream, x;

	x = splitmix(&a) ^ splitmix(&b);
	for (int i = 0; i < 4; i++)
		r->s[i] = splitmix(&x);
}

static inline uint64_t
rotl(uint64_t x, int k)
{
	return x << k | x >> (64 - k);
}

void
rng_state(struct rng *r, struct store *s)
{
	store_open(s, "rng", '[');
	for (int i = 0; i < 4; i++)
		store_u64(s, NULL, &r->s[i]);
	store_close(s, ']');
}

uint64_t
rng_next(struct rng *r)
{
	uint64_t *s = r->s, out = rotl(s[1] * 5, 7) * 9, t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotl(s[3], 45);
	return out;
}

double
rng_uniform(struct rng *r)
{
	return ((double)(rng_next(r) >> 12) + 0.5) * 0x1p-52;
}

uint64_t
rng_below(struct rng *r, uint64_t n)
{
	uint64_t x, limit = -n % n; /* 2^64 mod n: what would be biased */

	do
		x = rng_next(r);
	while (x < limit);
	return x % n;
}

/* GSL draws from our state through its own table of functions. */

static void
gsl_set(void *state, unsigned long seed)
{
	rng_seed(state, seed, 0);
}

static unsigned long
gsl_get(void *state)
{
	return rng_next(state) >> 32;
}

static double
gsl_get_double(void *state)
{
	return rng_uniform(state);
}

static const gsl_rng_type xoshiro = {
    .name = "xoshiro256**",
    .max = 0xffffffff,
    .size = sizeof(struct rng),
    .set = gsl_set,
    .get = gsl_get,
    .get_double = gsl_get_double,
};

double
rng_normal(struct rng *r)
{
	gsl_rng g = {&xoshiro, r->s};

	return gsl_ran_gaussian_ziggurat(&g, 1);
}

double
rng_poisson(struct rng *r, double mean)
{
	gsl_rng g = {&xoshiro, r->s};

	return mean > 0 ? gsl_ran_poisson(&g, mean) : 0;
}
