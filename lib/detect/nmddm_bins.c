#include <stdlib.h>
#include <string.h>

#include "detect/nmddm_bins.h"
#include "base/memory.h"

struct pair {
	double x, u;
};

static int
compare(const void *a, const void *b)
{
	const struct pair *p = a, *q = b;

	if (p->x != q->x)
		return p->x < q->x ? -1 : 1;
	return (p->u > q->u) - (p->u < q->u);
}

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

const char *
nmddm_bins_init(struct nmddm_bins *b, const double *ref, size_t n, size_t bins,
    uint64_t seed)
{
	struct pair *p;

	*b = (struct nmddm_bins){.n = n, .bins = bins};
	if (bins < 2 || bins > NMDDM_MAX_BINS)
		return "the number of bins is not in 2 to 64";
	if (n < bins)
		return "the reference has fewer values than there are bins";
	if (n >= COUNT_MOST)
		return "the reference is too large";
	p = malloc(n * sizeof *p);
	if (!p)
		return NO_MEMORY;
	rng_seed(&b->rng, mix(seed, ref, n), 0);
	for (size_t i = 0; i < n; i++)
		p[i] = (struct pair){ref[i], rng_uniform(&b->rng)};
	qsort(p, n, sizeof *p, compare);
	for (size_t j = 0; j + 1 < bins; j++) {
		const struct pair *c = &p[(j + 1) * n / bins - 1];

		b->cut[j] = c->x;
		b->tie[j] = c->u;
	}
	free(p);
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
