/*
 * NM-DDM as its authors published it (A. Mustafa et al., IEEE Big Data 2017,
 * and their program CpdDP.java), to the letter: a scan over all splits k of one
 * growing window x_0 .. x_N-1, without a reference.
 *
 *     four bins of equal width d on [min, max] of the window
 *     p = bin frequencies of x_0 .. x_k-1
 *     q = bin frequencies of x_k+1 .. x_N-1           (x_k is dropped)
 *     s = number of bins with p = 0,  e = 0.7 / (N - k)
 *     z_j = 0                         if q_j <= 1e-4
 *           ln(q_j s / e)             if p_j < 1e-4
 *           ln(q_j / (p_j (1 - e)))   if s > 0
 *           ln(q_j / p_j)             otherwise
 *     S_k = k sum_j q_j z_j
 *     w   = max(0, max S_k over k = C .. N - C),  C = max(100, sqrt(N))
 *
 * and a change at that k when w >= -ln(alpha). That is not a test of level
 * alpha: without any change and alpha = 0.001, w reaches the limit in 27 % of
 * windows of 250 values and in nearly all of 3000.
 */
#ifndef NMDDM_PAPER_H
#define NMDDM_PAPER_H

#include <stddef.h>
#include <stdint.h>

#include "base/store.h"

struct nmddm_paper {
	size_t cap;   /* the window's largest length */
	double *room; /* 2 cap; the window is room[start .. start + len) */
	size_t start, len;
	uint8_t *bin; /* cap: scratch of a scan */
	double *ln;   /* cap + 1: ln(0 .. cap), 0 for ln 0 */
};

/* cap >= 200. NULL, or why not. */
const char *nmddm_paper_init(struct nmddm_paper *d, size_t cap);

/* Drops the oldest record when the window is at its cap. */
void nmddm_paper_add(struct nmddm_paper *d, double x);

/* Whether the window is long enough for one split, N >= 2 C. */
int nmddm_paper_ready(const struct nmddm_paper *d);

/* w, and its k through *split (0 when w is 0); the window is ready. */
double nmddm_paper_scan(struct nmddm_paper *d, size_t *split);

/* Drops x_0 .. x_k-1. */
void nmddm_paper_cut(struct nmddm_paper *d, size_t k);

void nmddm_paper_reset(struct nmddm_paper *d);

void nmddm_paper_state(struct nmddm_paper *d, struct store *s);

void nmddm_paper_free(struct nmddm_paper *d);

/* The limit for a strict comparison: w > it exactly when w >= -ln(alpha). */
double nmddm_paper_limit(double alpha);

#endif
