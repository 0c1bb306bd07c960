/*
 * Adds one tally to another, as if the records of the second had come after
 * those of the first: counts add up, and what is of the last records is the
 * second's, where it has any.
 *
 * What that needs and tallies do not keep: the time between the last image of
 * one and the first of the other; the order of the additions in the sum of a
 * histogram, which may differ in its last digits; and, where a stream has more
 * classes than may have series of their own, which of the second's others are
 * those of the first.
 */
#ifndef TALLYJOIN_H
#define TALLYJOIN_H

#include "metric/tally.h"

/* Both with the same window. Where memory ends, t->failed is set. */
void tallyjoin(struct tally *t, const struct tally *next);

/*
 * Its halves: all counts but those of what was skipped; and the streams, of
 * which some may be chosen. pick gives the name that one of the second has in
 * the first, until it is called again, or NULL.
 */
struct tallyjoin_choice {
	const char *(*pick)(void *ctx, const char *stream);
	void *ctx;
};
void tallyjoin_counts(struct tally *t, const struct tally *next);
void tallyjoin_streams(struct tally *t, const struct tally *next,
    const struct tallyjoin_choice *choice);

#endif
