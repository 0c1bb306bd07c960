/*
 * What a program remembers, as one JSON object: written, and read back to the
 * same bits.
 *
 * Saving and loading are one walk. A module's function x_state names what the
 * module holds, in order; a store that writes puts it out, one that reads
 * brings it back, so that the two can't drift apart. Whoever walks checks
 * nothing in between: the first thing that is wrong is kept, from then on
 * nothing more is read and every value stays as it was.
 *
 * A reader takes nothing on trust. It demands the text that a writer would
 * have made, byte for byte, and holds every number to its range, so that an
 * index that was read may be used.
 */
#ifndef STORE_H
#define STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* Takes what is in out, and empties it. */
typedef void store_full(void *ctx, struct buf *out);

struct store {
	struct buf *out;            /* writing: where to; NULL: reading */
	store_full *full;           /* writing: see store_pieces; or NULL */
	void *ctx;                  /* for it */
	const char *text, *p, *end; /* reading: the whole, what is left of it */
	int comma;       /* there is something before, in this { or [ */
	const char *why; /* what is wrong, or NULL */
	size_t at;       /* and where in the text */
};

/* out may hold something already. */
void store_write(struct store *s, struct buf *out);

/*
 * From here on full is called whenever there is much in out, so that there
 * never is all. What is there after the last is the caller's.
 */
void store_pieces(struct store *s, store_full *full, void *ctx);

/* text[len] must be readable. */
void store_read(struct store *s, const char *text, size_t len);

int store_reading(const struct store *s);

/* Says, reading, that what was read can't be; a static text. */
void store_refuse(struct store *s, const char *why);

/* Says that memory ended: reading that is a refusal, writing out has failed. */
void store_no_memory(struct store *s);

/*
 * Begins and ends an object with '{' and '}' or an array with '[' and ']'.
 * Inside an array, and of the outermost object, the names are NULL.
 */
void store_open(struct store *s, const char *name, char bracket);
void store_close(struct store *s, char bracket);

void store_int(struct store *s, const char *name, int *x, int min, int max);
void store_size(
    struct store *s, const char *name, size_t *x, size_t min, size_t max);
void store_i64(struct store *s, const char *name, int64_t *x);
void store_u64(struct store *s, const char *name, uint64_t *x);
void store_count(struct store *s, const char *name, unsigned long long *x);

/*
 * Whether a member of that name follows: writing, if it is wanted; reading, if
 * the text has it next. So a newer version adds what older ones did not keep.
 */
int store_optional(struct store *s, const char *name, int wanted);

/* Any double: one that is not finite is written as a string. */
void store_real(struct store *s, const char *name, double *x);

/* Arrays of a length that both sides know. */
void store_reals(struct store *s, const char *name, double *x, size_t n);
void store_u8s(
    struct store *s, const char *name, uint8_t *x, size_t n, unsigned max);
void store_u32s(
    struct store *s, const char *name, uint32_t *x, size_t n, uint32_t max);

/* Bytes, which need not be UTF-8: reading replaces what is in b. */
void store_bytes(struct store *s, const char *name, struct buf *b);

/* After the last: everything has been read. Returns why it was not, or NULL. */
const char *store_end(struct store *s);

#endif
