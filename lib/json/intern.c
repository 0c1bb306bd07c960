#include <stdlib.h>
#include <string.h>

#include "json/intern.h"
#include "json/json.h"

void
intern_init(struct intern *t, size_t max)
{
	*t = (struct intern){.max = max};
}

void
intern_extend(struct intern *t, const struct intern *base)
{
	*t = (struct intern){.max = base->max, .n = base->n, .base = base};
}

/* Codes that are the base's. */
static size_t
based(const struct intern *t)
{
	return t->base != NULL ? t->base->n : 0;
}

int
intern_value(struct buf *b, const struct json_span *s)
{
	char text[INTERN_LONGEST + 1];
	const char *name;
	size_t n;

	b->len = 0;
	if (s->type == JSON_STRING) {
		n = json_text(s, text, sizeof(text));
		if (n > INTERN_LONGEST)
			return 0;
		buf_json(b, text, n);
		return 1;
	}
	if (!json_name(s, &name, &n) || n > INTERN_LONGEST)
		return 0;
	buf_put(b, name, n);
	return 1;
}

size_t
intern_hash(const char *p, size_t n)
{
	uint64_t h = 0xcbf29ce484222325;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * 0x100000001b3;
	/* Names that differ in their last digits alone differ nowhere else: the
	 * product with 2^64 over the golden ratio has that in all bits. */
	h = (h ^ h >> 32) * 0x9e3779b97f4a7c15;
	return (size_t)(h >> 32);
}

const char *
intern_text(const struct intern *t, size_t code, size_t *len)
{
	size_t first = based(t), begin;

	if (code < first)
		return intern_text(t->base, code, len);
	begin = code > first ? t->end[code - first - 1] : 0;
	*len = t->end[code - first] - begin;
	return t->text.p + begin;
}

/* The slot that holds the text, or the empty one where it belongs. */
static uint32_t *
find(const struct intern *t, const char *p, size_t n)
{
	for (size_t i = intern_hash(p, n);; i++) {
		uint32_t *slot = &t->slot[i & (t->slots - 1)];
		const char *text;
		size_t len;

		if (*slot == 0)
			return slot;
		text = intern_text(t, *slot - 1, &len);
		if (len == n && memcmp(text, p, n) == 0)
			return slot;
	}
}

/* Twice the slots; half of them stay empty. */
static int
grow(struct intern *t)
{
	size_t slots = t->slots ? t->slots * 2 : 32;
	uint32_t *end = realloc(t->end, slots / 2 * sizeof(*end));
	uint32_t *slot;

	if (end == NULL)
		return 0;
	t->end = end;
	slot = calloc(slots, sizeof(*slot));
	if (slot == NULL)
		return 0;
	free(t->slot);
	t->slot = slot;
	t->slots = slots;
	for (size_t code = based(t); code < t->n; code++) {
		size_t len;
		const char *text = intern_text(t, code, &len);

		*find(t, text, len) = (uint32_t)code + 1;
	}
	return 1;
}

long
intern_known(const struct intern *t, const char *p, size_t len)
{
	long code = t->base != NULL ? intern_known(t->base, p, len)
				    : INTERN_UNUSABLE;

	if (code < 0 && t->slots > 0)
		code = (long)*find(t, p, len) - 1;
	return code;
}

long
intern_bytes(struct intern *t, const char *p, size_t len)
{
	size_t first = based(t);
	uint32_t *slot;
	long code;

	if (t->base != NULL && (code = intern_known(t->base, p, len)) >= 0)
		return code;
	if (t->n - first == t->slots / 2 && !grow(t))
		return INTERN_NO_MEMORY;
	slot = find(t, p, len);
	if (*slot != 0)
		return (long)*slot - 1;
	if (t->n == t->max)
		return (long)t->max;
	if (len > UINT32_MAX - t->text.len)
		return INTERN_NO_MEMORY;
	buf_put(&t->text, p, len);
	if (t->text.failed)
		return INTERN_NO_MEMORY;
	t->end[t->n - first] = (uint32_t)t->text.len;
	*slot = (uint32_t)++t->n;
	return (long)t->n - 1;
}

long
intern_find(struct intern *t, const struct json_span *value)
{
	long code;

	if (!intern_value(&t->lookup, value))
		return INTERN_UNUSABLE;
	if (t->lookup.failed)
		return INTERN_NO_MEMORY;
	code = intern_known(t, t->lookup.p, t->lookup.len);
	return code >= 0 ? code : INTERN_NEW;
}

long
intern_code(struct intern *t, const struct json_span *value)
{
	if (!intern_value(&t->lookup, value))
		return INTERN_UNUSABLE;
	if (t->lookup.failed)
		return INTERN_NO_MEMORY;
	return intern_bytes(t, t->lookup.p, t->lookup.len);
}

void
intern_put(const struct intern *t, size_t code, struct buf *out)
{
	const char *text = "null";
	size_t len = 4;

	if (code < t->n)
		text = intern_text(t, code, &len);
	buf_put(out, text, len);
}

void
intern_state(struct intern *t, const char *name, struct store *s)
{
	struct buf value = {0};
	size_t n = t->n, len;

	store_open(s, name, '{');
	store_size(s, "n", &n, 0, t->max);
	store_open(s, "values", '[');
	for (size_t i = 0; i < n && s->why == NULL; i++) {
		value.len = 0;
		if (!store_reading(s)) {
			const char *p = intern_text(t, i, &len);

			buf_put(&value, p, len);
		}
		store_bytes(s, NULL, &value);
		if (store_reading(s) && s->why == NULL &&
		    intern_bytes(t, value.p, value.len) != (long)i)
			store_refuse(s, "a value that is there twice");
	}
	store_close(s, ']');
	store_close(s, '}');
	buf_free(&value);
}

void
intern_free(struct intern *t)
{
	buf_free(&t->text);
	buf_free(&t->lookup);
	free(t->end);
	free(t->slot);
	*t = (struct intern){0};
}
