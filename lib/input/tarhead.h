/*
 * One header of a tar archive: ustar's, which those of pax and GNU extend, and
 * that of Unix V7, which it extends.
 */
#ifndef TARHEAD_H
#define TARHEAD_H

#include <stddef.h>

enum { TAR_BLOCK = 512 }; /* bytes of a header, and of all that it counts in */

struct tarhead {
	int type; /* the letter or digit; '0' also for V7's NUL */
	unsigned long long size;
	double mtime;    /* Unix seconds; 0: not known */
	char name[256];  /* no NUL after it */
	size_t len;      /* of the name */
	int more_sparse; /* GNU's old form: more headers follow */
};

/* Whether a block is the header of a member, in any of these forms. */
int tarhead_begins(const unsigned char *block);

/* Returns NULL, or why the block is no header. */
const char *tarhead_read(struct tarhead *h, const unsigned char *block);

#endif
