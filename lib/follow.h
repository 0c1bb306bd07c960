/*
 * The new lines of a file that grows: from a known place on, over a rename of
 * the file by a rotation, to its end or for ever. Only whole lines are given;
 * one that has no end yet is for the next time.
 */
#ifndef FOLLOW_H
#define FOLLOW_H

#include <stddef.h>

#include "store.h"

struct follow {
	const char *path; /* kept, not copied; NULL: standard input */
	int ended;        /* standard input has, for good */
	/*
	 * The place: behind the last line that was given. The mark is a
	 * checksum of what stands before it, for another file may get the
	 * inode of one that was removed.
	 */
	uint64_t inode, offset, mark; /* 0, 0, 0: nothing was read yet */
	/* The rest is follow.c's own. */
	int fd, rotated;
	char *block;
	size_t size, held, given;
};

/*
 * Goes to the place. A file that was renamed since is looked for in the same
 * directory; what can't be found again is said, and the new file is read from
 * its beginning.
 */
void follow_open(struct follow *f);

/*
 * The next whole lines, at most some hundred kilobytes unless one is longer:
 * 1 with *p and *n; 0 when there are no more for now. It never waits. A file
 * that can't be read is a message and exit 2.
 */
int follow_next(struct follow *f, const char **p, size_t *n);

/* Waits for more, no longer than that, or for a signal. */
void follow_wait(const struct follow *f, int milliseconds);

/* The place, for both ways. */
void follow_state(struct follow *f, struct store *s);

void follow_close(struct follow *f);

#endif
