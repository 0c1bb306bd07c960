/*
 * Draws from classes of fixed weights in constant time (A. J. Walker, ACM
 * Transactions on Mathematical Software 3, 1977). A weight is kept to 2^-32
 * of the mean one.
 */
#ifndef ALIAS_H
#define ALIAS_H

#include <stddef.h>
#include <stdint.h>

#include "stats/rng.h"

struct alias {
	size_t k;
	struct alias_class {
		uint32_t keep, other; /* keep / 2^32: not the other class */
	} * class;
};

/* k < 2^31 weights p that sum to 1. 0 without memory. */
int alias_init(struct alias *t, const double *p, size_t k);

/* A class, 0 .. k-1. */
size_t alias_draw(const struct alias *t, struct rng *r);

void alias_free(struct alias *t);

#endif
