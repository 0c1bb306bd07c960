#include <stdint.h>
#include <string.h>

#include "json/jsonscan.h"
#include "base/simd.h"
#include "base/utf8.h"

struct scan {
	const char *p, *end;
	const struct json_paths *paths;
	struct json_span *found;
	const char *why;
	int escaped; /* the last string had a backslash */
};

static int
fail(struct scan *s, const char *why)
{
	s->why = why;
	return -1;
}

static void
space(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' ||
				    *s->p == '\r' || *s->p == '\n'))
		s->p++;
}

/* The byte at hand, or -1 at the end. */
static int
peek(const struct scan *s)
{
	return s->p < s->end ? (unsigned char)*s->p : -1;
}

static int
hex(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Behind a backslash. */
static int
escape(struct scan *s)
{
	switch (peek(s)) {
	case '"':
	case '\\':
	case '/':
	case 'b':
	case 'f':
	case 'n':
	case 'r':
	case 't':
		s->p++;
		return 0;
	case 'u':
		s->p++;
		for (int i = 0; i < 4; i++, s->p++)
			if (hex(peek(s)) < 0)
				return fail(s, "bad \\u escape");
		return 0;
	default:
		return fail(s, "bad escape");
	}
}

static int
utf8(struct scan *s)
{
	size_t n = utf8_length(s->p, (size_t)(s->end - s->p));

	s->p += n;
	return n > 0 ? 0 : fail(s, "invalid UTF-8");
}

/* Skips bytes that mean nothing special inside a string. */
static void
plain(struct scan *s)
{
	while (s->end - s->p >= 16) {
		unsigned odd = simd_odd(s->p);

		if (odd != 0) {
			s->p += __builtin_ctz(odd);
			return;
		}
		s->p += 16;
	}
	while (s->p < s->end && (signed char)*s->p >= 0x20 && *s->p != '"' &&
	       *s->p != '\\')
		s->p++;
}

/* From after the opening quote to after the closing one. */
static int
string(struct scan *s)
{
	s->escaped = 0;
	for (;;) {
		int c;

		plain(s);
		c = peek(s);
		if (c == '"') {
			s->p++;
			return 0;
		}
		if (c < 0)
			return fail(s, "unfinished string");
		if (c < 0x20)
			return fail(s, "control character in a string");
		if (c == '\\') {
			s->p++;
			s->escaped = 1;
			if (escape(s) < 0)
				return -1;
		} else if (utf8(s) < 0) {
			return -1;
		}
	}
}

static int
digits(struct scan *s)
{
	const char *begin = s->p;

	while (s->p < s->end && (unsigned)*s->p - '0' < 10)
		s->p++;
	return s->p > begin ? 0 : fail(s, "not a number");
}

static int
number(struct scan *s)
{
	if (peek(s) == '-')
		s->p++;
	if (peek(s) == '0')
		s->p++;
	else if (digits(s) < 0)
		return -1;
	if (peek(s) == '.') {
		s->p++;
		if (digits(s) < 0)
			return -1;
	}
	if ((peek(s) | 0x20) == 'e' && peek(s) > 0) {
		s->p++;
		if (peek(s) == '+' || peek(s) == '-')
			s->p++;
		return digits(s);
	}
	return 0;
}

static int
word(struct scan *s, const char *w, size_t n)
{
	if ((size_t)(s->end - s->p) < n || memcmp(s->p, w, n) != 0)
		return fail(s, "not a value");
	s->p += n;
	return 0;
}

/* The paths on which a key is; what it gave before does not count any more. */
static uint64_t
match(struct scan *s, uint64_t mask, size_t level, const struct json_span *key)
{
	uint64_t hit = jsonpath_match(s->paths, mask, level, key, s->escaped);

	for (uint64_t m = hit; m != 0; m &= m - 1)
		s->found[__builtin_ctzll(m)].type = JSON_NONE;
	return hit;
}

static int value(struct scan *s, size_t level, uint64_t mask);

static int
members(struct scan *s, size_t level, uint64_t mask)
{
	struct json_span key = {.type = JSON_STRING};

	s->p++;
	space(s);
	if (peek(s) == '}') {
		s->p++;
		return 0;
	}
	for (;; s->p++, space(s)) {
		if (peek(s) != '"')
			return fail(s, "expected a quoted key");
		key.p = s->p++;
		if (string(s) < 0)
			return -1;
		key.len = (size_t)(s->p - key.p);
		space(s);
		if (peek(s) != ':')
			return fail(s, "expected ':'");
		s->p++;
		if (value(s, level + 1,
			mask ? match(s, mask, level, &key) : 0) < 0)
			return -1;
		if (peek(s) == '}') {
			s->p++;
			return 0;
		}
		if (peek(s) != ',')
			return fail(s, "expected ',' or '}'");
	}
}

static int
elements(struct scan *s, size_t level)
{
	s->p++;
	space(s);
	if (peek(s) == ']') {
		s->p++;
		return 0;
	}
	for (;; s->p++) {
		if (value(s, level + 1, 0) < 0)
			return -1;
		if (peek(s) == ']') {
			s->p++;
			return 0;
		}
		if (peek(s) != ',')
			return fail(s, "expected ',' or ']'");
	}
}

/*
 * One value with the white space around it. level is its depth: 0 for the
 * line's object; mask the paths that go through it.
 */
static int
value(struct scan *s, size_t level, uint64_t mask)
{
	enum json_type type;
	const char *begin;
	uint64_t deeper = jsonpath_longer(s->paths, mask, level);
	int r;

	space(s);
	begin = s->p;
	type = json_type_of(peek(s));
	if ((type == JSON_OBJECT || type == JSON_ARRAY) && level == JSON_DEPTH)
		return fail(s, "nested too deep");
	switch (type) {
	case JSON_OBJECT:
		r = members(s, level, deeper);
		break;
	case JSON_ARRAY:
		r = elements(s, level);
		break;
	case JSON_STRING:
		s->p++;
		r = string(s);
		break;
	case JSON_NUMBER:
		r = number(s);
		break;
	case JSON_TRUE:
		r = word(s, "true", 4);
		break;
	case JSON_FALSE:
		r = word(s, "false", 5);
		break;
	case JSON_NULL:
		r = word(s, "null", 4);
		break;
	default:
		r = fail(s, peek(s) < 0 ? "unfinished" : "not a value");
	}
	if (r < 0)
		return -1;
	for (uint64_t m = mask & ~deeper; m != 0; m &= m - 1)
		s->found[__builtin_ctzll(m)] = (struct json_span){
		    begin, (size_t)(s->p - begin), type};
	space(s);
	return 0;
}

const char *
jsonscan_scalar(const char *p, const char *end)
{
	struct scan s = {.p = p, .end = end};

	if (*p != '"')
		return number(&s) < 0 ? NULL : s.p;
	s.p++;
	return string(&s) < 0 ? NULL : s.p;
}

int
jsonscan_line(const char *line, size_t len, const struct json_paths *ps,
    struct json_span *found, struct json_line *out)
{
	struct scan s = {line, line + len, ps, found, NULL, 0};
	const char *open;
	uint64_t all = ps->n == 64 ? UINT64_MAX : (1ull << ps->n) - 1;

	for (size_t i = 0; i < ps->n; i++)
		found[i].type = JSON_NONE;
	space(&s);
	open = s.p;
	if (peek(&s) != '{')
		fail(&s, peek(&s) < 0 ? "empty" : "not an object");
	else if (value(&s, 0, all) == 0 && s.p < s.end)
		fail(&s, s.p[-1] == '\r' ? "text after a CR: lines end in LF"
					 : "text after the object");
	out->shape = 0;
	out->why = s.why;
	out->at = (size_t)(s.p - line);
	if (s.why != NULL)
		return -1;
	while (s.p[-1] != '}')
		s.p--;
	out->close = (size_t)(s.p - 1 - line);
	for (s.p = open + 1; s.p < line + out->close; s.p++)
		if (*s.p != ' ' && *s.p != '\t' && *s.p != '\r' && *s.p != '\n')
			break;
	out->empty = s.p == line + out->close;
	return 0;
}
