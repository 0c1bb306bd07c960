/*
 * Which records of a window to have labelled: as many as one likes, spread
 * evenly over them in the order of the largest probability. That is a sample of
 * all kinds of records in their shares, so that the share of it that is right
 * is that of the window, and varies less than in a random one.
 */
#ifndef ACCASK_H
#define ACCASK_H

#include <stddef.h>

#include "base/buf.h"
#include "json/json.h"

struct accask {
	struct accask_record {
		struct buf name; /* as JSON; empty: it has none */
		double sure;
	} * record;
	size_t window, next;
};

void accask_init(struct accask *a, size_t window);

/* The next record, in place of the oldest: its name, the largest probability. */
void accask_note(struct accask *a, const struct json_span *name, double sure);

/* A line for each of n of them, or all: an object with the key. */
void accask_put(struct accask *a, size_t n, const char *key);

void accask_free(struct accask *a);

#endif
