#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/nmddm_scan.h"
#include "base/memory.h"

static const double unit = 0x1p32;

static void
choose_sizes(struct nmddm_scan *d)
{
	for (double s = NMDDM_SCAN_FIRST; s + .5 < (double)d->cap; s *= sqrt(2))
		d->size[d->splits++] = (size_t)(s + .5);
}

const char *
nmddm_scan_init(struct nmddm_scan *d, const double *ref, size_t n, size_t cap,
    size_t bins, uint64_t seed)
{
	const char *failure;

	*d = (struct nmddm_scan){.cap = cap};
	if (cap < 2 * NMDDM_SCAN_FIRST)
		return "the window is shorter than 8";
	if (n > 100000000 || cap > 10000000)
		return "the window or the reference is too large";
	failure = nmddm_bins_init(&d->bins, ref, n, bins, seed);
	if (failure)
		return failure;
	choose_sizes(d);
	d->ring = malloc(cap);
	d->f = malloc((n + cap + 1) * sizeof *d->f);
	d->after = malloc(d->splits * bins * sizeof *d->after);
	if (!d->ring || !d->f || !d->after) {
		nmddm_scan_free(d);
		return NO_MEMORY;
	}
	d->f[0] = 0;
	for (size_t i = 1; i <= n + cap; i++)
		d->f[i] = llrint((double)i * log((double)i) * unit);
	nmddm_scan_reset(d);
	return NULL;
}

const char *
nmddm_scan_share(struct nmddm_scan *d, const struct nmddm_scan *other)
{
	size_t after = other->splits * other->bins.bins;
	size_t values = other->bins.n + other->cap + 1;

	*d = *other;
	d->ring = malloc(d->cap);
	d->f = malloc(values * sizeof *d->f);
	d->after = malloc(after * sizeof *d->after);
	if (!d->ring || !d->f || !d->after) {
		nmddm_scan_free(d);
		return NO_MEMORY;
	}
	memcpy(d->f, other->f, values * sizeof *d->f);
	nmddm_scan_reset(d);
	return NULL;
}

/* By how much f grows from x to x + 1. */
static int64_t
rise(const struct nmddm_scan *d, uint32_t x)
{
	return d->f[x + 1] - d->f[x];
}

/* The oldest record leaves the window: there is one less before each split. */
static void
drop(struct nmddm_scan *d, size_t bin)
{
	uint32_t left = --d->total[bin];

	d->total_sum -= rise(d, left);
	for (size_t k = 0; k < d->splits; k++)
		d->sum[k] -= rise(d, left - d->after[k * d->bins.bins + bin]);
}

/* A record leaves the last ones of split k. */
static void
pass(struct nmddm_scan *d, size_t k)
{
	size_t back = d->size[k], at;
	uint32_t *after = d->after + k * d->bins.bins, left;

	at = d->next >= back ? d->next - back : d->next + d->cap - back;
	left = --after[d->ring[at]];
	d->sum[k] += rise(d, d->total[d->ring[at]] - left - 1) - rise(d, left);
}

static void
add_bin(struct nmddm_scan *d, size_t bin)
{
	size_t bins = d->bins.bins;

	if (d->held == d->cap)
		drop(d, d->ring[d->next]);
	else
		d->held++;
	for (size_t k = 0; k < d->splits; k++) {
		if (d->held > d->size[k])
			pass(d, k);
		d->sum[k] += rise(d, d->after[k * bins + bin]++);
	}
	d->total_sum += rise(d, d->total[bin]++);
	d->ring[d->next] = (uint8_t)bin;
	d->next = d->next + 1 == d->cap ? 0 : d->next + 1;
}

void
nmddm_scan_add(struct nmddm_scan *d, double x)
{
	add_bin(d, nmddm_bins_of(&d->bins, &d->bins.rng, x));
}

double
nmddm_scan_value(const struct nmddm_scan *d, size_t *back)
{
	size_t all = d->bins.n + d->held;
	int64_t rest = d->f[all] - d->total_sum, max = 0;

	*back = 0;
	for (size_t k = 0; k < d->splits && d->size[k] <= d->held; k++) {
		size_t s = d->size[k];
		int64_t g = d->sum[k] + rest - d->f[s] - d->f[all - s];

		if (g > max) {
			max = g;
			*back = s;
		}
	}
	return (double)max / unit;
}

const uint32_t *
nmddm_scan_after(const struct nmddm_scan *d, size_t back)
{
	size_t k = 0;

	while (k + 1 < d->splits && d->size[k] != back)
		k++;
	return d->after + k * d->bins.bins;
}

size_t
nmddm_scan_last(const struct nmddm_scan *d)
{
	return d->ring[d->next > 0 ? d->next - 1 : d->cap - 1];
}

void
nmddm_scan_reset(struct nmddm_scan *d)
{
	size_t bins = d->bins.bins;

	d->held = d->next = 0;
	d->total_sum = 0;
	memset(d->after, 0, d->splits * bins * sizeof *d->after);
	for (size_t j = 0; j < bins; j++) {
		d->total[j] = (uint32_t)nmddm_bins_share(&d->bins, j);
		d->total_sum += d->f[d->total[j]];
	}
	for (size_t k = 0; k < d->splits; k++)
		d->sum[k] = d->total_sum;
}

/* The window again, each record in its place of the ring. */
static void
replay(struct nmddm_scan *d, size_t held, size_t next)
{
	nmddm_scan_reset(d);
	d->next = held < d->cap ? 0 : next;
	while (d->held < held)
		add_bin(d, d->ring[d->next]);
}

void
nmddm_scan_state(struct nmddm_scan *d, struct store *s)
{
	size_t held = d->held, next = d->next;

	rng_state(&d->bins.rng, s);
	store_size(s, "held", &held, 0, d->cap);
	store_size(s, "next", &next, 0, d->cap - 1);
	if (held < d->cap && next != held)
		store_refuse(s, "a window that is not full begins elsewhere");
	store_u8s(s, "ring", d->ring, held, (unsigned)d->bins.bins - 1);
	if (store_reading(s) && s->why == NULL)
		replay(d, held, next);
}

void
nmddm_scan_free(struct nmddm_scan *d)
{
	free(d->ring);
	free(d->f);
	free(d->after);
	*d = (struct nmddm_scan){0};
}
