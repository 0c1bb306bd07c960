/* An image that a record names, as far as a page shows it. */
#ifndef PORTRAIT_H
#define PORTRAIT_H

#include <stddef.h>

enum { PORTRAIT_NAME = 232 };

struct portrait {
	char name[PORTRAIT_NAME]; /* "" is none, or too long a one */
	unsigned long long record;
	double distance, prob; /* prob may be NAN */
	int class;             /* -1 is none */
};

/* Puts p into the n best, nearest or furthest first, if it belongs there. */
void portrait_nearest(
    struct portrait *best, size_t n, const struct portrait *p);
void portrait_furthest(
    struct portrait *best, size_t n, const struct portrait *p);

#endif
