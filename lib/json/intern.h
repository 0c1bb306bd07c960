/*
 * Classes as small numbers: each distinct value of a categorical field gets a
 * code, in order of first appearance. A value is a string, a whole number or
 * a boolean; 7 and "7" are different ones, and "A" and "\u0041" the same.
 *
 * There are at most max of them, so that no stream can fill the memory; what
 * comes later shares the code max.
 */
#ifndef INTERN_H
#define INTERN_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "json/json.h"
#include "base/store.h"

enum { INTERN_LONGEST = 255 }; /* bytes of a string or a number */
enum { INTERN_UNUSABLE = -1, INTERN_NO_MEMORY = -2, INTERN_NEW = -3 };

struct intern {
	size_t max, n;
	const struct intern *base; /* has the first codes; or NULL */
	struct buf text;           /* the values as JSON, one after the other */
	uint32_t *end;     /* of each of its own in text; room for slots / 2 */
	uint32_t *slot;    /* hash table: code + 1, or 0 */
	size_t slots;      /* a power of two */
	struct buf lookup; /* the value that is looked for */
};

/* Takes no memory yet. max < 2^31. */
void intern_init(struct intern *t, size_t max);

/* Goes on where base, which is kept and has to stay as it is, ends. */
void intern_extend(struct intern *t, const struct intern *base);

/* The code of a value, or one of the first two negative numbers above. */
long intern_code(struct intern *t, const struct json_span *value);

/* The same, but nothing is added: INTERN_NEW. */
long intern_find(struct intern *t, const struct json_span *value);

/* The value as JSON in its one form, in place of what is in b; 0: it is none. */
int intern_value(struct buf *b, const struct json_span *value);

/*
 * The same for any bytes; the same, but nothing is added and the answer may be
 * INTERN_UNUSABLE; and the bytes of a code below n, which stand until more are
 * added. A table is for values or for bytes, not for both.
 */
long intern_bytes(struct intern *t, const char *p, size_t len);
long intern_known(const struct intern *t, const char *p, size_t len);
const char *intern_text(const struct intern *t, size_t code, size_t *len);

/* FNV-1a of the bytes, with its 64 bits mixed into 32. */
size_t intern_hash(const char *p, size_t len);

/* Puts the value that has the code, as JSON: null for max. */
void intern_put(const struct intern *t, size_t code, struct buf *out);

/* All values, by code. Reading adds them to a table that has none. */
void intern_state(struct intern *t, const char *name, struct store *s);

void intern_free(struct intern *t);

#endif
