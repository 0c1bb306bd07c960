/*
 * A polynomial of the second degree in a few numbers, by least squares with a
 * penalty on all of its weights but the constant (ridge regression): the
 * numbers are first made to have mean 0 and deviation 1.
 */
#ifndef QUADRIC_H
#define QUADRIC_H

#include <stddef.h>

enum {
	QUADRIC_X = 3,
	QUADRIC_TERMS = 1 + QUADRIC_X + QUADRIC_X * (QUADRIC_X + 1) / 2
};

struct quadric_point {
	double x[QUADRIC_X], y;
	size_t set; /* that it belongs to */
};

/* Weights: the constant, x0 .. x2, x0 x0, x0 x1, x0 x2, x1 x1, x1 x2, x2 x2. */
struct quadric {
	double mean[QUADRIC_X], scale[QUADRIC_X], weight[QUADRIC_TERMS];
};

/* By all points but those of one set; the mean of the squared errors plus
 * penalty times the sum of the squared weights is least. */
void quadric_fit(struct quadric *q, const struct quadric_point *p, size_t n,
    size_t without, double penalty);

double quadric_at(const struct quadric *q, const double *x);

#endif
