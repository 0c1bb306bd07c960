/*
 * Makes a new reference for a pipeline (reference.h): of a file, or of the last
 * records of its journal, of all groups or of one. Too few of them, records of
 * several models, or of another model than the journal's last record are a
 * message and exit 2.
 */
#ifndef REBASELINE_H
#define REBASELINE_H

#include "base/buf.h"

enum { REBASELINE_LEAST = 50 }; /* records, of each group */

struct rebaseline {
	const char *from;    /* a file, or "last:N" */
	const char *field;   /* that tells groups apart, or NULL */
	const char *group;   /* only this one; NULL: all */
	const char *journal; /* its directory, or NULL */
};

/*
 * Writes the reference to path, as a whole. Appends an entry of the journal
 * about it: the record number is that of the journal's last.
 */
void rebaseline_make(
    const struct rebaseline *r, const char *path, struct buf *entry);

#endif
