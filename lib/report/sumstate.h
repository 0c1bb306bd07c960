/*
 * What one reading of records comes to, as text that is a few kilobytes for a
 * stream (summary.h has the file): of each stream the counts that the page is
 * made of, for the records that the verdict is about, those before them, and
 * those between and after, each summed up in one bucket.
 *
 * Nothing in it depends on the order of streams or files, and two texts are
 * equal only if they are of the same records.
 */
#ifndef SUMSTATE_H
#define SUMSTATE_H

#include "base/store.h"
#include "report/reading.h"

/* A reading that sumstate fills, with that many fields; reading_close frees. */
void sumstate_open(struct reading *r, size_t fields);

/* After reading_end: folds the parts of each stream. */
void sumstate_fold(struct reading *r);

/* Writes what was folded, or reads it. */
void sumstate(struct reading *r, size_t fields, struct store *s);

/* When the first record of all was; NAN: that is not known. */
double sumstate_begin(const struct reading *r);

/*
 * Adds what was read to a reading, as if its records were read next, and takes
 * over what it has. Its fields have the numbers field[] here, WATCHED_MOST
 * being none. NULL, or why that can't be; a static text.
 */
const char *sumstate_join(
    struct reading *r, struct reading *next, const size_t *field);

#endif
