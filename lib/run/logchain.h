/*
 * The files of a log in the order in which they were written: those that it
 * was before, and the one that it is now. Each is kept open, so that what is
 * written late into one that was rotated is read too; after a new start they
 * are looked for by what they are (place.h), compressed or not. What comes
 * after the newest is found among the files beside the log (siblings.h), one
 * at a time, when all of it has been read.
 */
#ifndef LOGCHAIN_H
#define LOGCHAIN_H

#include <stddef.h>

#include "base/store.h"
#include "run/logfile.h"
#include "run/siblings.h"

enum { LOGCHAIN_FILES = 8 };

struct logchain {
	const char *path; /* kept, not copied */
	/* The last is the newest. */
	struct logfile file[LOGCHAIN_FILES];
	size_t files;
	/* The rest is chain.c's own. */
	struct siblings known; /* beside it, and nothing to be read */
	/* Rotations copy the log, and truncate it; numbers rise (rotation.h). */
	int in_place, rising;
	const char *refused; /* why the log can't be opened, as was said */
	struct buf notes;    /* a record for each loss, to be given */
};

/*
 * Goes to where the places are. A log that is not there, without one that was
 * before, or can't be read is a message and exit 2.
 */
void logchain_open(struct logchain *c);

/* Whether the log is another file than the newest that we have. */
int logchain_is_behind(const struct logchain *c);

/*
 * Takes in the file that comes after the newest, all of which was read.
 * Returns 0 when there is none for now.
 */
int logchain_extend(struct logchain *c);

/*
 * After the first lines of the newest, if it is the log: whether a copy beside
 * it holds others, from before it was truncated. That is taken in then, and the
 * log begins again after it.
 */
int logchain_find_copy(struct logchain *c);

/*
 * A file does not hold any more what was read from it: it was truncated, or
 * written anew. A copy may have been made before that.
 */
void logchain_mend(struct logchain *c, size_t i);

/*
 * Says that something is lost, and notes a record in its place (skip.h); bytes
 * is -1 where that is unknown.
 */
void logchain_lose(struct logchain *c, const char *reason, const char *name,
    long long bytes, const char *why);

/* The places, for both ways. */
void logchain_state(struct logchain *c, struct store *s);

void logchain_close(struct logchain *c);

#endif
