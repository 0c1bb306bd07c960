/*
 * Which files have been dealt with. A file is known by what stays when it is
 * renamed and changes when it is written: the inode, which of the files that
 * have had it, when its data were written, and their size. So the name need
 * not be kept, and an inode that is used again is a new file.
 *
 * The table is not intern.h's: that one never forgets, and its codes stay; here
 * what is gone has to go, every so often, and a file is compared by numbers.
 *
 * The set is plain: file[0] to file[count - 1] is all that there is.
 */
#ifndef SEEN_H
#define SEEN_H

#include <stddef.h>
#include <stdint.h>

#include "base/store.h"

struct statx;

struct seen_file {
	uint64_t inode, generation;
	int64_t written; /* nanoseconds since 1970 */
	uint64_t size;
	unsigned round; /* when it was last met: seen.c's own */
};

struct seen {
	struct seen_file *file;
	size_t count;
	/* The rest is seen.c's own. */
	size_t room, slots;
	uint32_t *slot; /* hash table of 1 + indices into file; 0 is free */
	unsigned round;
};

/*
 * Identifies the file at a path, from the directory fd, or fd itself with an
 * empty path; flags are those of statx(2). Returns 0, with what statx says in
 * *x, or -1 with errno set.
 */
int seen_identify(
    int fd, const char *path, int flags, struct seen_file *f, struct statx *x);

/* Begins empty, as all zeros. */
void seen_init(struct seen *s);

/* Whether a file is in the set. Meets it. */
int seen_has(struct seen *s, const struct seen_file *f);

/* Adds a file, or meets it. Returns 0, or -1 when memory ends. */
int seen_add(struct seen *s, const struct seen_file *f);

/*
 * Forgets what is gone: between the two calls, everything that is there still
 * is to be met.
 */
void seen_begin(struct seen *s);
void seen_sweep(struct seen *s);

/* The files, for both ways; reading adds them. */
void seen_state(struct seen *seen, struct store *s);

void seen_free(struct seen *s);

#endif
