/*
 * Summaries in files: what driftreport --save has read, so that another
 * machine can make the page without the records. A file holds one save
 * (sumstate.h) or, put together by driftmerge, many. All are of one reference,
 * in whose percentiles they count.
 *
 * Saves are kept apart and added up by whoever makes a page, in the order of
 * their times, so that it does not matter which were put together first.
 *
 * Trouble with a file is a message and exit 2.
 */
#ifndef SUMMARY_H
#define SUMMARY_H

#include "base/store.h"
#include "report/reading.h"

struct summary_save {
	struct buf text; /* sumstate.h has it */
	double begin;    /* of its first record, or NAN */
	unsigned long long records;
	const char *path;
	int operand;
};

/* All zero at first. */
struct summary {
	/* What all were made with, as text. */
	char *group, *reference;
	char *field[WATCHED_MOST];
	size_t fields, n;
	struct summary_save *save;
	/* The file that is read and the first, and the number of its operand. */
	const char *path, *first;
	int operand;
};

/* Adds the saves of a file, whose name is kept. */
void summary_read(struct summary *m, const char *path, int operand);

/* The same for what stands behind "state" in a file. */
void summary_state(struct summary *m, struct store *s);

/* Adds what a reading of records with a reference comes to; it is folded. */
void summary_take(struct summary *m, struct reading *r);

/* The earliest first. One that is there twice is a message and exit 2. */
void summary_sort(struct summary *m);

/* Replaces a file, or writes to standard output for NULL. */
void summary_write(struct summary *m, const char *path);

/*
 * Adds all to a reading before its first record. only: the stream of each
 * operand, or NULL.
 */
void summary_join(
    struct summary *m, struct reading *r, struct subject *const *only);

void summary_free(struct summary *m);

#endif
