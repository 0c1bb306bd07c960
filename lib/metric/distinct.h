/*
 * Tells new keys from those seen before, in a fixed amount of memory: of very
 * many some that are new are taken for seen, none the other way about.
 */
#ifndef DISTINCT_H
#define DISTINCT_H

#include <stddef.h>

#include "base/store.h"

/* All zero at first. */
struct distinct {
	unsigned char *seen; /* a bit for each hash */
};

/* Whether a key of at least one byte is new; -1 when memory ends. */
int distinct_add(struct distinct *d, const char *key, size_t size);

/* For both ways. */
void distinct_state(struct distinct *d, const char *name, struct store *s);

void distinct_free(struct distinct *d);

#endif
