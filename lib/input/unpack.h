/*
 * The members of a tar archive (tar.h) out of an open file or a pipe, one
 * after the other; a pipe may be live.
 */
#ifndef UNPACK_H
#define UNPACK_H

#include "input/tar.h"

struct unpack {
	struct tar tar;
	/*
	 * Why the archive is not whole, or NULL; the place is tar.offset. A
	 * member that is cut short comes out before, with this as its reason.
	 */
	const char *why;
	/* The rest is unpack.c's own. */
	int fd, have, ended;
	unsigned char *buf;
	size_t begin, end;
};

/*
 * Takes over the descriptor. Members of more than largest bytes come without
 * data, and an error instead.
 */
void unpack_open(struct unpack *u, int fd, size_t largest);

/*
 * The next regular file is in tar: 1; or 0 at the end, when there is trouble
 * and when a signal has asked us to end. Flushes before it waits for input.
 */
int unpack_next(struct unpack *u);

/* Whether unpack_next would answer without waiting for input. */
int unpack_waiting(struct unpack *u);

/* May be called at any time, and twice. */
void unpack_close(struct unpack *u);

#endif
