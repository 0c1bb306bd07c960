/*
 * Values of JSON, as spans of a line, and what is in them. The line has passed
 * jsonscan.h: nothing can be malformed any more.
 */
#ifndef JSON_H
#define JSON_H

#include <stddef.h>

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

/* The type of the value that begins with this byte. */
static inline enum json_type
json_type_of(int c)
{
	switch (c) {
	case '{':
		return JSON_OBJECT;
	case '[':
		return JSON_ARRAY;
	case '"':
		return JSON_STRING;
	case 't':
		return JSON_TRUE;
	case 'f':
		return JSON_FALSE;
	case 'n':
		return JSON_NULL;
	case '-':
		return JSON_NUMBER;
	default:
		return (unsigned)c - '0' < 10 ? JSON_NUMBER : JSON_NONE;
	}
}

/*
 * The walk through nested values, each byte looked at once: functions that are
 * called with *p at the byte where what they name begins, and leave it at the
 * byte after that.
 *
 * json_item goes to the next item of an array, *p being at its opening bracket
 * or after an item: 1 with *p at the item, 0 with *p after it all. json_key
 * does so in an object, with *p then at the value after the key, and says
 * whether there is a backslash in that. One of the others is to follow.
 */
int json_item(const char **p);
int json_key(const char **p, struct json_span *key, int *escaped);
void json_value(const char **p, struct json_span *value);
void json_skip(const char **p);

/*
 * The same for one level: steps through an array or object. *at starts at
 * NULL; key may be NULL, and is left alone for an array. Returns 0 at the end.
 */
int json_next(const struct json_span *in, const char **at,
    struct json_span *key, struct json_span *value);

/* The first member of an object that has the name; 0 when there is none. */
int json_find(
    const struct json_span *object, const char *name, struct json_span *value);

/* A number span's value: 0, or -1 when it is no number or out of range. */
int json_number(const struct json_span *s, double *x);

/*
 * What a whole number or a boolean is called where it stands for a class or a
 * group, through *p and *len: as it is written, but -0 is 0. Returns 0 when it
 * is neither.
 */
int json_name(const struct json_span *s, const char **p, size_t *len);

/*
 * The numbers of an array. *x grows as needed (free it) and has *room places.
 * Returns 0, or -1: an element is no number or out of range, or memory ended.
 */
int json_numbers(
    const struct json_span *array, double **x, size_t *room, size_t *n);

/*
 * The bytes that make up a member, given its value inside the object's text:
 * from *begin to *end its key, its value and one comma, so that without them
 * the object is still one.
 */
void json_member(
    const struct json_span *value, const char **begin, const char **end);

/*
 * A string span's text as UTF-8, cut to fit size with its NUL (size > 0). A
 * lone surrogate becomes U+FFFD. Returns the bytes the whole text has.
 */
size_t json_text(const struct json_span *s, char *buf, size_t size);

/* Whether a string span's text equals the given bytes. */
int json_equals(const struct json_span *s, const char *text, size_t len);

#endif
