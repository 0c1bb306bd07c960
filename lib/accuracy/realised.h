/*
 * What truth says of a window's accuracy, where it is known for some of the
 * records, and what becomes of the estimate by it.
 *
 * The estimate stands for as many labels as leave its interval: of a beta
 * distribution with mean a and that variance v, a (1 - a) / v - 1. The labels
 * are added to these, as if they were of a random choice of the records.
 */
#ifndef REALISED_H
#define REALISED_H

#include "accuracy/estimate.h"

enum realised_truth { REALISED_WRONG, REALISED_RIGHT, REALISED_UNKNOWN };

struct realised {
	size_t n;                   /* records of which it is known */
	double accuracy, low, high; /* of these; the exact interval */
	struct estimate corrected;
};

/* One of the above for each record of the window; n may come out as 0. */
void realised_by(struct realised *r, const struct estimate *e,
    const uint32_t *truth, size_t window);

#endif
