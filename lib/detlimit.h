/*
 * The limits of a group's tests, by what the user asked for: a fixed one, one
 * by --arl0, or one that is simulated for --fap and --horizon.
 */
#ifndef DETLIMIT_H
#define DETLIMIT_H

#include "det.h"

struct detlimit {
	double fap, arl0; /* arl0 NAN: by fap and horizon */
	unsigned long long horizon;
	double groups; /* that share the promise; 1: each has its own */
	int resample;
	size_t block; /* 0: the square root of the reference's size */
	size_t lives; /* to simulate; 0: enough */
	int keep_own; /* the reference will come again: keep limits of it */
	/* The answers so far, for the groups to come. */
	struct detlimit_answer {
		char *key; /* without n */
		size_t n;
		double limit;
	} * answer;
	size_t answers;
	int said; /* what the options give */
};

/*
 * Sets limit[] of each field, from detectors that have learnt n values each.
 */
void detlimit_find(struct detlimit *l, const struct det_kind *kind,
    size_t fields, void *const *detector, const double *const *value, size_t n,
    double *limit);

void detlimit_free(struct detlimit *l);

#endif
