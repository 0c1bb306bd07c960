/* A bucket in the text of a summary (sumstate.h). */
#ifndef SUMBUCKET_H
#define SUMBUCKET_H

#include "base/store.h"
#include "report/buckets.h"

/* How much there is of each. */
struct sumbucket_shape {
	size_t fields, classes, tests;
	unsigned long long records; /* of the stream, at most */
};

/* Reading fills one that is all zero but for begin and end. */
void sumbucket(
    struct store *s, struct bucket *k, const struct sumbucket_shape *shape);

/* Moves the values of n fields to other places; WATCHED_MOST is none. */
void sumbucket_move(struct bucket *k, const size_t *to, size_t n);

#endif
