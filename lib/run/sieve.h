/*
 * Lines on their way into a pipeline: those that are records as they are, in
 * the place of others a record that says so (skip.h).
 */
#ifndef SIEVE_H
#define SIEVE_H

#include "json/jsonshape.h"

/* Begin with zeros. */
struct sieve {
	int names; /* a line that is no object may be one, and passes */
	int drop;  /* others get no record in their place */
	unsigned long long skipped;
	struct jsonshape shape;
	struct json_paths none;
};

/*
 * To standard output, n bytes of whole lines, with JSONSHAPE_SLACK readable
 * after them; they may be changed. For messages, the file, and the number of
 * the first line in it.
 */
void sieve_lines(struct sieve *s, const char *file, unsigned long long number,
    char *lines, size_t n);

#endif
