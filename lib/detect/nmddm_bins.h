/*
 * Bins that hold equal shares of n reference values, for the histograms of
 * nmddm: bin j of r holds floor((j+1) n / r) - floor(j n / r) of them.
 *
 * Every value x is taken as a pair (x, u) with u uniform, ordered by x and then
 * u. Pairs have no ties: a record equal to a cut falls on either side of it as
 * often as the reference's values did, and the counts have one distribution for
 * all data, tied or not. So the reference may have fewer distinct values than
 * there are bins, or a single one, and of any magnitude; of a constant stream a
 * record is in each bin by chance. u comes from a generator seeded by the
 * caller's seed and the reference.
 *
 * Bins at reference quantiles after Boracchi, Carrera, Cervellera and Maccio,
 * ICML 2018.
 */
#ifndef NMDDM_BINS_H
#define NMDDM_BINS_H

#include <stddef.h>
#include <stdint.h>

#include "stats/rng.h"

enum {
	NMDDM_MAX_BINS = 64,
};

struct nmddm_bins {
	size_t n, bins;
	double cut[NMDDM_MAX_BINS - 1]; /* a bin holds its upper cut */
	double tie[NMDDM_MAX_BINS - 1]; /* the u of each cut */
	struct rng rng;                 /* as it is before the first record */
};

/* 2 <= bins <= NMDDM_MAX_BINS and bins <= n; ref[] need not be sorted and is
 * not kept. NULL, or why not. */
const char *nmddm_bins_init(struct nmddm_bins *b, const double *ref, size_t n,
    size_t bins, uint64_t seed);

/* How many reference values are in a bin. */
size_t nmddm_bins_share(const struct nmddm_bins *b, size_t bin);

/* The bin of a record; draws from the stream's own generator, which begins as
 * that of the bins, when it is equal to a cut. */
size_t nmddm_bins_of(const struct nmddm_bins *b, struct rng *rng, double x);

#endif
