#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "limit/resample.h"

/* Where the next record comes from. */
struct draw {
	size_t at, left; /* in the reference; records left of the block */
};

static size_t
next_row(struct draw *w, const struct resample *s, size_t n, struct rng *r)
{
	if (w->left == 0) {
		w->at = rng_below(r, n);
		w->left = s->block;
	}
	w->left--;
	w->at = w->at + 1 < n ? w->at + 1 : 0;
	return w->at;
}

static const char *
learn(
    const struct kind *kind, void *d, const double *ref, size_t n, size_t width)
{
	return kind->verbs->init != NULL
		   ? kind->verbs->init(d, kind->params, ref, n)
		   : kind->verbs->init_rows(d, kind->params, ref, n, width);
}

/* Learns a drawn reference; how many detectors were made. */
static size_t
learn_drawn(const struct resample *s, char *detectors, size_t n, struct rng *r)
{
	struct draw w = {0, 0};
	size_t *row = malloc(n * sizeof(*row)), made = 0;
	double *ref = malloc(n * s->width * sizeof(*ref));

	for (size_t i = 0; row && i < n; i++)
		row[i] = next_row(&w, s, n, r);
	for (; row && ref && made < s->fields; made++) {
		void *d = detectors + made * s->kind->verbs->size;

		for (size_t i = 0; i < n; i++)
			memcpy(ref + i * s->width,
			    s->value[made] + row[i] * s->width,
			    s->width * sizeof(*ref));
		if (learn(s->kind, d, ref, n, s->width) != NULL)
			break;
		if (s->kind->verbs->seed != NULL)
			s->kind->verbs->seed(d, rng_next(r));
	}
	free(row);
	free(ref);
	return made;
}

static double
largest(const struct resample *s, char *detectors, size_t n,
    unsigned long long horizon, struct rng *r)
{
	struct draw w = {0, 0};
	double max = -INFINITY, stat;

	for (unsigned long long t = 0; t < horizon; t++) {
		size_t row = next_row(&w, s, n, r);

		for (size_t i = 0; i < s->fields; i++) {
			void *d = detectors + i * s->kind->verbs->size;

			if (s->kind->verbs->add != NULL)
				s->kind->verbs->add(d, s->value[i][row]);
			else
				s->kind->verbs->add_row(
				    d, s->value[i] + row * s->width);
			if (s->kind->verbs->value(d, &stat) && stat > max)
				max = stat;
		}
	}
	return max;
}

double
resample_simulate(
    const void *params, size_t n, unsigned long long horizon, struct rng *r)
{
	const struct resample *s = params;
	char *detectors = calloc(s->fields, s->kind->verbs->size);
	size_t made = detectors ? learn_drawn(s, detectors, n, r) : 0;
	double max = NAN;

	if (made == s->fields && made > 0)
		max = largest(s, detectors, n, horizon, r);
	for (size_t i = 0; i < made; i++)
		s->kind->verbs->free(detectors + i * s->kind->verbs->size);
	free(detectors);
	return max;
}

uint64_t
resample_digest(const struct resample *s, size_t n)
{
	uint64_t h = s->fields, bits;

	for (size_t i = 0; i < s->fields; i++)
		for (size_t k = 0; k < n * s->width; k++) {
			memcpy(&bits, &s->value[i][k], sizeof(bits));
			h = (h ^ bits) * 0x9e3779b97f4a7c15;
			h ^= h >> 32;
		}
	return h;
}
