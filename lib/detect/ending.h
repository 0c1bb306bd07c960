/*
 * When is a change over? An alarm that ended whenever its statistic is low
 * would begin anew, again and again, while a weak change lasts: the statistic
 * of such a change wanders about the limit.
 *
 * While an alarm is on, each record has a score s in the direction in which the
 * stream had moved when the alarm began: of mean 0 and deviation 1 in control,
 * and held to within +-4. A detector says what its scores are (kind.h). Their
 * mean since the change began, with 20 records of 0 beside them, and held to
 * .15 .. 1, is the size d of the change; the mean of (s - d)^2 since the alarm
 * began, with 20 of 1 beside them, is their variance v there, 1 at least. Before
 * s is counted in them,
 *
 *	E = max(0, E + d (d/2 - s) / v),	E = 0 when the alarm begins
 *
 * is a CUSUM of the likelihood ratio of "it is over" against "it goes on", for
 * normal scores. The change is over when E > 7.6 = ln 2000: if d is right, that
 * happens by mistake once in 2000 records or less (G. Lorden, Annals of
 * Mathematical Statistics 42 (1971) 1897-1908), and after a change of 1 takes
 * about 15 records; after one of d, 15 / d^2. E is held at twice that, so that
 * it falls soon when the change comes back.
 *
 * A direction is chosen for what the window shows, and so shows more of a
 * change than there is: in k dimensions, a mean of length r over n records is
 * taken for one of (r^2 - (k - 1) / n) / r.
 */
#ifndef ENDING_H
#define ENDING_H

#include <stddef.h>
#include <stdint.h>

#include "base/store.h"

struct ending {
	double records, sum;  /* of the scores since the change began */
	double seen, squares; /* since the alarm began; of s - d */
	double evidence;      /* E */
	size_t parts;
	double direction[]; /* what it is, the detector knows */
};

/* With a direction of so many parts, all 0. NULL without memory. */
struct ending *ending_new(size_t parts);

/* The change lasts for so many records, and their scores have that mean. */
void ending_size(struct ending *e, double records, double mean);

/*
 * The same for a direction in so many dimensions, of which the mean's length
 * has not been freed of chance.
 */
void ending_length(
    struct ending *e, double records, double length, double dimensions);

/*
 * From the reference's counts, which are in direction, to those of a window:
 * the likelihood's slope, w_j = (c_j / m - p_j) / p_j over its deviation, which
 * is the score of a record in cell j. Half a record more is in each cell of the
 * reference.
 */
void ending_counts(struct ending *e, const uint32_t *count);

/* One record's score. */
void ending_add(struct ending *e, double score);

/* The share of its limit above which an alarm does not end. */
#define ENDING_SHARE 0.8

/*
 * Whether there is an alarm at this statistic: it exceeds the limit, or there
 * was one and it is above ENDING_SHARE of it, or the change is not over. NULL:
 * E is not kept.
 */
int ending_alarm(const struct ending *e, int before, double stat, double limit);

/* To be read into one of as many parts. */
void ending_state(struct ending *e, struct store *s);

#endif
