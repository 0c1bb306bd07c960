#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/utf8.h"

char *
buf_room(struct buf *b, size_t n)
{
	size_t cap = b->cap;
	char *p;

	if (b->failed)
		return NULL;
	if (b->cap - b->len >= n && b->p != NULL)
		return b->p + b->len;
	while (cap - b->len < n || cap == 0)
		cap = cap < 256 ? 256 : cap * 2;
	p = realloc(b->p, cap);
	if (p == NULL) {
		b->failed = 1;
		return NULL;
	}
	b->p = p;
	b->cap = cap;
	return p + b->len;
}

void
buf_int(struct buf *b, long long i)
{
	char *room = buf_room(b, NUM_SIZE);

	if (room != NULL)
		b->len += num_write_int(room, i);
}

void
buf_real(struct buf *b, double x)
{
	char *room;

	if (!isfinite(x)) {
		buf_str(b, "null");
		return;
	}
	room = buf_room(b, NUM_SIZE);
	if (room != NULL)
		b->len += num_write(room, x);
}

void
buf_real_again(struct buf *b, struct buf_again *last, double x)
{
	if (!isfinite(x)) {
		buf_real(b, x);
		return;
	}
	if (last->len == 0 || x != last->x) {
		last->x = x;
		last->len = num_write(last->text, x);
	}
	buf_put(b, last->text, last->len);
}

/* Whether the byte stands for itself in a JSON string. */
static int
is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* One character that is not plain. Returns its length in s. */
static size_t
put_odd(struct buf *b, const char *s, size_t left)
{
	static const char hex[] = "0123456789abcdef";
	unsigned char c = (unsigned char)*s;
	char u[] = "\\u0000";
	size_t k;

	if (c == '"' || c == '\\' || c == '\n') {
		u[1] = c == '\n' ? 'n' : (char)c;
		buf_put(b, u, 2);
		return 1;
	}
	if (c < 0x80) {
		u[4] = hex[c >> 4];
		u[5] = hex[c & 15];
		buf_put(b, u, 6);
		return 1;
	}
	k = utf8_length(s, left);
	if (k > 0)
		buf_put(b, s, k);
	else
		buf_put(b, "\xef\xbf\xbd", 3);
	return k > 0 ? k : 1;
}

void
buf_json(struct buf *b, const char *s, size_t n)
{
	char *room = buf_room(b, n + 2);
	size_t run = 0;

	if (room == NULL)
		return;
	*room++ = '"';
	/* What is plain, nearly always all of it, is copied as it is read. */
	for (; run < n && is_plain((unsigned char)s[run]); run++)
		room[run] = s[run];
	b->len += 1 + run;
	for (size_t i = run; i < n; i += run) {
		run = put_odd(b, s + i, n - i);
		for (; i + run < n; run++) {
			if (!is_plain((unsigned char)s[i + run]))
				break;
			buf_put(b, s + i + run, 1);
		}
	}
	buf_put(b, "\"", 1);
}

void
buf_key(struct buf *b, const char *key)
{
	size_t n = strlen(key), run = 0;
	char *room = buf_room(b, n + 4);

	if (room == NULL)
		return;
	if (b->len > 0 && room[-1] != '{') {
		*room++ = ',';
		b->len++;
	}
	room[0] = '"';
	for (; run < n && is_plain((unsigned char)key[run]); run++)
		room[1 + run] = key[run];
	if (run < n) {
		buf_json(b, key, n);
		buf_put(b, ":", 1);
		return;
	}
	room[1 + n] = '"';
	room[2 + n] = ':';
	b->len += n + 3;
}

void
buf_key_int(struct buf *b, const char *key, long long i)
{
	buf_key(b, key);
	buf_int(b, i);
}

void
buf_key_real(struct buf *b, const char *key, double x)
{
	buf_key(b, key);
	buf_real(b, x);
}

void
buf_key_str(struct buf *b, const char *key, const char *s)
{
	buf_key(b, key);
	buf_json(b, s, strlen(s));
}

void
buf_free(struct buf *b)
{
	free(b->p);
	*b = (struct buf){0};
}
