/*
 * How far apart vectors lie that have nothing to do with each other: a quantile
 * of the Euclidean distances of pairs of them, as sqrt(sum (x_k - y_k)^2).
 */
#ifndef PAIRS_H
#define PAIRS_H

#include <stddef.h>

/* The distance of two vectors of d numbers; infinite where it overflows. */
double pairs_distance(const double *x, const double *y, size_t d);

/*
 * The quantile q, 0 < q < 1, for n > 1 rows of d numbers, in the order in which
 * they were recorded. Records of one scene follow each other, so only pairs
 * count that are at least a quarter of the rows apart: all of them, or when
 * there are more than 20,000 a sample of as many, always the same for the same
 * n. The least distance that is not exceeded by a share q of these. NAN without
 * memory.
 */
double pairs_quantile(const double *rows, size_t n, size_t d, double q);

#endif
