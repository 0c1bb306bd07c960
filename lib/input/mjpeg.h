/*
 * Splits motion JPEG, images one directly after the other, as it comes, in
 * pieces of any size. Their ends are found by their markers (ITU-T T.81, annex
 * B); nothing is decoded. Between two there may be up to 4096 bytes of text,
 * such as the head of a part of multipart/x-mixed-replace, and of padding,
 * zeros or FF.
 *
 * An image whose markers are not as they have to be is given up, and the next
 * one begins at the next FF D8 FF. Anything else between two images counts as
 * one that is damaged. Memory is that of the largest image.
 */
#ifndef MJPEG_H
#define MJPEG_H

#include <stddef.h>

#include "base/buf.h"

struct mjpeg {
	/* Of the image, until the next mjpeg_next: */
	struct buf data;            /* may be swapped against another buffer */
	const char *stage, *reason; /* why it has no data; NULL: it has */
	unsigned long long number;  /* from 0, damaged ones included */
	/* The rest is mjpeg.c's own. */
	size_t largest;
	struct buf ahead; /* what has been put in, from the image on */
	/* Positions there: the image's, the last segment's, the next byte's. */
	size_t begin, segment, at;
	enum { MJPEG_BETWEEN, MJPEG_MARKER, MJPEG_SCAN } doing;
	int told;       /* that there is something between two images */
	size_t between; /* bytes between the two that may be there */
	unsigned long long count;
};

/* Images of more than largest bytes have an error instead of data. */
void mjpeg_init(struct mjpeg *m, size_t largest);

/* Goes on with n bytes. To be called when mjpeg_next has returned 0. */
void mjpeg_put(struct mjpeg *m, const void *p, size_t n);

/* The next image: 1; or 0 when it needs more bytes. */
int mjpeg_next(struct mjpeg *m);

/* There are no more bytes: 1 when what is left counts as an image. */
int mjpeg_end(struct mjpeg *m);

void mjpeg_free(struct mjpeg *m);

#endif
