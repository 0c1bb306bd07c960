/*
 * Draws units (records, or scenes of several) with given weights: by a place
 * between 0 and 1 in the cumulative weights, or without replacement. With an
 * order the places rise with it, so that places near each other are units
 * that resemble each other, and a place that is uniform is a unit at random.
 */
#ifndef DRAW_H
#define DRAW_H

#include <stddef.h>
#include <stdint.h>

#include "stats/rng.h"

struct draw {
	size_t n;
	uint32_t *unit; /* in their order */
	double *upto;   /* cumulative weights, n; NULL: all are alike */
	uint32_t *left; /* permuted from the front; NULL until needed */
	size_t taken;
};

/*
 * Those of the n units whose weight is above 0; weight NULL: all are alike.
 * order, by unit, may be NULL: as they come. Returns 0, or -1 without memory.
 */
int draw_init(struct draw *d, const uint32_t *unit, const double *weight,
    size_t n, const double *order);

/* The unit at place u, 0 < u < 1; n must not be 0. */
uint32_t draw_at(const struct draw *d, double u);

/* Puts all units back. Returns 0, or -1 without memory. */
int draw_restore(struct draw *d);

/* One of those that are left, each alike; -1 when none is. */
long draw_take(struct draw *d, struct rng *r);

void draw_free(struct draw *d);

#endif
