/*
 * Where the records of files stand: enough to write any of them again, byte
 * for byte, and what it takes to choose between them. The files stay open, and
 * the index takes 24 bytes a record and 8 more with an order.
 *
 * A record with an "error" that is not null, a trailer and a barrier are no
 * measurement and are left out.
 */
#ifndef RECINDEX_H
#define RECINDEX_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

struct intern;

struct recindex {
	size_t n;
	struct recindex_item {
		uint64_t at;    /* where its line begins */
		uint32_t len;   /* of the line, without its end */
		uint32_t close; /* bytes before its closing brace */
		uint32_t file;  /* index into name */
		int32_t label;  /* code of its class; -1 without */
	} * item;
	double *order; /* of each, or NULL */
	unsigned long long left_out;
	/* The rest is recindex.c's own. */
	struct recindex_file {
		const char *name; /* kept, not copied */
		int fd;
	} * file;
	size_t files, room;
	struct buf line;
};

/* What is wanted of each record besides its place. */
struct recindex_want {
	const char *label;      /* field with its class, or NULL */
	const char *order;      /* field with a number, or NULL */
	struct intern *classes; /* where the classes get their codes */
	int strict;             /* what would be left out is trouble */
};

/*
 * Adds the records of a regular file; one that lacks what is wanted is left
 * out. Trouble is a message with its place, and exit 2.
 */
void recindex_add(
    struct recindex *ix, const char *file, const struct recindex_want *want);

/*
 * Appends record i and the end of its line, with members at the end of its
 * object as out_append has them; they may be none, and are emptied.
 */
void recindex_get(
    struct recindex *ix, size_t i, struct buf *members, struct buf *to);

void recindex_free(struct recindex *ix);

#endif
