#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/nmddm_paper.h"
#include "base/memory.h"

enum {
	BINS = 4,
	CUSHION = 100,
};

const char *
nmddm_paper_init(struct nmddm_paper *d, size_t cap)
{
	*d = (struct nmddm_paper){.cap = cap};
	if (cap < 2 * CUSHION)
		return "the window is shorter than 200";
	if (cap > COUNT_MOST)
		return "the window is too large";
	d->room = malloc(2 * cap * sizeof *d->room);
	d->bin = malloc(cap);
	d->ln = malloc((cap + 1) * sizeof *d->ln);
	if (!d->room || !d->bin || !d->ln) {
		nmddm_paper_free(d);
		return NO_MEMORY;
	}
	d->ln[0] = 0;
	for (size_t i = 1; i <= cap; i++)
		d->ln[i] = log((double)i);
	return NULL;
}

void
nmddm_paper_add(struct nmddm_paper *d, double x)
{
	if (d->len == d->cap)
		nmddm_paper_cut(d, 1);
	if (d->start + d->len == 2 * d->cap) {
		memmove(d->room, d->room + d->start, d->len * sizeof *d->room);
		d->start = 0;
	}
	d->room[d->start + d->len++] = x;
}

void
nmddm_paper_cut(struct nmddm_paper *d, size_t k)
{
	d->start += k;
	d->len -= k;
}

static size_t
cushion(size_t len)
{
	size_t root = (size_t)sqrt((double)len);

	return root > CUSHION ? root : CUSHION;
}

int
nmddm_paper_ready(const struct nmddm_paper *d)
{
	return d->len >= 2 * cushion(d->len);
}

/* Writes every value's bin and counts them. */
static void
assign_bins(struct nmddm_paper *d, size_t total[BINS])
{
	const double *x = d->room + d->start;
	double min = x[0], max = x[0], width;

	for (size_t i = 1; i < d->len; i++) {
		min = x[i] < min ? x[i] : min;
		max = x[i] > max ? x[i] : max;
	}
	width = max / BINS - min / BINS; /* as (max - min) / 4, but finite */
	for (size_t i = 0; i < d->len; i++) {
		int above = (x[i] > min + 2 * width) + (x[i] > max - width);

		d->bin[i] = (uint8_t)(x[i] <= min + width ? 0 : 1 + above);
		total[d->bin[i]]++;
	}
}

/* S_k, from the bins of the values before and after x_k */
static double
split_value(const struct nmddm_paper *d, size_t k, const size_t before[BINS],
    const size_t after[BINS])
{
	const double *ln = d->ln;
	size_t rest = d->len - k - 1, empty = 0;
	double e = 0.7 / (double)(d->len - k), sum = 0, full;

	for (int j = 0; j < BINS; j++)
		empty += before[j] == 0;
	full = empty ? log1p(-e) : 0;
	for (int j = 0; j < BINS; j++) {
		double q = (double)after[j] / (double)rest, lnq;

		if (q <= 1e-4)
			continue;
		lnq = ln[after[j]] - ln[rest];
		if (empty && (double)before[j] < 1e-4 * (double)k)
			sum += q * (lnq + ln[empty] - log(e));
		else
			sum += q * (lnq - (ln[before[j]] - ln[k]) - full);
	}
	return (double)k * sum;
}

double
nmddm_paper_scan(struct nmddm_paper *d, size_t *split)
{
	size_t before[BINS] = {0}, after[BINS] = {0}, first = cushion(d->len);
	double w = 0;

	*split = 0;
	assign_bins(d, after);
	for (size_t k = 0; k <= d->len - first; k++) {
		double s;

		/* x_k is in neither */
		after[d->bin[k]]--;
		if (k > 0)
			before[d->bin[k - 1]]++;
		if (k < first)
			continue;
		s = split_value(d, k, before, after);
		if (s > w) {
			w = s;
			*split = k;
		}
	}
	return w;
}

void
nmddm_paper_reset(struct nmddm_paper *d)
{
	d->start = d->len = 0;
}

void
nmddm_paper_state(struct nmddm_paper *d, struct store *s)
{
	if (store_reading(s))
		d->start = 0;
	store_size(s, "held", &d->len, 0, d->cap);
	store_reals(s, "window", d->room + d->start, d->len);
}

void
nmddm_paper_free(struct nmddm_paper *d)
{
	free(d->room);
	free(d->bin);
	free(d->ln);
	*d = (struct nmddm_paper){0};
}

double
nmddm_paper_limit(double alpha)
{
	return nextafter(-log(alpha), -INFINITY);
}
