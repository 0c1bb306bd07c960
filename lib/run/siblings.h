/* The files beside a log that may have been the log before (logname.h). */
#ifndef SIBLINGS_H
#define SIBLINGS_H

#include <stddef.h>

#include "base/store.h"
#include "run/place.h"

struct sibling {
	struct place place; /* what it is, and the end that it had */
	char *name;         /* in the log's directory */
	int64_t written;    /* ns since 1970 */
};

struct siblings {
	struct sibling *item;
	size_t n;
};

/*
 * All regular files beside the log whose names begin as its does, but for the
 * log itself and for what is still being compressed; the oldest first. To be
 * freed.
 */
void siblings_list(struct siblings *s, const char *path);

/* The one that is the same file, or NULL. */
struct sibling *siblings_find(
    const struct siblings *s, const struct place *place);

/* The path of a file beside the log, to be freed. */
char *siblings_path(const char *path, const char *name);

/* Whether it is there, and holds what it held then. */
int siblings_has(
    const struct siblings *known, const struct sibling *one, const char *path);

/* Takes one out: to the end of others, or for good. */
void siblings_move(struct siblings *from, size_t i, struct siblings *to);
void siblings_drop(struct siblings *s, size_t i);

void siblings_state(struct siblings *s, struct store *store);
void siblings_free(struct siblings *s);

#endif
