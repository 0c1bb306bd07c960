/*
 * Ranks among values that stay: how many of n are not above x.
 *
 * A grid of n cells of the same width between the least value and the greatest
 * says where to look. Rounding keeps the order, x <= y gives cell(x) <=
 * cell(y), so that what is in another cell need not be compared: the answer is
 * exact whatever the values are. The time is that of a cell look-up where they
 * are spread out, and of a binary search where most of them share a cell.
 */
#ifndef RANK_H
#define RANK_H

#include <stddef.h>
#include <stdint.h>

enum { RANK_SLACK = 4 }; /* values after the last one, all infinite */

struct rank {
	size_t n;
	double *value;  /* n, rising, and RANK_SLACK more */
	uint32_t *cell; /* n + 1: the rank of the first value in it */
	double low, scale;
};

/*
 * The values in rising order, 0 < n < 2^32, all finite. They are not kept.
 * Returns 0, or -1 without memory; then there is nothing to free.
 */
int rank_init(struct rank *r, const double *value, size_t n);

/* x is finite. */
size_t rank_of(const struct rank *r, double x);

void rank_free(struct rank *r);

#endif
