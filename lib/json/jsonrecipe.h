/*
 * Finds again what was found in a line, in another one of its shape and kinds
 * of scalars (jsonshape.h), without reading it: what was found are spans, in a
 * struct, and a recipe has which scalar goes to each.
 */
#ifndef JSONRECIPE_H
#define JSONRECIPE_H

#include "json/jsonshape.h"

enum { JSONRECIPE_KEYS = 32 };

/* All zero: of no line. */
struct jsonrecipe {
	unsigned shape;
	size_t steps, keys;
	struct {
		uint32_t to; /* offset of a span in the struct */
		uint32_t scalar;
	} step[JSONSHAPE_SLOTS];
	struct {
		uint32_t to, scalar; /* the first one after it */
		size_t back, len;    /* it begins so far before that */
	} key[JSONRECIPE_KEYS];
	unsigned char kind[JSONSHAPE_SLOTS];
};

/* Whether it is for this line. */
int jsonrecipe_fits(const struct jsonrecipe *c, const struct json_line *l);

/*
 * Makes one of a line with a shape. Spans are in a struct that begins at base:
 * n of them, which are scalars or of no type; or a key. Returns 0 where that
 * can't be, and there is no recipe.
 */
void jsonrecipe_begin(struct jsonrecipe *c);
int jsonrecipe_scalars(struct jsonrecipe *c, const void *base,
    const struct json_span *s, size_t n, const struct json_line *l);
int jsonrecipe_key(struct jsonrecipe *c, const void *base,
    const struct json_span *s, const struct json_line *l);
void jsonrecipe_end(struct jsonrecipe *c, const struct json_line *l);

/* Sets the spans in the struct that are of a type; the others stay. */
void jsonrecipe_follow(
    const struct jsonrecipe *c, void *base, const struct json_line *l);

#endif
