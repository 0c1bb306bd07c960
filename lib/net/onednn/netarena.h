/*
 * Memory for values that are made one after the other: those that are not
 * needed at the same time share a buffer. Only sizes and times; no memory.
 */
#ifndef NETARENA_H
#define NETARENA_H

#include <stddef.h>

/* The value that step i of n makes. */
struct netarena {
	size_t size;
	int last;   /* the step that needs it last, at least i */
	int buffer; /* the answer: which one is its own from i to last */
};

/* Returns the number of buffers, at most n; size gets each one's. */
int netarena_share(struct netarena *value, int n, size_t *size);

#endif
