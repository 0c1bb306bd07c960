#include <stdlib.h>
#include <string.h>

#include "detect/nmddm_bins.h"
#include "base/memory.h"
#include "stats/sort.h"

/*
 * A seed of each reference's own. With one for all, a reference would meet the
 * same draws whatever its values, and tied values the same luck every time.
 */
static uint64_t
mix(uint64_t seed, const double *ref, size_t n)
{
	uint64_t bits;

	for (size_t i = 0; i < n; i++) {
		memcpy(&bits, &ref[i], sizeof bits);
		seed = (seed ^ bits) * 0x9e3779b97f4a7c15;
		seed ^= seed >> 32;
	}
	return seed;
}

/* The u of the pairs with value x, rising; nearly always there is one. */
static void
ties_of(double *tie, double x, const double *ref, const double *u, size_t n)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		if (ref[i] == x)
			tie[found++] = u[i];
	sort_reals(tie, found);
}

/* Sorting the values alone takes half the time of sorting pairs. */
static void
cut(struct nmddm_bins *b, const double *ref, const double *rising,
    const double *u, double *tie)
{
	size_t first = 0; /* of those in rising that are equal to the cut */

	for (size_t j = 0; j + 1 < b->bins; j++) {
		size_t rank = (j + 1) * b->n / b->bins - 1;

		b->cut[j] = rising[rank];
		if (j == 0 || b->cut[j] != b->cut[j - 1]) {
			first = rank;
			while (first > 0 && rising[first - 1] == b->cut[j])
				first--;
			ties_of(tie, b->cut[j], ref, u, b->n);
		}
		b->tie[j] = tie[rank - first];
	}
}

const char *
nmddm_bins_init(struct nmddm_bins *b, const double *ref, size_t n, size_t bins,
    uint64_t seed)
{
	double *rising, *u;

	*b = (struct nmddm_bins){.n = n, .bins = bins};
	if (bins < 2 || bins > NMDDM_MAX_BINS)
		return "the number of bins is not in 2 to 64";
	if (n < bins)
		return "the reference has fewer values than there are bins";
	if (n >= COUNT_MOST)
		return "the reference is too large";
	rising = malloc(3 * n * sizeof *rising);
	if (!rising)
		return NO_MEMORY;
	u = rising + n;
	rng_seed(&b->rng, mix(seed, ref, n), 0);
	for (size_t i = 0; i < n; i++) {
		rising[i] = ref[i];
		u[i] = rng_uniform(&b->rng);
	}
	sort_reals(rising, n);
	cut(b, ref, rising, u, u + n);
	free(rising);
	return NULL;
}

size_t
nmddm_bins_share(const struct nmddm_bins *b, size_t bin)
{
	return (bin + 1) * b->n / b->bins - bin * b->n / b->bins;
}

size_t
nmddm_bins_of(const struct nmddm_bins *b, struct rng *rng, double x)
{
	size_t bin = 0;
	int tied = 0;
	double u;

	for (size_t j = 0; j + 1 < b->bins; j++) {
		bin += x > b->cut[j];
		tied |= x == b->cut[j];
	}
	if (!tied)
		return bin;
	u = rng_uniform(rng);
	for (size_t j = 0; j + 1 < b->bins; j++)
		bin += x == b->cut[j] && u > b->tie[j];
	return bin;
}
