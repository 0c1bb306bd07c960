#include <stdlib.h>
#include <string.h>

#include "tallygroup.h"

void
tallygroup_init(struct tallygroup *g, size_t max)
{
	*g = (struct tallygroup){0};
	intern_init(&g->names, max);
}

static struct tallystream *
append(struct tallygroup *g)
{
	if (g->n == g->room) {
		size_t room = g->room ? g->room * 2 : 1;
		struct tallystream *grown = realloc(
		    g->stream, room * sizeof(*grown));

		if (grown == NULL)
			return NULL;
		g->stream = grown;
		g->room = room;
	}
	g->stream[g->n] = (struct tallystream){0};
	return &g->stream[g->n++];
}

struct tallystream *
tallygroup_find(struct tallygroup *g, const char *name)
{
	size_t len = prom_value(name, g->label);
	long code = intern_bytes(&g->names, g->label, len + 1);
	struct tallystream *s = NULL;

	if (code == (long)g->names.max) {
		g->crowded = 1;
		return NULL;
	}
	if (code >= 0)
		s = (size_t)code < g->n ? &g->stream[code] : append(g);
	g->failed |= s == NULL;
	return s;
}

const char *
tallygroup_label(const struct tallygroup *g, size_t i)
{
	size_t len;

	return intern_text(&g->names, i, &len);
}

int
tallygroup_name(const struct json_span *s, char *text)
{
	size_t len = s->len < DETREAD_TEXT ? s->len : DETREAD_TEXT - 1;
	size_t sign;

	*text = '\0';
	switch (s->type) {
	case JSON_NONE:
	case JSON_NULL:
		return 0;
	case JSON_STRING:
		detread_text(s, text);
		return 0;
	case JSON_NUMBER:
		/* What is behind it in the line is no digit. */
		sign = s->p[0] == '-';
		if (sign + strspn(s->p + sign, "0123456789") != s->len)
			return -1;
		/* fall through */
	case JSON_FALSE:
	case JSON_TRUE:
		memcpy(text, s->p, len);
		text[len] = '\0';
		return 0;
	default:
		return -1;
	}
}

void
tallygroup_state(struct tallygroup *g, size_t features, size_t detectors,
    size_t window, struct store *s)
{
	intern_state(&g->names, "names", s);
	store_int(s, "crowded", &g->crowded, 0, 1);
	store_open(s, "streams", '[');
	for (size_t i = 0; i < g->names.n && s->why == NULL; i++) {
		if (i == g->n && append(g) == NULL)
			store_refuse(s, "out of memory");
		else
			tallystream_state(
			    &g->stream[i], features, detectors, window, s);
	}
	store_close(s, ']');
}

void
tallygroup_free(struct tallygroup *g)
{
	for (size_t i = 0; i < g->n; i++)
		tallystream_free(&g->stream[i]);
	free(g->stream);
	intern_free(&g->names);
}
