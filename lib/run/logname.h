/*
 * Names that rotations give to a log: its own with something in it or after
 * it, as cam.1, cam-20261128.gz, cam.1.ndjson, cam.old. base is the log's own
 * name; what a compression appends does not count.
 */
#ifndef LOGNAME_H
#define LOGNAME_H

#include <stddef.h>

/* The length without what a compression appends. */
size_t logname_plain(const char *name);

/* Whether both are one, compressed or not. */
int logname_same(const char *a, const char *b);

/*
 * Whether both differ in numbers alone, where they differ from the log's:
 * short ones of any length, or dates of one.
 */
int logname_alike(const char *a, const char *b, const char *base);

/* The one number, after a dot, that counts the rotations; -1: there is none. */
long logname_number(const char *name, const char *base);

/* Where a date begins, if there is one. */
const char *logname_date(const char *name, const char *base);

/*
 * A name that a rotation gives, where none is known yet: log.1, log.old, or
 * with a date. A number after a hyphen, log-2, is another log more likely.
 */
int logname_is_usual(const char *name, const char *base);

#endif
