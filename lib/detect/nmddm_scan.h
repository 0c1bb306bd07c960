/*
 * The likelihood ratio of two histograms (nmddm_glr.h) over the splits of one
 * growing window of N records, N up to a cap, on the bins of nmddm_bins.h:
 * before a split are the n reference values and the window's first records,
 * after it the last s of the window, s = 4, 6, 8, 11, 16, 23 ... 4 sqrt(2)^i,
 * rounded. With a_j values before and b_j after in bin j, t_j = a_j + b_j and
 * f(x) = x ln x, f(0) = 0,
 *
 *     G_s = sum_j (f(a_j) + f(b_j) - f(t_j))
 *           - f(n + N - s) - f(s) + f(n + N)
 *     G   = max over s <= N, s < cap
 *
 * in nats. The best s tells when the change was, as finely as s is graded.
 *
 * The reference belongs to what comes before: without it a change at the start
 * of the stream is never seen, and half a deviation is seen after 144 records
 * instead of 117 (both at one false alarm in twenty streams of 1000, with a
 * reference of 500 and 500 good records before the change). Of the window, the
 * part before the split belongs to it too, as it makes a short reference
 * longer: with the reference alone these are 133.
 *
 * A record moves at most three values, so that G costs O(log N) and no more
 * for more bins. f is rounded to whole multiples of 2^-32: sums that are
 * updated for ever stay what a new sum would be. Memory is cap bytes, 8 bytes
 * for each of the n + cap values of f, and 4 bytes a bin and split.
 */
#ifndef NMDDM_SCAN_H
#define NMDDM_SCAN_H

#include <stddef.h>
#include <stdint.h>

#include "detect/nmddm_bins.h"

enum {
	NMDDM_SCAN_FIRST = 4, /* the smallest s, and the first N with a G */
	NMDDM_SCAN_SPLITS = 64,
};

struct nmddm_scan {
	struct nmddm_bins bins;
	size_t cap, held, next; /* held is N */
	uint8_t *ring;          /* cap: the records' bins */
	int64_t *f;             /* f(0 .. n + cap), in 2^-32 */
	size_t splits;
	size_t size[NMDDM_SCAN_SPLITS]; /* s, rising */
	int64_t sum[NMDDM_SCAN_SPLITS]; /* of f(a_j) + f(b_j) over the bins */
	uint32_t *after;                /* a row of b_j for each split */
	uint32_t total[NMDDM_MAX_BINS]; /* t_j */
	int64_t total_sum;              /* of f(t_j) */
};

/* cap >= 8. NULL, or why not. */
const char *nmddm_scan_init(struct nmddm_scan *d, const double *ref, size_t n,
    size_t cap, size_t bins, uint64_t seed);

/* With the reference of another one that has had no record. NULL, or why not. */
const char *nmddm_scan_share(
    struct nmddm_scan *d, const struct nmddm_scan *other);

/* Drops the oldest record when the window is at its cap. */
void nmddm_scan_add(struct nmddm_scan *d, double x);

/* G, and its s through *back (0 when G is 0); N >= NMDDM_SCAN_FIRST. */
double nmddm_scan_value(const struct nmddm_scan *d, size_t *back);

/* The counts of the last s records, for an s that was G's. */
const uint32_t *nmddm_scan_after(const struct nmddm_scan *d, size_t back);

/* The bin of the last record; there is one. */
size_t nmddm_scan_last(const struct nmddm_scan *d);

/* Empties the window. */
void nmddm_scan_reset(struct nmddm_scan *d);

void nmddm_scan_state(struct nmddm_scan *d, struct store *s);

void nmddm_scan_free(struct nmddm_scan *d);

#endif
