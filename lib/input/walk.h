/*
 * The files under a directory, in the order of their full paths' bytes, as
 * find DIR -type f | LC_ALL=C sort has them. What begins with a dot is left
 * out, file or directory: it is hidden, or not finished. Symbolic links are
 * not followed, so that there are no loops; other kinds of file are left out.
 *
 * Memory is what the names of one directory need on each level.
 */
#ifndef WALK_H
#define WALK_H

#include <stddef.h>

#include "base/buf.h"

enum walk_what {
	WALK_END,
	WALK_FILE, /* path: a regular file */
	WALK_DIR,  /* path: a directory, which the next call reads */
	WALK_ERROR /* path: a directory that can't be read, for errno */
};

struct walk {
	struct buf path; /* with a NUL; valid until the next call */
	/* The rest is walk.c's own. */
	struct walk_level {
		size_t prefix; /* bytes of the directory's path */
		int is_read;
		struct buf text;         /* names, each with a NUL */
		size_t *at, count, next; /* where in the text they begin */
	} * level;
	size_t depth, room;
};

/* Begins at a directory, which is not reported itself. */
void walk_open(struct walk *w, const char *path);

enum walk_what walk_next(struct walk *w);

/* May be called at any time, and twice. */
void walk_close(struct walk *w);

#endif
