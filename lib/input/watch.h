/*
 * The files that come into a directory: first those that are there, in
 * walk.h's order, then each one as soon as it has been closed by who wrote it,
 * moved or linked there; in the directories below it, too.
 *
 * No file comes twice unless it was written again (seen.h): not when it is
 * renamed, nor when its directory is. None is lost: a file that is still open
 * for writing is waited for, and when the kernel's queue runs over, or a
 * directory appears, what is there is compared with what has been seen.
 * Hidden names are left out, as walk.h leaves them out; symbolic links, too.
 */
#ifndef WATCH_H
#define WATCH_H

#include "base/buf.h"
#include "input/seen.h"
#include "input/walk.h"
#include "input/watchdirs.h"

struct watch {
	/*
	 * The file that watch_next found. fd is open, and the caller's; or -1,
	 * and why says why it can't be read.
	 */
	const char *path;
	int fd;
	const char *why;
	/* Why the watch has ended, or NULL. */
	const char *trouble;
	/*
	 * What has come out up to now. Who wants to go on later saves it, and
	 * puts it back with seen_add after watch_open. What is gone is dropped
	 * before the set is twice as large as what is there, and 1,024 more.
	 */
	struct seen seen;
	/* The rest is watch.c's own. */
	const char *root;
	uint64_t root_inode;
	int walking, rescan, sweep, have;
	size_t kept; /* in seen when it was last swept */
	struct walk walk;
	struct seen_file found;
	struct buf full; /* the path */
	struct watchdirs dirs;
	char *event;
	size_t begin, end; /* of the events */
};

/*
 * Begins to watch a directory; its name is kept, not copied. Returns NULL, or
 * why not. SIGIO is ignored from here on.
 */
const char *watch_open(struct watch *w, const char *path);

/*
 * The next file: 1; or 0 when the watch has ended, by trouble or by a signal.
 * Flushes before it waits.
 */
int watch_next(struct watch *w);

/* Whether watch_next would answer without waiting. */
int watch_waiting(struct watch *w);

/* May be called on zeros. */
void watch_close(struct watch *w);

#endif
