/*
 * NM-DDM: detects a change of distribution by a likelihood ratio of two
 * nonparametric densities. Four modes; formulas and sources in their headers:
 *
 *     glr    histograms on reference quantiles, the last records against the
 *            reference (nmddm_glr.h), or, with scan, the last few or many of
 *            them against all that came before (nmddm_scan.h). The null
 *            distribution is the same for all data: a limit found by
 *            simulation holds for every distribution, tied data too.
 *     paper  the algorithm as its authors published it (nmddm_paper.h): splits
 *            of one growing window, no reference.
 *     kde    kernel densities, the mean log ratio (nmddm_kde.h). The null
 *            distribution depends on the data: a limit found by simulation
 *            holds for data that are near to normal.
 *     seed   kernel densities, the maximum, in windows that do not overlap;
 *            for comparison with an older system, which took 0.1 as limit.
 *
 * The statistic is evaluated when the window has filled, in scan when it holds
 * four records, and then at every step-th record; in between it holds its
 * value.
 *
 * No mode depends on the unit of the data: 1e300 is as good as 1, and so is 1e9
 * with a spread of 1e-3. glr takes a reference of any values, constant too, if
 * there are at least as many as bins; in kde a constant one is the value and
 * what lies within some millionths of it. paper has none; as published, on a
 * window of nothing but equal values w is -k ln(1 - 0.7 / (N - k)), which is
 * beyond 6.9 from 1100 records on.
 */
#ifndef NMDDM_H
#define NMDDM_H

#include <stddef.h>
#include <stdint.h>

#include "detect/kind.h"
#include "detect/nmddm_glr.h"
#include "detect/nmddm_kde.h"
#include "detect/nmddm_paper.h"
#include "detect/nmddm_params.h"
#include "detect/nmddm_scan.h"

/* What streams with one reference have in common. */
struct nmddm_common {
	size_t users;          /* that nmddm_free is to be called by */
	struct nmddm_params p; /* without zeros */
	size_t first;          /* records until the first evaluation */
};

struct nmddm {
	struct nmddm_common *of;
	unsigned long long count; /* records since the start or a reset; paper:
				     since the window began or was cut */
	double stat;
	size_t age;
	uint32_t split, back;
	int ready; /* there is a statistic */
	union {
		struct nmddm_glr glr;
		/* Owned, for they are large: */
		struct nmddm_scan *scan;
		struct nmddm_paper *paper;
		struct nmddm_kde *kde; /* kde and seed */
		void *own;
	} u;
};

struct nmddm_stat {
	double stat;  /* in nats; glr, paper >= 0 */
	size_t split; /* paper, scan: k, from the window's start; 0 when stat
			 is 0 */
	size_t back;  /* paper, scan: how many records before the last evaluated
			 one x_k lies, plus 1, so that 1 is that record itself;
			 0 when stat is 0 */
	size_t age;   /* records since it was evaluated */
};

/* Learns the reference, which need not be sorted and is not kept; paper takes
 * none (n = 0, ref NULL). NULL, or a text that says why not; then there is
 * nothing to free. */
const char *nmddm_init(
    void *nmddm, const void *params, const double *ref, size_t n);

/* With the reference of another one that has had no record. NULL, or why not. */
const char *nmddm_share(void *nmddm, const void *other);

/* paper, which shares nothing, cuts its window beyond the limit. */
void nmddm_hold(void *nmddm, double limit);

/* x is finite. */
void nmddm_add(void *nmddm, double x);

/* 1 with *s filled; 0 before the first evaluation, in paper also after a cut,
 * from the next record on. O(1). */
int nmddm_stat(const struct nmddm *d, struct nmddm_stat *s);

/* Its member stat alone; and how many records ago the split is, -1: none. */
int nmddm_value(const void *nmddm, double *stat);
long long nmddm_since(const void *nmddm);

/* The split for the record, where there is one. */
void nmddm_print(void *nmddm, struct buf *out);

/* Empties the window and keeps the reference. */
void nmddm_reset(void *nmddm);

/* What came after the reference, to be read by one that has learnt the same. */
void nmddm_state(void *nmddm, struct store *s);

void nmddm_free(void *nmddm);

/* The largest statistic of one simulated run: values are uniform in glr,
 * otherwise standard normal. In paper no statistic cuts the window. */
kind_simulation nmddm_simulate;

#endif
