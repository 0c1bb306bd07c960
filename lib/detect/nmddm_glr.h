/*
 * Likelihood ratio of two histograms, nmddm's default statistic: n reference
 * values against the last m records, in r bins that hold equal shares of the
 * reference. With a_j reference values and b_j records in bin j, N = n + m:
 *
 *     G = sum_j  a_j ln(a_j N / (n (a_j + b_j)))
 *              + b_j ln(b_j N / (m (a_j + b_j))),      0 ln 0 = 0
 *
 * G >= 0; for one pair of independent samples 2 G is about chi-square with
 * r - 1 degrees of freedom. Each term comes out of a table, so that equal
 * counts give equal doubles.
 *
 * The pooled form of the statistic of NM-DDM (nmddm_paper.h), on the bins of
 * nmddm_bins.h. Its null distribution is the same for all data, tied or not.
 */
#ifndef NMDDM_GLR_H
#define NMDDM_GLR_H

#include <stddef.h>
#include <stdint.h>

#include "detect/nmddm_bins.h"

/* What streams with one reference have in common. */
struct nmddm_glr_ref {
	size_t users; /* that nmddm_glr_free is to be called by */
	size_t n, m;
	struct nmddm_bins bins;
	double *term;              /* a row of m + 1 for each bin: by b_j */
	unsigned of_count, of_bin; /* bits of a code (codes.h) */
	size_t ring;               /* where in window the bins are */
};

struct nmddm_glr {
	struct nmddm_glr_ref *ref; /* shared */
	struct rng rng;            /* decides ties */
	void *window; /* b_j, and then m bins of records: codes.h */
	uint32_t next, held;
};

/* 2 <= bins <= NMDDM_MAX_BINS and bins <= n, m < 2^32. NULL, or why not. */
const char *nmddm_glr_init(struct nmddm_glr *g, const double *ref, size_t n,
    size_t m, size_t bins, uint64_t seed);

/* With the reference of another one. NULL, or why not. */
const char *nmddm_glr_share(struct nmddm_glr *g, const struct nmddm_glr *other);

void nmddm_glr_add(struct nmddm_glr *g, double x);

/* G; the window is full. */
double nmddm_glr_value(const struct nmddm_glr *g);

/* b_j, of which count has room for as many as there can be. Returns count. */
const uint32_t *nmddm_glr_counts(const struct nmddm_glr *g, uint32_t *count);

/* The bin of the last record; there is one. */
size_t nmddm_glr_last(const struct nmddm_glr *g);

/* Empties the window. */
void nmddm_glr_reset(struct nmddm_glr *g);

void nmddm_glr_state(struct nmddm_glr *d, struct store *s);

void nmddm_glr_free(struct nmddm_glr *g);

#endif
