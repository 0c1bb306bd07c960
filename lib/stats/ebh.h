/*
 * The e-Benjamini-Hochberg procedure: which of many hypotheses are rejected, by
 * an e-value each. An e-value is 0 or more, and 1 or less on average when its
 * hypothesis is true. With the largest first, the k largest are rejected, for
 * the last k with
 *
 *	e_(k) >= hypotheses / (share k)
 *
 * Of the rejected ones the share that are true is share or less on average,
 * counted as 0 where none is rejected, however the e-values depend on each
 * other. R. Wang, A. Ramdas, False discovery rate control with e-values,
 * Journal of the Royal Statistical Society B 84 (2022).
 */
#ifndef EBH_H
#define EBH_H

#include <stddef.h>

/* How many, of n that fall; hypotheses without an e-value here have 0. */
size_t ebh_count(
    const double *falling, size_t n, double hypotheses, double share);

/* What the least of k has to reach, or with 0 the first one. */
double ebh_limit(size_t k, double hypotheses, double share);

#endif
