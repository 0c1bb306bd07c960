/*
 * The common bins of a reference and of what came after it: the reference's
 * percentiles, and a few edges beyond its ends. A value is in the cell of the
 * edge that it equals, or in that between two edges, so that what both samples
 * have up to and below each edge is known exactly.
 *
 * From there come the Kolmogorov-Smirnov distance, which is at most the share
 * that the reference has in a cell too small (0.01, but for values that
 * repeat), and quantiles, which are in the right cell.
 */
#ifndef GRID_H
#define GRID_H

#include <stddef.h>
#include <stdint.h>

#include "stats/rank.h"

enum {
	GRID_PERCENT = 100,
	GRID_BEYOND = 12, /* edges beyond each end */
	GRID_EDGES = GRID_PERCENT + 1 + 2 * GRID_BEYOND,
	GRID_CELLS = 2 * GRID_EDGES + 1,
	GRID_TENTHS = 10
};

/* Cell 2 i is below edge i and above the one before, cell 2 i + 1 is edge i. */
struct grid {
	struct rank rank; /* its n edges */
	size_t n;         /* of the reference */
	double mean, sd;  /* of the reference; sd is NAN for one value */
	double min, max;
	uint32_t count[GRID_CELLS]; /* of the reference, by cell */
};

/* Moments of values, as sums of their distances from the reference's mean. */
struct grid_sums {
	uint64_t n;
	double sum, squares, min, max;
};

/* n > 0 finite values, which are sorted. Returns 0, or -1 without memory. */
int grid_init(struct grid *g, double *value, size_t n);

size_t grid_cell(const struct grid *g, double x);

/* Adds a finite value to moments. */
void grid_add(const struct grid *g, struct grid_sums *s, double x);
void grid_merge(struct grid_sums *into, const struct grid_sums *s);
double grid_mean(const struct grid *g, const struct grid_sums *s);
double grid_sd(const struct grid_sums *s);

/*
 * The distance of the reference from the values counted in the cells: it is
 * from low to high. NAN of no values.
 */
struct grid_distance {
	double low, high;
	int up; /* the values are larger than the reference's */
};
struct grid_distance grid_distance(const struct grid *g, const uint32_t *count);

/*
 * Two-sample tests of the reference and the values counted in the cells, in ten
 * bins that hold equal shares of the reference, as far as its values differ: a
 * bin holds its upper edge. glr is the statistic of nmddm(1) in as many bins;
 * twice it and chi2, Pearson's, have about the chi-square distribution of df
 * when there is no drift and the values are independent. NAN of no values.
 */
struct grid_test {
	double chi2, df, glr;
};
struct grid_test grid_test(const struct grid *g, const uint32_t *count);

/*
 * The p-quantile of what is counted in the cells, of values within min .. max:
 * the smallest value with a share of at least p up to it. low and high, which
 * may be NULL, get the bounds of the cell that it is in. NAN of no values.
 */
double grid_quantile(const struct grid *g, const uint32_t *count, double min,
    double max, double p, double *low, double *high);

/*
 * Spreads the cells over bins of equal width from low to high: the share of
 * each, what lies beyond being in none.
 */
void grid_bins(const struct grid *g, const uint32_t *count, double min,
    double max, double low, double high, size_t bins, double *share);

void grid_free(struct grid *g);

#endif
