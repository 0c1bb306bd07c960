/*
 * One look at a log's directory: where the files that were read are now, and
 * which one comes next. It changes nothing there, and says nothing.
 */
#ifndef LOOK_H
#define LOOK_H

#include <stddef.h>

#include "run/logfile.h"
#include "run/siblings.h"

struct look {
	/* What is known; kept, not copied. */
	const char *path;     /* the log's */
	struct logfile *file; /* those that were read, the oldest first */
	size_t files;         /* how many */
	const struct siblings *past; /* beside it, and nothing to be read */
	int in_place, rising;        /* how it is rotated; corrected */
	/* What is seen. */
	struct logfile log;   /* what has the log's name */
	const char *no_log;   /* why that can't be opened, or NULL */
	struct siblings all;  /* what may come next, in its order */
	struct siblings rest; /* what does not */
	int chosen;           /* whether they are; else nothing comes next */
	struct logfile next;  /* the first of all, or the log; may be none */
	const char *lost;     /* why something can't be read, or NULL */
	char *at;             /* and what */
};

/* With what is known set, and the rest 0. */
void look_begin(struct look *l);

/*
 * Goes on with a file, which need not be one of those, wherever what was read
 * of it is, and returns whether that is anywhere: in the same file, in a
 * compressed one, and if it is the newest also in a new file that has the log's
 * name, as an editor leaves it, or in a copy. *in is the sibling then, NULL for
 * the log.
 */
int look_find(const struct look *l, struct logfile *file, int newest,
    const struct sibling **in);

/* Whether a file that was beside the log has another name by now, or none. */
int look_is_stale(const struct look *l, const struct place *place);

/*
 * What comes after the first n of the files: all of them, or all but the log.
 * If that one is not open, or is the log now, it goes on there.
 */
void look_after(struct look *l, size_t n);

void look_end(struct look *l);

#endif
