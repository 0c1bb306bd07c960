/*
 * Finds fields in one line of JSON without building a tree. The whole line is
 * checked against RFC 8259 on the way: a tool that appends to an invalid line
 * would make it worse. Of duplicate keys the last one counts.
 */
#ifndef JSON_H
#define JSON_H

#include <stddef.h>
#include <stdint.h>

enum json_type {
	JSON_NONE, /* absent */
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING, /* the span has the quotes */
	JSON_ARRAY,  /* the span has the brackets */
	JSON_OBJECT
};

/* Where a value stands; it points into the line. */
struct json_span {
	const char *p;
	size_t len;
	enum json_type type;
};

enum { JSON_PATHS = 64, JSON_KEYS = 8, JSON_DEPTH = 256 };

/* Dotted paths to look for, as "feat.mean"; the texts are kept, not copied. */
struct json_paths {
	size_t n;
	struct {
		const char *key[JSON_KEYS];
		size_t len[JSON_KEYS];
		size_t keys;
	} path[JSON_PATHS];
	uint64_t longer[JSON_KEYS]; /* by level: paths with more keys */
};

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

/* Adds a path. Returns its index, or -1: empty key, too deep, too many. */
int json_path(struct json_paths *ps, const char *dotted);

/*
 * Checks that the bytes are one JSON object, nested JSON_DEPTH deep at most,
 * and finds the paths: found[i] belongs to path i. Returns 0, or -1 with
 * out->at and out->why set. line[len] must be readable and not part of a
 * number.
 */
int json_scan(const char *line, size_t len, const struct json_paths *ps,
    struct json_span *found, struct json_line *out);

/*
 * Checks the string or number that begins at p: a pointer behind it, or NULL.
 * A number may end anywhere. *end must be readable.
 */
const char *json_check(const char *p, const char *end);

/* The type of the value that begins with this byte. */
enum json_type json_type_of(int c);

#endif
