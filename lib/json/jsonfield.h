/*
 * A field as an option names it: "prob", a dotted path to a value, or elements
 * of an array of numbers: "act[3]", "act[0:9]" (from the first up to, not with,
 * the second), "act[*]" (all).
 */
#ifndef JSONFIELD_H
#define JSONFIELD_H

#include "json/json.h"

struct jsonfield {
	char *path;      /* without the brackets */
	int array;       /* there were some */
	int all;         /* [*]: to is for jsonfield_length to tell */
	size_t from, to; /* the elements; 0 and 1 of a path alone */
};

/* Returns NULL, or why it can't be; nothing is kept then. */
const char *jsonfield_parse(struct jsonfield *f, const char *text);
void jsonfield_free(struct jsonfield *f);

/* Whether two have a value in common. */
int jsonfield_overlap(const struct jsonfield *a, const struct jsonfield *b);

/* Elements of an array; 0 for what is none. */
size_t jsonfield_length(const struct json_span *array);

/*
 * The values, to - from of them, out of what is found at the path: as numbers,
 * or wherever they stand. Returns NULL, or what is wrong with the array; ""
 * when there is none.
 */
const char *jsonfield_numbers(
    const struct jsonfield *f, const struct json_span *found, double *x);
const char *jsonfield_spans(const struct jsonfield *f,
    const struct json_span *found, struct json_span *to);

#endif
