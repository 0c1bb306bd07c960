/*
 * Reads a tar archive as it comes, in pieces of any size: ustar, pax (POSIX
 * 1003.1-2001, "pax Interchange Format") and GNU's long names and large
 * numbers. Of the members the regular files come out, whole, in memory.
 *
 * Strict: what is not understood ends the archive, rather than being guessed
 * around; and without blocks of zeros at its end an archive was cut short.
 * Zeros between members are skipped, so that archives may stand one after
 * the other. Global pax headers are skipped.
 */
#ifndef TAR_H
#define TAR_H

#include <stddef.h>

#include "base/buf.h"
#include "input/tarhead.h"

enum tar_what {
	TAR_MORE,   /* all that was fed is used up */
	TAR_MEMBER, /* a regular file is complete */
	TAR_BAD     /* the archive is damaged: why, from offset on */
};

struct tar {
	/* Of the member, until the next tar_feed: */
	struct buf name; /* as it stands in the archive; NUL-terminated */
	struct buf data; /* may be swapped against another buffer */
	double mtime;    /* Unix seconds; 0: not known */
	const char *stage, *reason; /* why it has no data; NULL: it has */

	unsigned long long offset; /* in the archive */
	const char *why;
	/* The rest is tar.c's own. */
	size_t largest;
	enum {
		TAR_HEADER,
		TAR_SPARSE,
		TAR_RECORDS,
		TAR_LONG_NAME,
		TAR_DATA,
		TAR_SKIP
	} doing;
	unsigned char block[TAR_BLOCK];
	size_t have;                     /* bytes of the block */
	unsigned long long left;         /* bytes of what is being done */
	unsigned padding;                /* after them */
	int zeros;                       /* the last block was of zeros */
	unsigned long long begun;        /* offset of the last header */
	int sparse, named, sized, timed; /* what extended headers said */
	unsigned long long size;
	struct buf extended;
};

/* Files of more than largest bytes have an error instead of data. */
void tar_init(struct tar *t, size_t largest);

/* Goes on with n bytes, of which it uses *used. */
enum tar_what tar_feed(struct tar *t, const void *p, size_t n, size_t *used);

/*
 * At the end of the input: NULL, or why it is not the end of an archive.
 * Returns 1 in *open when a member had begun, whose name is in name.
 */
const char *tar_end(const struct tar *t, int *open);

void tar_free(struct tar *t);

#endif
