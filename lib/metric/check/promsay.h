/*
 * Says what is wrong with a line of a file, and counts how often.
 */
#ifndef PROMSAY_H
#define PROMSAY_H

#include <stddef.h>

/* All zero at first. */
struct promsay {
	const char *file; /* that is being read; set it */
	size_t found;     /* how often something was wrong */
};

/* A warning. Bytes that are not plain text become '?'. */
void promsay(struct promsay *s, size_t line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The same of another file. */
void promsay_of(struct promsay *s, const char *file, size_t line,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

#endif
