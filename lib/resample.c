#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "resample.h"

/* Where the next record comes from. */
struct draw {
	size_t at, left; /* in the reference; records left of the block */
};

static size_t
next(struct draw *w, const struct resample *s, size_t n, struct rng *r)
{
	if (w->left == 0) {
		w->at = rng_below(r, n);
		w->left = s->block;
	}
	w->left--;
	w->at = w->at + 1 < n ? w->at + 1 : 0;
	return w->at;
}

/* Learns a drawn reference; how many detectors were made. */
static size_t
begin(const struct resample *s, char *detectors, size_t n, struct rng *r)
{
	struct draw w = {0, 0};
	size_t *row = malloc(n * sizeof(*row)), made = 0;
	double *ref = malloc(n * sizeof(*ref));

	for (size_t i = 0; row && i < n; i++)
		row[i] = next(&w, s, n, r);
	for (; row && ref && made < s->fields; made++) {
		void *d = detectors + made * s->kind->size;

		for (size_t i = 0; i < n; i++)
			ref[i] = s->value[made][row[i]];
		if (s->kind->init(d, ref, n) != NULL)
			break;
	}
	free(row);
	free(ref);
	return made;
}

static double
live(const struct resample *s, char *detectors, size_t n,
    unsigned long long horizon, struct rng *r)
{
	struct draw w = {0, 0};
	double max = -INFINITY, stat;

	for (unsigned long long t = 0; t < horizon; t++) {
		size_t row = next(&w, s, n, r);

		for (size_t i = 0; i < s->fields; i++) {
			void *d = detectors + i * s->kind->size;

			s->kind->add(d, s->value[i][row]);
			if (s->kind->stat(d, &stat) && stat > max)
				max = stat;
		}
	}
	return max;
}

double
resample_life(
    const void *params, size_t n, unsigned long long horizon, struct rng *r)
{
	const struct resample *s = params;
	char *detectors = calloc(s->fields, s->kind->size);
	size_t made = detectors ? begin(s, detectors, n, r) : 0;
	double max = NAN;

	if (made == s->fields && made > 0)
		max = live(s, detectors, n, horizon, r);
	for (size_t i = 0; i < made; i++)
		s->kind->free(detectors + i * s->kind->size);
	free(detectors);
	return max;
}

uint64_t
resample_digest(const struct resample *s, size_t n)
{
	uint64_t h = s->fields, bits;

	for (size_t i = 0; i < s->fields; i++)
		for (size_t k = 0; k < n; k++) {
			memcpy(&bits, &s->value[i][k], sizeof(bits));
			h = (h ^ bits) * 0x9e3779b97f4a7c15;
			h ^= h >> 32;
		}
	return h;
}
