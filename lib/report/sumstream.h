/* A stream in the text of a summary (sumstate.h), and after others of its. */
#ifndef SUMSTREAM_H
#define SUMSTREAM_H

#include "base/store.h"
#include "report/subject.h"

/* Reading fills one that is new. Classes have numbers below classes. */
void sumstream(
    struct store *s, struct subject *x, size_t fields, size_t classes);

/*
 * Adds a stream that was read, whose records come next, and takes over what it
 * has. A class there has the number class[] here, of USUAL_CLASSES and all
 * others. There is no reference but the file's, and whether the next record
 * repeats the last is not known. Returns NULL, or why it
 * can't be; a static text.
 */
const char *sumstream_join(
    struct subject *x, struct subject *next, const uint32_t *class);

#endif
