/*
 * Messages of records that wait on disk until they have been sent: a directory
 * with a file for each, named by the number of its first record. Records are
 * numbered from 1, for ever: an origin, drawn once, and the number tell a
 * record from all others (origins.h).
 *
 * The size is bounded. At the limit the oldest messages are dropped; that is
 * said, and a record in their place says how many (skip.h). The very oldest
 * stays: it may have been sent without our knowing.
 */
#ifndef OUTBOX_H
#define OUTBOX_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { OUTBOX_ORIGIN = 16 /* hexadecimal digits */ };

struct outbox {
	const char *dir; /* kept, not copied */
	unsigned long long limit;
	char origin[OUTBOX_ORIGIN + 1];
	uint64_t next; /* the number of the next record */
	unsigned long long dropped;
	/* The rest is outbox.c's own. */
	struct outbox_message {
		uint64_t first;
		unsigned long long size; /* on disk */
		int is_gap;
	} * message;
	size_t n, begin, room;
	unsigned long long size;
	struct buf path;
};

/* Draws the digits of an origin, and a NUL. */
void outbox_draw(char *origin);

/*
 * Opens it, or makes it. Messages from that number on are removed, having been
 * part of nothing that was committed; 1: all, and the origin is another; 0:
 * none are. Trouble is a message and exit 2, here and below.
 */
void outbox_open(struct outbox *o, const char *dir, unsigned long long limit,
    uint64_t committed);

/* One more message, of so many records. */
void outbox_add(struct outbox *o, const char *text, size_t n, uint64_t records);

/*
 * The oldest message, if it begins before that number, in place of what is in
 * text. Returns the number of its first record, or 0.
 */
uint64_t outbox_first(struct outbox *o, uint64_t before, struct buf *text);

/* That one has been sent. */
void outbox_sent(struct outbox *o);

/* How many records there are in it. */
uint64_t outbox_waiting(const struct outbox *o);

#endif
