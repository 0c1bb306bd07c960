#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/store.h"
#include "base/memory.h"

enum { PIECE = 1 << 16 }; /* bytes of text, at least */

void
store_write(struct store *s, struct buf *out)
{
	*s = (struct store){.out = out};
}

void
store_pieces(struct store *s, store_full *full, void *ctx)
{
	s->full = full;
	s->ctx = ctx;
}

void
store_read(struct store *s, const char *text, size_t len)
{
	*s = (struct store){.text = text, .p = text, .end = text + len};
}

int
store_reading(const struct store *s)
{
	return s->out == NULL;
}

void
store_refuse(struct store *s, const char *why)
{
	if (s->why != NULL || s->out != NULL)
		return;
	s->why = why;
	s->at = (size_t)(s->p - s->text);
}

void
store_no_memory(struct store *s)
{
	if (s->out != NULL)
		s->out->failed = 1;
	else
		store_refuse(s, NO_MEMORY);
}

/* The text, as it stands: written, or demanded. */
static void
exchange_text(struct store *s, const char *text, size_t n)
{
	if (s->out != NULL) {
		buf_put(s->out, text, n);
		return;
	}
	if (s->why != NULL)
		return;
	if ((size_t)(s->end - s->p) < n || memcmp(s->p, text, n) != 0)
		store_refuse(s, "not what was expected here");
	else
		s->p += n;
}

static void
name_it(struct store *s, const char *name)
{
	if (s->comma)
		exchange_text(s, ",", 1);
	s->comma = 1;
	if (name == NULL)
		return;
	exchange_text(s, "\"", 1);
	exchange_text(s, name, strlen(name));
	exchange_text(s, "\":", 2);
}

int
store_optional(struct store *s, const char *name, int wanted)
{
	const char *p = s->p;
	size_t n = strlen(name);

	if (s->out != NULL)
		return wanted;
	if (s->why != NULL || (size_t)(s->end - p) < n + 4)
		return 0;
	if (s->comma && *p++ != ',')
		return 0;
	return p[0] == '"' && memcmp(p + 1, name, n) == 0 && p[n + 1] == '"' &&
	       p[n + 2] == ':';
}

void
store_open(struct store *s, const char *name, char bracket)
{
	name_it(s, name);
	exchange_text(s, &bracket, 1);
	s->comma = 0;
}

void
store_close(struct store *s, char bracket)
{
	exchange_text(s, &bracket, 1);
	s->comma = 1;
	if (s->full != NULL && s->out->len > PIECE)
		s->full(s->ctx, s->out);
}

/* Whole numbers are a sign and a magnitude, so that all 64 bits fit. */
static void
put_whole(struct store *s, int negative, uint64_t x)
{
	char digits[24], *p = digits + sizeof(digits);

	do
		*--p = (char)('0' + x % 10);
	while (x /= 10);
	if (negative)
		*--p = '-';
	buf_put(s->out, p, (size_t)(digits + sizeof(digits) - p));
}

/* Returns 0 with why set when there is none below max that is written so. */
static uint64_t
get_whole(struct store *s, int *negative, uint64_t max)
{
	const char *p = s->p, *first;
	uint64_t x = 0;

	*negative = 0;
	if (s->why != NULL)
		return 0;
	if (p < s->end && *p == '-')
		*negative = 1, p++;
	first = p;
	for (; p < s->end && *p >= '0' && *p <= '9'; p++) {
		unsigned digit = (unsigned)(*p - '0');

		if (x > (max - digit) / 10 || digit > max) {
			store_refuse(s, "a number that is too large");
			return 0;
		}
		x = x * 10 + digit;
	}
	if (p == first || (*first == '0' && (p > first + 1 || *negative))) {
		store_refuse(s, "no whole number");
		return 0;
	}
	s->p = p;
	return x;
}

void
store_u64(struct store *s, const char *name, uint64_t *x)
{
	int negative;
	uint64_t y;

	name_it(s, name);
	if (s->out != NULL) {
		put_whole(s, 0, *x);
		return;
	}
	y = get_whole(s, &negative, UINT64_MAX);
	if (negative)
		store_refuse(s, "a number that is too small");
	if (s->why == NULL)
		*x = y;
}

void
store_i64(struct store *s, const char *name, int64_t *x)
{
	int negative;
	uint64_t y;

	name_it(s, name);
	if (s->out != NULL) {
		put_whole(s, *x < 0, *x < 0 ? -(uint64_t)*x : (uint64_t)*x);
		return;
	}
	/* The smallest one, which no counter reaches, is not read back. */
	y = get_whole(s, &negative, INT64_MAX);
	if (s->why == NULL)
		*x = negative ? -(int64_t)y : (int64_t)y;
}

void
store_int(struct store *s, const char *name, int *x, int min, int max)
{
	int64_t y = *x;

	store_i64(s, name, &y);
	if (y < min || y > max)
		store_refuse(s, "a number out of range");
	if (s->why == NULL)
		*x = (int)y;
}

void
store_size(struct store *s, const char *name, size_t *x, size_t min, size_t max)
{
	uint64_t y = *x;

	store_u64(s, name, &y);
	if (y < min || y > max)
		store_refuse(s, "a number out of range");
	if (s->why == NULL)
		*x = (size_t)y;
}

void
store_count(struct store *s, const char *name, unsigned long long *x)
{
	uint64_t y = *x;

	store_u64(s, name, &y);
	*x = y;
}

static const char *
word_for(double x)
{
	return isnan(x) ? "\"nan\"" : x > 0 ? "\"inf\"" : "\"-inf\"";
}

/* The finite x, in the shortest form, with the sign of a zero. */
static size_t
write_real(char *text, double x)
{
	if (x != 0 || !signbit(x))
		return num_write(text, x);
	memcpy(text, "-0", 2);
	return 2;
}

/* The length of the number that begins here. */
static size_t
number_length(const struct store *s)
{
	const char *p = s->p;

	while (p < s->end && *p != '\0' && strchr("+-.0123456789Ee", *p))
		p++;
	return (size_t)(p - s->p);
}

/* Back to the bits, and only from the text that the bits give. */
static double
get_real(struct store *s)
{
	static const double odd[] = {NAN, INFINITY, -INFINITY};
	char again[NUM_SIZE];
	size_t n = number_length(s);
	double x;

	for (size_t i = 0; n == 0 && i < 3; i++) {
		const char *word = word_for(odd[i]);
		size_t len = strlen(word);

		if ((size_t)(s->end - s->p) >= len &&
		    memcmp(s->p, word, len) == 0) {
			s->p += len;
			return odd[i];
		}
	}
	if (n == 0 || n >= NUM_SIZE || num_read(s->p, n, &x) < 0 ||
	    write_real(again, x) != n || memcmp(again, s->p, n) != 0) {
		store_refuse(s, "no number that was written here");
		return 0;
	}
	s->p += n;
	return x;
}

void
store_real(struct store *s, const char *name, double *x)
{
	char text[NUM_SIZE];
	double y;

	name_it(s, name);
	if (s->out != NULL && isfinite(*x)) {
		buf_put(s->out, text, write_real(text, *x));
	} else if (s->out != NULL) {
		buf_str(s->out, word_for(*x));
	} else if (s->why == NULL) {
		y = get_real(s);
		if (s->why == NULL)
			*x = y;
	}
}

void
store_reals(struct store *s, const char *name, double *x, size_t n)
{
	store_open(s, name, '[');
	for (size_t i = 0; i < n && s->why == NULL; i++)
		store_real(s, NULL, &x[i]);
	store_close(s, ']');
}

void
store_u8s(struct store *s, const char *name, uint8_t *x, size_t n, unsigned max)
{
	store_open(s, name, '[');
	for (size_t i = 0; i < n && s->why == NULL; i++) {
		size_t y = x[i];

		store_size(s, NULL, &y, 0, max);
		x[i] = (uint8_t)y;
	}
	store_close(s, ']');
}

void
store_u32s(
    struct store *s, const char *name, uint32_t *x, size_t n, uint32_t max)
{
	store_open(s, name, '[');
	for (size_t i = 0; i < n && s->why == NULL; i++) {
		size_t y = x[i];

		store_size(s, NULL, &y, 0, max);
		x[i] = (uint32_t)y;
	}
	store_close(s, ']');
}

/* Whether a byte stands for itself. */
static int
is_plain(int c)
{
	return c >= ' ' && c < 127 && c != '"' && c != '\\';
}

/*
 * A byte is a character of Latin-1 in a string, so that all of them survive
 * any program that reads JSON.
 */
static void
put_bytes(struct buf *out, const unsigned char *p, size_t n)
{
	static const char hex[] = "0123456789abcdef";
	char escape[] = "\\u0000";

	buf_put(out, "\"", 1);
	for (size_t i = 0; i < n; i++) {
		if (is_plain(p[i])) {
			buf_put(out, &p[i], 1);
			continue;
		}
		escape[4] = hex[p[i] >> 4];
		escape[5] = hex[p[i] & 15];
		buf_put(out, escape, 6);
	}
	buf_put(out, "\"", 1);
}

static int
hex_digit(int c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
				      : -1;
}

static void
get_bytes(struct store *s, struct buf *b)
{
	b->len = 0;
	buf_put(b, "", 0); /* no bytes have an address, too */
	exchange_text(s, "\"", 1);
	while (s->why == NULL && s->p < s->end && *s->p != '"') {
		char c = *s->p;
		int high, low;

		if (is_plain(c)) {
			buf_put(b, &c, 1);
			s->p++;
			continue;
		}
		exchange_text(s, "\\u00", 4);
		high = s->end - s->p >= 2 ? hex_digit(s->p[0]) : -1;
		low = high >= 0 ? hex_digit(s->p[1]) : -1;
		if (low < 0 || is_plain(high << 4 | low)) {
			store_refuse(s, "no byte that was written here");
			return;
		}
		c = (char)(high << 4 | low);
		buf_put(b, &c, 1);
		s->p += 2;
	}
	exchange_text(s, "\"", 1);
	if (b->failed)
		store_no_memory(s);
}

void
store_bytes(struct store *s, const char *name, struct buf *b)
{
	name_it(s, name);
	if (b->failed)
		store_no_memory(s);
	else if (s->out != NULL)
		put_bytes(s->out, (const unsigned char *)b->p, b->len);
	else
		get_bytes(s, b);
}

const char *
store_end(struct store *s)
{
	if (s->out == NULL && s->p != s->end)
		store_refuse(s, "there is more than was expected");
	return s->why;
}
