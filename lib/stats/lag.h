/*
 * Whether neighbours in a series of classes resemble each other: the
 * autocorrelation at lag 1, and how many of its deviations it is above what
 * independent ones have. Of classes with shares p_j, of which neighbours are the
 * same with share s, and q_k = sum p_j^k,
 *
 *	r = (s - q_2) / (1 - q_2),  z = (s - q_2) sqrt(n / (q_2 + q_2^2 - 2 q_3))
 *
 * (P. V. Krishna Iyer, Biometrika 36 (1949) 135-141, for the variance; of
 * numbers there is ar.h). Where nothing varies both are 0.
 */
#ifndef LAG_H
#define LAG_H

#include <stddef.h>

struct lag {
	double r, z;
};

/* n codes, which are whole and at least 0. -1 without memory. */
int lag_of_codes(struct lag *l, const double *code, size_t n);

/* How many independent values n with this r are worth, by an autoregression. */
double lag_worth(const struct lag *l, size_t n);

#endif
