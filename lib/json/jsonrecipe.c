#include <string.h>

#include "json/jsonrecipe.h"

int
jsonrecipe_fits(const struct jsonrecipe *c, const struct json_line *l)
{
	return c->shape == l->shape &&
	       memcmp(c->kind, l->kind, l->scalars) == 0;
}

void
jsonrecipe_begin(struct jsonrecipe *c)
{
	c->shape = 0;
	c->steps = c->keys = 0;
}

/* The first scalar that stands at p or after it. */
static size_t
scalar_at(const struct json_line *l, const char *p)
{
	size_t i = 0;

	while (i < l->scalars && l->scalar[i].p < p)
		i++;
	return i;
}

static uint32_t
offset(const void *base, const struct json_span *s)
{
	return (uint32_t)((const char *)s - (const char *)base);
}

int
jsonrecipe_scalars(struct jsonrecipe *c, const void *base,
    const struct json_span *s, size_t n, const struct json_line *l)
{
	for (; n > 0; n--, s++) {
		size_t i;

		if (s->type == JSON_NONE)
			continue;
		i = scalar_at(l, s->p);
		if (i == l->scalars || l->scalar[i].p != s->p ||
		    c->steps == JSONSHAPE_SLOTS)
			return 0;
		c->step[c->steps].to = offset(base, s);
		c->step[c->steps++].scalar = (uint32_t)i;
	}
	return 1;
}

int
jsonrecipe_key(struct jsonrecipe *c, const void *base,
    const struct json_span *s, const struct json_line *l)
{
	size_t i = scalar_at(l, s->p);

	if (i == l->scalars || c->keys == JSONRECIPE_KEYS)
		return 0;
	c->key[c->keys].to = offset(base, s);
	c->key[c->keys].scalar = (uint32_t)i;
	c->key[c->keys].back = (size_t)(l->scalar[i].p - s->p);
	c->key[c->keys++].len = s->len;
	return 1;
}

void
jsonrecipe_end(struct jsonrecipe *c, const struct json_line *l)
{
	memcpy(c->kind, l->kind, l->scalars);
	c->shape = l->shape;
}

void
jsonrecipe_follow(
    const struct jsonrecipe *c, void *base, const struct json_line *l)
{
	for (size_t i = 0; i < c->steps; i++)
		memcpy((char *)base + c->step[i].to,
		    &l->scalar[c->step[i].scalar], sizeof(struct json_span));
	for (size_t i = 0; i < c->keys; i++) {
		const struct json_span key = {
		    l->scalar[c->key[i].scalar].p - c->key[i].back,
		    c->key[i].len, JSON_STRING};

		memcpy((char *)base + c->key[i].to, &key, sizeof(key));
	}
}
