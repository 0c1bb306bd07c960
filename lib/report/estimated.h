/*
 * Accuracy that a filter has estimated without labels (accest(1)), as the
 * records say it: a member with "accuracy", "low" and "high".
 */
#ifndef ESTIMATED_H
#define ESTIMATED_H

#include "metric/detread.h"

enum { ESTIMATED_TEXT = 96 };

/* Of some records: how many have an estimate, and the sums of these. */
struct estimated_sums {
	unsigned long long n;
	double accuracy, low, high;
};

/* Of a stream, all zero at first: who estimates, and the last estimate. */
struct estimated {
	char by[ESTIMATED_TEXT], method[ESTIMATED_TEXT];
	double window; /* records that it is an estimate of, or NAN */
	double accuracy, low, high;
	unsigned long long n; /* records that have one */
};

/* A record, of the bucket with these sums; of several filters the first. */
void estimated_add(struct estimated *e, const struct detread *read,
    struct estimated_sums *bucket);

void estimated_join(
    struct estimated_sums *into, const struct estimated_sums *s);

/* The mean estimate of the records that have one, with its interval; NAN. */
struct estimated_sums estimated_mean(const struct estimated_sums *s);

#endif
