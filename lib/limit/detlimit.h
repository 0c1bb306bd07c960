/*
 * The limits of a group's tests, by what the user asked for: a fixed one, one
 * by --arl0, or one that is simulated for --fap and --horizon.
 */
#ifndef DETLIMIT_H
#define DETLIMIT_H

#include "detect/kind.h"
#include "stats/ar.h"

struct detlimit {
	double fap, arl0; /* arl0 NAN: by fap and horizon */
	unsigned long long horizon;
	double groups; /* that share the guarantee; 1: each has its own */
	int resample;
	size_t block; /* 0: the square root of the reference's size */
	size_t runs;  /* to simulate; 0: enough */
	int keep_own; /* the reference is a file: keep limits of it */
	/* The answers so far, for the groups to come. */
	struct detlimit_answer {
		char *key; /* without n */
		size_t n;
		double limit;
	} * answer;
	size_t answers;
	int said; /* what the options give */
};

/* One of a group's tests, which has learnt. */
struct detlimit_test {
	void *detector;
	const double *value; /* the reference: n rows of width values */
	/* Of the reference, where the detector is given residuals; or NULL. */
	const struct ar *ar;
	size_t contexts; /* where it is given scores within them; else 0 */
	double rounds;   /* through all of these, in the reference */
	double limit;    /* the answer */
};

/* Whether it is one that a guarantee over a horizon asks for; and which. */
int detlimit_promises(const struct kind *kind);
unsigned long long detlimit_horizon(const struct detlimit *l);

/* Finds the limit of each test. */
void detlimit_find(struct detlimit *l, const struct kind *kind,
    struct detlimit_test *test, size_t tests, size_t n, size_t width);

/*
 * False alarms for a record, at most, on average: of one group, or of all that
 * share the guarantee. INFINITY: the limit is fixed.
 */
double detlimit_rate(const struct detlimit *l, const struct kind *kind);

void detlimit_free(struct detlimit *l);

#endif
