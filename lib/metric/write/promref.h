/*
 * What the reference of the detectors says that should be: mean and deviation
 * of the features, and the share of each class, of the streams that a tally
 * counts. A stream for which the file has no records is held to those that are
 * of no stream.
 */
#ifndef PROMREF_H
#define PROMREF_H

#include "metric/tally.h"

/* How often a class is in the reference of a stream. */
struct promref_share {
	uint32_t stream,
	    class;    /* numbers of their texts in the tally's counts */
	double share; /* 0 to 1 */
	size_t at;    /* the order in which they came */
};

struct promref {
	const char *file; /* NULL: none; kept */
	/* The rest is promref.c's own. */
	char *digest;
	struct tally tally;
	struct promref_share *share; /* by stream */
	size_t shares;
	size_t features; /* that the file was read for */
	int read;
};

/*
 * Reads the file for the features that live has, if it has not been read for
 * these. The first time a file that can't be read is a message and exit 2,
 * later a message.
 */
void promref_read(struct promref *r, const struct tally *live);

/* Puts what should be in the streams that live has. */
void promref_put(
    const struct promref *r, const struct tally *live, struct prom *p);

void promref_free(struct promref *r);

#endif
