/*
 * Statistics of an array: one pass for the mean, one for the rest, so that a
 * large offset costs no digits, and neither does a magnitude whose square is
 * out of range.
 */
#ifndef STAT_H
#define STAT_H

#include <stddef.h>

/*
 * n values x_i with mean m, and m_k = sum (x_i - m)^k / n. What is not defined
 * (the std of one value, the skew of values that are all alike) or overflows
 * is NAN; of no values all but the counts are.
 */
struct stat {
	size_t n;
	size_t zeros; /* values that are exactly 0 */
	double mean;
	double std; /* sample: sqrt(sum (x_i - m)^2 / (n - 1)) */
	double min, max;
	double l2;   /* Euclidean norm: sqrt(sum x_i^2) */
	double skew; /* m_3 / m_2^1.5 */
	double kurt; /* excess: m_4 / m_2^2 - 3 */
};

void stat_of(struct stat *s, const double *x, size_t n);

#endif
