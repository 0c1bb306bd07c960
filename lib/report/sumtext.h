/*
 * Small things in the text of a summary (sumstate.h): each is written, or read
 * back and held to its range.
 */
#ifndef SUMTEXT_H
#define SUMTEXT_H

#include "base/store.h"
#include "report/portrait.h"
#include "report/reasons.h"

/* A text of any bytes but NUL, in an array of that size. */
void sumtext(struct store *s, const char *name, char *text, size_t size);

/* A count that is at most so large. */
void sumtext_count(struct store *s, const char *name, unsigned long long *x,
    unsigned long long most);

/*
 * The first of n places that have a name. Records are at most so many, and
 * classes below that number.
 */
void sumtext_portraits(struct store *s, const char *name, struct portrait *p,
    size_t n, unsigned long long records, size_t classes);

/* records: of them, or lines, none is later. */
void sumtext_reasons(struct store *s, const char *name, struct reasons *r,
    unsigned long long records);

#endif
