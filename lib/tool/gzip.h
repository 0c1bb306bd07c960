/* The format of gzip (RFC 1952), and its checksum. Foreign: zlib. */
#ifndef GZIP_H
#define GZIP_H

#include <stddef.h>
#include <sys/types.h>

struct gzip {
	const char *why; /* after gzip_read has failed: a static text */
	int passing;     /* that says nothing of the file: see scarce.h */
	void *file;      /* gzip.c's own */
};

/*
 * Reads from a descriptor, and closes it in the end: what is in one or more
 * gzip members, or where it begins as none, the bytes themselves. Returns 0,
 * or -1 with errno set and fd left open.
 */
int gzip_open(struct gzip *g, int fd);

/*
 * Up to n bytes, fewer only before the end; 0 at the end; -1 with why set when
 * the file can't be read, is damaged, or is cut short.
 */
ssize_t gzip_read(struct gzip *g, void *p, size_t n);

/* May be called on zeros, and twice. */
void gzip_close(struct gzip *g);

/* CRC-32 of bytes; goes on with that of the bytes before, which begins at 0. */
unsigned long gzip_crc(unsigned long crc, const void *p, size_t n);

/* That of a file. Returns 0, or -1 with errno set. */
int gzip_crc_file(const char *path, unsigned long *crc);

#endif
