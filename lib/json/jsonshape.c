#include <string.h>

#include "json/jsonshape.h"
#include "json/json.h"
#include "base/simd.h"

/* Whether n > 0 bytes are equal; of both, 15 more are readable. */
static inline int
same(const char *p, const char *q, size_t n)
{
	for (; n > 16; n -= 16, p += 16, q += 16)
		if (simd_same(p, q) != 0xffff)
			return 0;
	return (~simd_same(p, q) & ((2u << (n - 1)) - 1)) == 0;
}

/*
 * The scalars: from their first byte to after them, or NULL. They see the
 * usual forms; for all others they ask json.c. The NUL after the line stops
 * them.
 */
static inline const char *
string(const char *p, const char *end)
{
	const char *s = p + 1;
	unsigned odd;

	while ((odd = simd_odd(s)) == 0)
		s += 16;
	s += __builtin_ctz(odd);
	return *s == '"' ? s + 1 : jsonscan_scalar(p, end);
}

static inline const char *
number(const char *p, const char *end)
{
	const char *s = p + (*p == '-');
	uint32_t others = ~(simd_digits(s) | simd_digits(s + 16) << 16);
	unsigned n = others ? (unsigned)__builtin_ctz(others) : 31, stop;

	if (n == 0 || (*s == '0' && n > 1))
		return NULL;
	if (s[n] == '.' && n < 30) {
		others = others >> n >> 1;
		stop = others ? (unsigned)__builtin_ctz(others) : 31;
		if (stop == 0)
			return NULL;
		n += 1 + stop;
	}
	if (n >= 31 || (s[n] | 0x20) == 'e')
		return jsonscan_scalar(p, end);
	return s + n;
}

/* An array of numbers without white space, or of nothing. */
static const char *
flat(const char *p, const char *end)
{
	if (p[1] == ']')
		return p + 2;
	do {
		p = number(p + 1, end);
	} while (p != NULL && *p == ',');
	return p != NULL && *p == ']' ? p + 1 : NULL;
}

static inline const char *
scalar(const char *p, const char *end, enum json_type *type)
{
	switch (*p) {
	case '"':
		*type = JSON_STRING;
		return string(p, end);
	case 't':
		*type = JSON_TRUE;
		return memcmp(p, "true", 4) == 0 ? p + 4 : NULL;
	case 'f':
		*type = JSON_FALSE;
		return memcmp(p, "false", 5) == 0 ? p + 5 : NULL;
	case 'n':
		*type = JSON_NULL;
		return memcmp(p, "null", 4) == 0 ? p + 4 : NULL;
	case '[':
		*type = JSON_ARRAY;
		return flat(p, end);
	default:
		*type = JSON_NUMBER;
		return number(p, end);
	}
}

static inline unsigned char
kind_of(const struct json_span *s)
{
	/* No other scalar has two bytes and is not a number. */
	if (s->len == 2 && s->type != JSON_NUMBER)
		return (unsigned char)(s->type | JSONSHAPE_EMPTY);
	return (unsigned char)(s->type == JSON_TRUE ? JSON_FALSE : s->type);
}

/* Follows the branches: the end of one, or NULL. Fills the slots. */
static const struct jsonshape_end *
follow_branches(struct jsonshape *s, const char *p, const char *end)
{
	struct json_span *slot = s->slot;
	unsigned char *kind = s->kind;
	unsigned at = s->root;

	for (;;) {
		struct jsonshape_node *node;
		const char *stop, *guess;

		for (;; at = node->other) {
			if (at == 0)
				return NULL;
			node = &s->node[at];
			if (same(p, s->text + node->text, node->len) &&
			    (node->end == 0 || p + node->len == end))
				break;
		}
		if (node->end != 0)
			return &s->end[node->end - 1];
		p += node->len;
		stop = scalar(p, end, &slot->type);
		if (stop == NULL)
			return NULL;
		slot->p = p;
		slot->len = (size_t)(stop - p);
		*kind++ = kind_of(slot++);
		/*
		 * Most scalars are as long as the last one in their place. To
		 * go on from there, and not from where this one was found to
		 * end, lets the processor begin with the next one before it is
		 * through with this one. The compiler must not know that the
		 * two are the same.
		 */
		guess = p + node->width;
		p = guess;
		__asm__("" : "+r"(p));
		if (stop != guess) {
			node->width = (uint32_t)(stop - slot[-1].p);
			p = stop;
		}
		at = node->next;
	}
}

/* From p on over what is no scalar, keys included; NULL: too deep. */
static const char *
next_scalar(const char *p, const char *end, int *depth)
{
	for (; p < end; p++) {
		enum json_type type = json_type_of((unsigned char)*p);
		const char *stop = p;

		if (type == JSON_OBJECT ||
		    (type == JSON_ARRAY && !flat(p, end))) {
			if (++*depth > JSONSHAPE_DEPTH)
				return NULL;
			continue;
		}
		*depth -= *p == '}' || *p == ']';
		if (type == JSON_NONE)
			continue;
		if (type != JSON_STRING)
			return p;
		json_skip(&stop);
		while (*stop == ' ' || *stop == '\t' || *stop == '\r' ||
		       *stop == '\n')
			stop++;
		if (*stop != ':')
			return p;
		p = stop;
	}
	return p;
}

/*
 * The node for a text, one of those at *link or a new one there; NULL when
 * there is no room.
 */
static struct jsonshape_node *
branch(struct jsonshape *s, uint16_t *link, const char *text, size_t len)
{
	struct jsonshape_node *node;

	for (; *link != 0; link = &node->other) {
		node = &s->node[*link];
		if (node->len == len &&
		    memcmp(s->text + node->text, text, len) == 0)
			return node;
	}
	if (s->nodes + 1 >= JSONSHAPE_NODES || len > JSONSHAPE_TEXT - s->used)
		return NULL;
	node = &s->node[ *link = (uint16_t)++s->nodes];
	*node = (struct jsonshape_node){
	    .text = (uint16_t)s->used, .len = (uint16_t)len};
	memcpy(s->text + s->used, text, len);
	s->used += len;
	return node;
}

/* Ends a branch: says where in such a line the paths are. */
static int
end_branch(struct jsonshape *s, struct jsonshape_node *node,
    const struct jsonshape_end *end)
{
	if (node->end == 0) {
		if (s->ends == JSONSHAPE_ENDS)
			return 0;
		node->end = (uint16_t)++s->ends;
	}
	s->end[node->end - 1] = *end;
	return 1;
}

/*
 * Remembers a line that jsonscan_line has accepted. Returns 0 when there is no
 * room for it.
 */
static int
learn_line(struct jsonshape *s, const char *line, size_t len,
    const struct json_paths *ps, const struct json_span *found,
    const struct json_line *out)
{
	const char *p = line, *end = line + len, *text;
	struct jsonshape_node *node;
	struct jsonshape_end e = {.paths = (uint16_t)ps->n,
	    .close = len - out->close,
	    .empty = out->empty};
	uint16_t *link = &s->root;
	size_t slots = 0, placed = 0, present = 0;
	int depth = 0;

	for (size_t i = 0; i < ps->n; i++) {
		e.slot[i] = -1;
		present += found[i].type != JSON_NONE;
	}
	for (;; slots++, link = &node->next) {
		text = p;
		p = next_scalar(p, end, &depth);
		if (p == NULL)
			return 1;
		node = branch(s, link, text, (size_t)(p - text));
		if (node == NULL || slots == JSONSHAPE_SLOTS)
			return 0;
		if (p == end)
			break;
		for (size_t i = 0; i < ps->n; i++)
			if (found[i].type != JSON_NONE && found[i].p == p) {
				e.slot[i] = (int16_t)slots;
				placed++;
			}
		if (*p == '[')
			p = flat(p, end);
		else
			json_skip(&p);
	}
	e.slots = slots;
	/* A path to an object, or to an array of more than numbers: no slot. */
	return placed < present || end_branch(s, node, &e);
}

static void
forget(struct jsonshape *s)
{
	s->root = 0;
	s->nodes = s->ends = s->used = 0;
	s->forgotten++;
}

int
jsonshape_scan(struct jsonshape *s, const char *line, size_t len,
    const struct json_paths *ps, struct json_span *found, struct json_line *out)
{
	const struct jsonshape_end *e = NULL;
	/* Where no line is like another, trying costs little. */
	int try = s->misses < 16 || s->misses % 16 == 0;

	if (try)
		e = follow_branches(s, line, line + len);
	if (e == NULL || e->paths != ps->n) {
		s->misses++;
		if (jsonscan_line(line, len, ps, found, out) < 0)
			return -1;
		if (try && !learn_line(s, line, len, ps, found, out))
			forget(s);
		return 0;
	}
	s->misses = 0;
	for (size_t i = 0; i < ps->n; i++) {
		if (e->slot[i] < 0)
			found[i].type = JSON_NONE;
		else
			found[i] = s->slot[e->slot[i]];
	}
	out->close = len - e->close;
	out->empty = e->empty;
	out->at = len;
	out->why = NULL;
	out->shape = s->forgotten * JSONSHAPE_ENDS + (unsigned)(e - s->end) + 1;
	out->scalars = e->slots;
	out->scalar = s->slot;
	out->kind = s->kind;
	return 0;
}
