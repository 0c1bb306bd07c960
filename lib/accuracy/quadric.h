/*
 * A polynomial of the second degree in a few numbers, which are first made to
 * have mean 0 and deviation 1. It is the mean of polynomials in three of them,
 * the first two and each of the others: a mean of such is farther from none of
 * them than they are from each other, and errs less where it is asked beyond
 * what it was learnt from (T. K. Ho, The random subspace method, IEEE TPAMI 20,
 * 1998). Each is by least squares with a penalty on all of its weights but the
 * constant (ridge regression).
 */
#ifndef QUADRIC_H
#define QUADRIC_H

#include <stddef.h>

enum {
	QUADRIC_X = 5,
	QUADRIC_TERMS = 1 + QUADRIC_X + QUADRIC_X * (QUADRIC_X + 1) / 2
};

struct quadric_point {
	double x[QUADRIC_X], y;
	size_t set; /* that it belongs to */
};

/*
 * Weights: the constant, x0 .. x4, x0 x0, x0 x1 .. x0 x4, x1 x1 .. x4 x4. Those
 * of x2 x3, x2 x4 and x3 x4 are 0.
 */
struct quadric {
	double mean[QUADRIC_X], scale[QUADRIC_X], weight[QUADRIC_TERMS];
};

/* By all points but those of one set; of each polynomial the mean of the squared
 * errors plus penalty times the sum of the squared weights is least. */
void quadric_fit(struct quadric *q, const struct quadric_point *p, size_t n,
    size_t without, double penalty);

double quadric_at(const struct quadric *q, const double *x);

#endif
