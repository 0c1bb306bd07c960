/*
 * The new lines of a file that grows: from a known place on, over rotations of
 * every kind (logchain.h), to its end or for ever. Only whole lines are given;
 * one that has no end yet is for the next time. What is not there any more is
 * said, and a record stands in its place (skip.h).
 */
#ifndef FOLLOW_H
#define FOLLOW_H

#include <stddef.h>

#include "base/store.h"
#include "run/logchain.h"

struct follow {
	struct logchain chain; /* its path is NULL: standard input */
	int ended;             /* standard input has, for good */
	/* The rest is follow.c's own. */
	size_t at; /* the file that is read */
	struct buf block;
	unsigned long long line; /* of the block */
};

/*
 * Goes to the place. A log that is not there, without one that was before, is
 * a message and exit 2.
 */
void follow_open(struct follow *f);

/*
 * The next whole lines, at most some hundred kilobytes unless one is longer:
 * 1 with *p and *n, which may be changed, and JSONSHAPE_SLACK bytes readable
 * after them; 0 when there are no more for now. It never waits.
 */
int follow_next(struct follow *f, char **p, size_t *n);

/* The file that these lines are from, and the number of the first one in it. */
const char *follow_name(const struct follow *f);
unsigned long long follow_line(const struct follow *f);

/* Waits for more, no longer than that, or for a signal. */
void follow_wait(const struct follow *f, int milliseconds);

/* The place, for both ways. */
void follow_state(struct follow *f, struct store *s);

void follow_close(struct follow *f);

#endif
