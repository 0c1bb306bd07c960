/*
 * Finds fields in one line of JSON without building a tree. The whole line is
 * checked against RFC 8259 on the way: a tool that appends to an invalid line
 * would make it worse. Of duplicate keys the last one counts.
 */
#ifndef JSONSCAN_H
#define JSONSCAN_H

#include <stddef.h>

#include "json/json.h"
#include "json/jsonpath.h"

enum { JSON_DEPTH = 256 };

/* What a scan found besides the fields. */
struct json_line {
	size_t close; /* offset of the closing brace */
	int empty;    /* the object has no member */
	size_t at;    /* on failure: offset of what is wrong */
	const char *why;
	/*
	 * By jsonshape.h alone: lines that differ in nothing but their scalars
	 * have the same shape. 0 is none; of any other, here are the scalars,
	 * an array of numbers being one, until the next line.
	 */
	unsigned shape;
	size_t scalars;
	const struct json_span *scalar;
	const unsigned char *kind; /* enum jsonshape_kind */
};

/*
 * Checks that the bytes are one JSON object, nested JSON_DEPTH deep at most,
 * and finds the paths: found[i] belongs to path i. Returns 0, or -1 with
 * out->at and out->why set. line[len] must be readable and not part of a
 * number.
 */
int jsonscan_line(const char *line, size_t len, const struct json_paths *ps,
    struct json_span *found, struct json_line *out);

/*
 * Checks the string or number that begins at p: a pointer past it, or NULL.
 * A number may end anywhere. *end must be readable.
 */
const char *jsonscan_scalar(const char *p, const char *end);

#endif
