/*
 * Lines that are kept in files of a directory, NAME-000001.ndjson and so on: a
 * new one when the last is large or old, and the oldest is removed. However
 * many are added, the files have a bound, and where a file begins depends on
 * the lines alone, but for their age.
 *
 * Who adds lines saves the place where they end (store.h) with all else that
 * it has done, and a new start returns there: what stands after it is cut off,
 * for it is added again. So each line is there once.
 *
 * What can't be written is counted and said once; it is no reason to stop.
 */
#ifndef SEGMENTS_H
#define SEGMENTS_H

#include "base/buf.h"
#include "base/store.h"

enum { SEGMENTS_FILES = 8 };

/* Begin with zeros, and set the first four. */
struct segments {
	const char *dir, *name;  /* kept, not copied */
	unsigned long long most; /* bytes in all files */
	double days;             /* that a line is kept; 0: any time */
	/* The rest is segments.c's own. The place: */
	unsigned long long number;    /* of the last file; 0: none yet */
	unsigned long long length;    /* of what was added to it */
	unsigned long long size;      /* of it: some may have been left out */
	unsigned long long begun;     /* when, in seconds since 1970 */
	unsigned long long needed[2]; /* files of the places saved last */
	int fd, is_open, wrong;
	struct buf held;         /* added, not yet written */
	unsigned long long lost; /* lines that could not be written */
};

/* The place, for both ways. */
void segments_state(struct segments *s, struct store *to);

/*
 * Goes to the place, where that was brought back, or after all that is there,
 * with a new file.
 */
void segments_open(struct segments *s, int at_place);

/* One more line, without its newline. */
void segments_add(struct segments *s, const char *line, size_t n);

/* What was added can be read. */
void segments_flush(struct segments *s);

/*
 * Before the place is saved: what was added is on the disk, and what is too old
 * is gone.
 */
void segments_sync(struct segments *s);

/* The path of a file that may be there; to be freed. */
char *segments_path(const struct segments *s, unsigned long long number);

void segments_close(struct segments *s);

#endif
