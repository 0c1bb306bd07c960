/*
 * Two samples of a field against each other: how far apart, whether that is
 * more than chance, and how much it matters.
 */
#ifndef CONTRAST_H
#define CONTRAST_H

#include <stddef.h>

struct contrast {
	size_t n, m;
	double d; /* Kolmogorov and Smirnov's distance */
	double p; /* exact, given the ties (stats/ks.h); NAN without memory */
	/*
	 * Cliff's delta: P(b > a) - P(b < a) of a value of each. N. Cliff,
	 * Psychological Bulletin 114 (1993) 494-509.
	 */
	double delta;
	/* The shift of the mean in pooled standard deviations (Cohen). */
	double shift;
};

/* Both in rising order, n and m > 0. */
struct contrast contrast(const double *a, size_t n, const double *b, size_t m);

#endif
