/*
 * The members of a tar archive (tar.h), or the images of motion JPEG (mjpeg.h),
 * out of an open file or a pipe, one after the other; a pipe may be live.
 */
#ifndef UNPACK_H
#define UNPACK_H

#include "input/mjpeg.h"
#include "input/tar.h"

enum unpack_form { UNPACK_TAR, UNPACK_MJPEG };

struct unpack {
	enum unpack_form form;
	struct tar tar; /* one of the two, by the form */
	struct mjpeg mjpeg;
	/*
	 * Why the input is not whole, or NULL, and the byte where that was. A
	 * member that is cut short comes out before, with this as its reason.
	 */
	const char *why;
	unsigned long long at;
	/* The rest is unpack.c's own. */
	int fd, have, ended;
	unsigned char *buf;
	size_t begin, end;
};

/*
 * Takes over the descriptor. What has more than largest bytes comes without
 * data, and an error instead.
 */
void unpack_open(
    struct unpack *u, int fd, enum unpack_form form, size_t largest);

/*
 * The next regular file is in tar, or image in mjpeg: 1; or 0 at the end, when
 * there is trouble and when a signal has asked us to end. Flushes before it
 * waits for input.
 */
int unpack_next(struct unpack *u);

/* Whether unpack_next would answer without waiting for input. */
int unpack_waiting(struct unpack *u);

/* May be called at any time, and twice. */
void unpack_close(struct unpack *u);

#endif
