/*
 * A share, 0 to 1, by polynomials of the second degree in a few numbers, which
 * are first made to have mean 0 and deviation 1. The mean of four polynomials in
 * three of them each is the logit of the share: a mean of such is farther from
 * none of them than they are from each other, and errs less where it is asked
 * beyond what it was learnt from (T. K. Ho, The random subspace method, IEEE
 * TPAMI 20, 1998). Each is the logistic regression of the shares, with a penalty
 * on all of its weights but the constant (S. le Cessie, J. C. van Houwelingen,
 * Ridge estimators in logistic regression, Applied Statistics 41, 1992).
 */
#ifndef QUADRIC_H
#define QUADRIC_H

#include <stddef.h>

enum { QUADRIC_X = 7, QUADRIC_PARTS = 4, QUADRIC_TERMS = 10 };

/* The three numbers of each polynomial. */
extern const size_t quadric_of[QUADRIC_PARTS][3];

struct quadric_point {
	double x[QUADRIC_X], y;
	size_t set; /* that it belongs to */
};

struct quadric {
	double mean[QUADRIC_X], scale[QUADRIC_X];
	/*
	 * Of the constant and of a, b, c, a a, a b, a c, b b, b c, c c, which
	 * are the three numbers and their products.
	 */
	double weight[QUADRIC_PARTS][QUADRIC_TERMS];
	double least; /* the smallest estimate: QUADRIC_LEAST of y are below */
};

#define QUADRIC_LEAST 0.01

/*
 * By all points but those of one set; of each polynomial the mean of
 * -y ln s - (1 - y) ln(1 - s), s being the share it says, plus half of penalty
 * times the sum of the squared weights is least. Scratch has room for n numbers.
 */
void quadric_fit(struct quadric *q, const struct quadric_point *p, size_t n,
    size_t without, double penalty, double *scratch);

double quadric_at(const struct quadric *q, const double *x);

#endif
