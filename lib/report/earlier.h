/*
 * What a journal has from before its last records. Its entries and its records
 * are of the same stream in the same order, so all entries before the first one
 * that is among the records are earlier.
 */
#ifndef EARLIER_H
#define EARLIER_H

#include <stddef.h>

#include "journal/entry.h"
#include "report/reasons.h"

enum { EARLIER_EVENTS = 12, EARLIER_TEXT = 240 };

struct earlier_event {
	double time; /* NAN when not known */
	unsigned long long record;
	char text[EARLIER_TEXT];
};

/* Of one stream. */
struct earlier {
	unsigned long long events;
	double begin; /* when the first was, or NAN */
	struct earlier_event event[EARLIER_EVENTS]; /* by number, modulo */
	struct reasons errors;
};

/* What is looked for in the entries: the first of each kind in the records. */
struct earlier_seam {
	struct entry entry;
	struct buf event, error; /* a line up to its closing brace */
};

void earlier_open(struct earlier_seam *s);

/* Each of the records in turn; line[n] must be readable. */
void earlier_look(struct earlier_seam *s, const char *line, size_t n);

void earlier_close(struct earlier_seam *s);

/* Whether the entry is of the line, as it was kept in a seam. */
int earlier_is(const char *entry, size_t len, const struct buf *line);

/* An entry; line[n] must be readable. */
void earlier_add(struct earlier *e, const char *line, size_t n);

void earlier_free(struct earlier *e);

#endif
