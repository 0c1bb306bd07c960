/*
 * A place in a file of lines, and what the file is, so that it is known again
 * under another name, in a copy, or compressed: by device, inode and time of
 * birth, and by checksums of its first bytes and of those before the place.
 */
#ifndef PLACE_H
#define PLACE_H

#include <stddef.h>
#include <sys/types.h>

#include "base/store.h"

enum { PLACE_TEXT = 4096 }; /* bytes that a checksum is of, at most */

struct place {
	uint64_t device, inode, birth; /* birth in ns since 1970; 0: unknown */
	uint64_t offset;               /* of the first byte not yet given */
	uint64_t line;                 /* lines before it */
	uint64_t head, mark;           /* of what was given, at both ends */
};

/* What mark is of: the last bytes before a place. */
struct place_tail {
	char text[PLACE_TEXT];
	size_t size;
};

/* Begins at the start of an open file. Returns -1 with errno set. */
int place_begin(struct place *p, int fd);

/* At the end that it has now; the lines are not counted. */
int place_end(struct place *p, int fd);

/*
 * Whether both are of the same file, whatever has become of its contents. The
 * number of a device may be another after the machine was started again; it
 * counts where the time of birth is unknown.
 */
int place_same(const struct place *a, const struct place *b);

/* Whether the file of that name is the same. */
int place_is_at(const struct place *p, const char *path);

/* These bytes, with so many lines, have been given. */
void place_advance(struct place *p, struct place_tail *tail, const char *text,
    size_t n, uint64_t lines);

/*
 * Whether the file holds what was given before the place, where that was;
 * brings back the tail.
 */
int place_holds(struct place *p, struct place_tail *tail, int fd);

/*
 * The same of bytes that come in order: read gives up to n of them, 0 at the
 * end, -1 after an error. If so, what comes next is what follows the place.
 */
int place_skip(struct place *p, struct place_tail *tail,
    ssize_t (*read)(void *from, void *to, size_t n), void *from);

void place_state(struct place *p, struct store *s);

#endif
