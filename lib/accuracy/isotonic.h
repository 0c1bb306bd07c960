/*
 * Isotonic regression: of all functions that never rise, the one nearest to
 * the points in squares, by pooling adjacent violators.
 */
#ifndef ISOTONIC_H
#define ISOTONIC_H

#include <stddef.h>

struct isotonic_point {
	double x, y, weight; /* weight > 0 */
};

/*
 * n points, in any order, become knots of it with rising x and falling y, the
 * means of those that were pooled: how many.
 */
size_t isotonic_falling(struct isotonic_point *p, size_t n);

#endif
