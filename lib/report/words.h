/* Numbers, times and changes, as a person reads them. */
#ifndef WORDS_H
#define WORDS_H

#include "base/buf.h"

/*
 * Ends a text with a NUL and empties the buffer: what is returned stands until
 * more is put into it. "" when memory ended.
 */
const char *words_end(struct buf *b);

/* With n significant digits, no exponent between 1e-4 and 1e6; NAN: a dash. */
void words_number(struct buf *b, double x, int digits);

/* A count with thin groups: 12 345. */
void words_count(struct buf *b, unsigned long long n);

/* "1 record", "12 345 records": the plural ends in s. */
void words_counted(struct buf *b, unsigned long long n, const char *what);

/* A share of 0 .. 1 in percent; NAN: a dash. */
void words_percent(struct buf *b, double share);

/*
 * Seconds since 1970 in UTC, to the minute, or to the second where fine; NAN
 * and what is out of range: a dash.
 */
void words_time(struct buf *b, double t, int fine);

/* A length of time, in its largest fitting unit. */
void words_duration(struct buf *b, double seconds);

/* What became of a value: "fell to a quarter", "rose to twice". */
void words_change(struct buf *b, double before, double after);

#endif
