#include <stdlib.h>
#include <string.h>

#include "json/json.h"
#include "base/num.h"

/* What ends a run of bytes that mean nothing to the walk; 0 for all others. */
enum { QUOTE = 1, OPEN, CLOSE, BETWEEN };
static const unsigned char kind[256] = {
    ['"'] = QUOTE,
    ['{'] = OPEN,
    ['['] = OPEN,
    ['}'] = CLOSE,
    [']'] = CLOSE,
    [','] = BETWEEN,
    [' '] = BETWEEN,
    ['\t'] = BETWEEN,
    ['\r'] = BETWEEN,
    ['\n'] = BETWEEN,
};

/* What is not plain text in a string. */
static const unsigned char ends[256] = {['"'] = 1, ['\\'] = 1};

static int
is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void
space(const char **p)
{
	while (is_space(**p))
		++*p;
}

/* Returns whether there was a backslash in it. */
static int
string(const char **p)
{
	const char *s = *p + 1;
	int escaped = 0;

	for (;;) {
		while (!ends[(unsigned char)*s])
			s++;
		if (*s == '"')
			break;
		escaped = 1;
		s += 2;
	}
	*p = s + 1;
	return escaped;
}

static void
brackets(const char **p)
{
	const char *s = *p;

	for (int depth = 0;;) {
		switch (kind[(unsigned char)*s]) {
		case QUOTE:
			string(&s);
			continue;
		case OPEN:
			depth++;
			break;
		case CLOSE:
			if (--depth == 0) {
				*p = s + 1;
				return;
			}
		}
		s++;
	}
}

void
json_skip(const char **p)
{
	const char *s = *p;
	int first = kind[(unsigned char)*s];

	if (first == QUOTE) {
		string(p);
	} else if (first == OPEN) {
		brackets(p);
	} else {
		while (kind[(unsigned char)*s] == 0)
			s++;
		*p = s;
	}
}

void
json_value(const char **p, struct json_span *v)
{
	v->p = *p;
	v->type = json_type_of((unsigned char)**p);
	json_skip(p);
	v->len = (size_t)(*p - v->p);
}

/* Behind a value: to the next item; 0 when there is none. */
static int
item(const char **p)
{
	int opens;

	space(p);
	opens = kind[(unsigned char)**p] == OPEN;
	if (kind[(unsigned char)*(*p)++] == CLOSE)
		return 0;
	space(p);
	if (!opens || kind[(unsigned char)**p] != CLOSE)
		return 1;
	++*p;
	return 0;
}

int
json_item(const char **p)
{
	return item(p);
}

int
json_key(const char **p, struct json_span *key, int *escaped)
{
	if (!item(p))
		return 0;
	key->p = *p;
	key->type = JSON_STRING;
	*escaped = string(p);
	key->len = (size_t)(*p - key->p);
	space(p);
	++*p;
	space(p);
	return 1;
}

int
json_next(const struct json_span *in, const char **at, struct json_span *key,
    struct json_span *val)
{
	const char *p = *at ? *at : in->p;
	struct json_span unwanted;
	int escaped;

	if (in->type == JSON_OBJECT
		? !json_key(&p, key ? key : &unwanted, &escaped)
		: !item(&p))
		return 0;
	json_value(&p, val);
	*at = p;
	return 1;
}

int
json_find(
    const struct json_span *object, const char *name, struct json_span *value)
{
	struct json_span key;
	const char *at = NULL;

	while (json_next(object, &at, &key, value))
		if (json_equals(&key, name, strlen(name)))
			return 1;
	return 0;
}

int
json_number(const struct json_span *s, double *x)
{
	return s->type == JSON_NUMBER ? num_read(s->p, s->len, x) : -1;
}

int
json_name(const struct json_span *s, const char **p, size_t *len)
{
	*p = s->p;
	*len = s->len;
	if (s->type == JSON_FALSE || s->type == JSON_TRUE)
		return 1;
	if (s->type != JSON_NUMBER)
		return 0;
	for (size_t i = s->p[0] == '-'; i < s->len; i++)
		if ((unsigned)s->p[i] - '0' >= 10)
			return 0;
	if (s->len == 2 && memcmp(s->p, "-0", 2) == 0) {
		++*p;
		--*len;
	}
	return 1;
}

int
json_numbers(const struct json_span *array, double **x, size_t *room, size_t *n)
{
	const char *p = array->p, *end = p + array->len;
	size_t k = 0;

	while (item(&p)) {
		if (k == *room) {
			size_t want = *room ? *room * 2 : 1024;
			double *grown = realloc(*x, want * sizeof(**x));

			if (grown == NULL)
				return -1;
			*x = grown;
			*room = want;
		}
		if (json_type_of((unsigned char)*p) != JSON_NUMBER)
			return -1;
		p = num_scan(p, end, &(*x)[k++]);
		if (p == NULL)
			return -1;
	}
	*n = k;
	return 0;
}

/* Whether the quote at p is one of a key's text, not the one that opens it. */
static int
is_escaped(const char *p)
{
	int n = 0;

	while (p[-1 - n] == '\\')
		n++;
	return n % 2;
}

void
json_member(const struct json_span *value, const char **begin, const char **end)
{
	const char *b = value->p - 1, *e = value->p + value->len;

	/* Back over the colon and the key, to what stands before it. */
	while (*b != '"')
		b--;
	do
		b--;
	while (*b != '"' || is_escaped(b));
	*begin = b;
	for (b--; is_space(*b);)
		b--;
	if (*b == ',') {
		*begin = b;
	} else {
		while (is_space(*e))
			e++;
		e += *e == ',';
	}
	*end = e;
}

static unsigned
hex4(const char *p)
{
	unsigned c = 0;

	for (int i = 0; i < 4; i++)
		c = c << 4 | (unsigned)(p[i] <= '9' ? p[i] - '0'
						    : (p[i] | 0x20) - 'a' + 10);
	return c;
}

/* The character of an escape; *p is after the backslash, and moved on. */
static unsigned
unescape(const char **p)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *f;
	unsigned c, low;

	c = (unsigned char)*(*p)++;
	if (c != 'u') {
		f = strchr(from, (int)c);
		return f ? (unsigned char)to[f - from] : c;
	}
	c = hex4(*p);
	*p += 4;
	if (c >> 11 != 0x1b)
		return c;
	if (c < 0xdc00 && (*p)[0] == '\\' && (*p)[1] == 'u') {
		low = hex4(*p + 2);
		if (low >> 10 == 0x37) {
			*p += 6;
			return 0x10000 + ((c & 0x3ff) << 10) + (low & 0x3ff);
		}
	}
	return 0xfffd;
}

static size_t
encode(unsigned c, char *out)
{
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	if (n == 1) {
		*out = (char)c;
		return 1;
	}
	for (size_t i = n; --i > 0; c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	*out = (char)(lead[n] | c);
	return n;
}

size_t
json_text(const struct json_span *s, char *buf, size_t size)
{
	const char *p = s->p + 1, *end = s->p + s->len - 1;
	size_t n = 0, put = 0;

	while (p < end) {
		char c[4] = {*p};
		size_t k = 1;

		if (*p++ == '\\')
			k = encode(unescape(&p), c);
		/* Once a character did not fit, nothing after it does. */
		if (put == n && n + k < size) {
			memcpy(buf + n, c, k);
			put += k;
		}
		n += k;
	}
	buf[put] = '\0';
	return n;
}

int
json_equals(const struct json_span *s, const char *text, size_t len)
{
	char buf[256];

	if (memchr(s->p, '\\', s->len) == NULL)
		return s->len == len + 2 && memcmp(s->p + 1, text, len) == 0;
	/* An escape is never shorter than what it stands for. */
	return len < sizeof(buf) && json_text(s, buf, sizeof(buf)) == len &&
	       memcmp(buf, text, len) == 0;
}
