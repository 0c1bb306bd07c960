/*
 * A growing buffer of bytes. When memory ends it keeps what it has and
 * remembers that it failed: check once, at the end.
 */
#ifndef BUF_H
#define BUF_H

#include <stddef.h>

#include "base/num.h"

struct buf {
	char *p;
	size_t len, cap;
	int failed;
};

/* Makes room for n more bytes; NULL when memory ends. Does not change len. */
char *buf_room(struct buf *b, size_t n);

/* Inline, since a record is put together from many short pieces. */
static inline void
buf_put(struct buf *b, const void *p, size_t n)
{
	/* For nothing, too: what is put together out of nothing has an address,
	 * since adding to NULL is undefined. */
	if (b->cap - b->len <= n || b->failed) {
		if (buf_room(b, n) == NULL)
			return;
	}
	if (n > 0)
		__builtin_memcpy(b->p + b->len, p, n);
	b->len += n;
}

static inline void
buf_str(struct buf *b, const char *s)
{
	buf_put(b, s, __builtin_strlen(s));
}

void buf_int(struct buf *b, long long i);

/* The shortest decimal that reads back; not finite is written as null. */
void buf_real(struct buf *b, double x);

/* The same, where a number seldom differs from the one before: its text is
 * remembered. Begins as zeros. */
struct buf_again {
	double x;
	size_t len;
	char text[NUM_SIZE];
};
void buf_real_again(struct buf *b, struct buf_again *last, double x);

/*
 * A JSON string, quoted and escaped. Bytes that are not UTF-8 become U+FFFD,
 * one for each byte.
 */
void buf_json(struct buf *b, const char *s, size_t n);

/* Members of an object: a comma first unless after '{', then "key":value. */
void buf_key(struct buf *b, const char *key);
void buf_key_int(struct buf *b, const char *key, long long i);
void buf_key_real(struct buf *b, const char *key, double x);
void buf_key_str(struct buf *b, const char *key, const char *s);

void buf_free(struct buf *b);

#endif
