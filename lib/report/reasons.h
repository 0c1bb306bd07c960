/*
 * Texts that recur, counted, with the names of a few that they
 * are about. What is new when the table is full is counted together.
 */
#ifndef REASONS_H
#define REASONS_H

#include <stddef.h>

enum { REASONS_MOST = 20, REASONS_TEXT = 160, REASONS_NAMES = 3 };

struct reasons {
	size_t n;
	unsigned long long all, rest; /* rest: not in the table */
	struct reason {
		char text[REASONS_TEXT];
		unsigned long long count, first, last; /* records */
		char name[REASONS_NAMES][REASONS_TEXT];
	} * reason; /* NULL before the first */
};

/* name may be "". Where memory ends, only all and rest are counted. */
void reasons_add(struct reasons *r, const char *text, const char *name,
    unsigned long long record);

/* Adds those of the records that come after so many others. */
void reasons_join(
    struct reasons *r, const struct reasons *next, unsigned long long before);

/* The most frequent first; of equals that which was first. */
void reasons_sort(struct reasons *r);

void reasons_free(struct reasons *r);

#endif
