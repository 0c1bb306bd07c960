/*
 * The bytes of a file that may be compressed, as a rotated log is: plain, .gz
 * (gzip.h), or .xz, .zst, .bz2 and .lz4, for which the program of that name is
 * run. A file is known by how it begins, not by its name.
 */
#ifndef PACKED_H
#define PACKED_H

#include <sys/types.h>

#include "tool/gzip.h"

struct packed {
	const char *why; /* after a failure: a static text */
	int passing;     /* it says nothing of the file: see scarce.h */
	/* The rest is packed.c's own. */
	struct gzip gzip;
	const char *damaged; /* what to say when the program fails */
	int pipe;
	pid_t child;
};

/* Whether the file begins as one of those that are compressed. */
int packed_is(int fd);

/*
 * Reads from the beginning of a file, which can be rewound; the descriptor is
 * taken over and closed, whatever comes of it. Returns 0, or -1 with why set.
 */
int packed_open(struct packed *p, int fd);

/* As gzip_read. A program that fails is known at the end only. */
ssize_t packed_read(struct packed *p, void *to, size_t n);

/* May be called at any time after packed_open, and twice. */
void packed_close(struct packed *p);

#endif
