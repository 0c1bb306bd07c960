#include <stdlib.h>
#include <string.h>

#include "metric/tallygroup.h"

/* Longer values are not remembered as they are spelt. */
enum { SPELT = 64 };
#define NO_STREAM ((size_t)-1)

void
tallygroup_init(struct tallygroup *g, size_t max)
{
	*g = (struct tallygroup){0};
	intern_init(&g->names, max);
	intern_init(&g->raw, 2 * max);
}

static struct tallystream *
append_stream(struct tallygroup *g)
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

static struct tallystream *
stream_at(struct tallygroup *g, size_t i)
{
	g->label = tallygroup_label(g, i);
	return &g->stream[i];
}

struct tallystream *
tallygroup_first(struct tallygroup *g)
{
	return stream_at(g, 0);
}

struct tallystream *
tallygroup_find(struct tallygroup *g, const char *name)
{
	size_t len = promlabel_clean(name, g->text);
	long code = intern_bytes(&g->names, g->text, len + 1);

	g->label = g->text;
	if (code == (long)g->names.max) {
		g->crowded = 1;
		return NULL;
	}
	if (code < 0 || ((size_t)code == g->n && append_stream(g) == NULL)) {
		g->failed = 1;
		return NULL;
	}
	return stream_at(g, (size_t)code);
}

const char *
tallygroup_label(const struct tallygroup *g, size_t i)
{
	size_t len;

	return intern_text(&g->names, i, &len);
}

size_t
tallygroup_known(const struct tallygroup *g, const char *label)
{
	long code = intern_known(&g->names, label, strlen(label) + 1);

	return code < 0 ? 0 : (size_t)code;
}

/*
 * The name that a field's value is, in text of DETREAD_TEXT bytes, empty if
 * there is none. -1 when it is no string, whole number or boolean, or null.
 */
static int
text_of(const struct json_span *s, char *text)
{
	const char *name;
	size_t len;

	*text = '\0';
	if (s->type <= JSON_NULL)
		return 0;
	if (s->type == JSON_STRING) {
		detread_text(s, text);
		return 0;
	}
	if (!json_name(s, &name, &len))
		return -1;
	len = len < DETREAD_TEXT ? len : DETREAD_TEXT - 1;
	memcpy(text, name, len);
	text[len] = '\0';
	return 0;
}

/*
 * Where the stream of a value of that spelling is remembered; NULL when it
 * can't be.
 */
static size_t *
remembered(struct tallygroup *g, const struct json_span *value)
{
	size_t room = g->ofs ? g->ofs * 2 : 16, *grown;
	long code;

	if (value->type <= JSON_NULL || value->len > SPELT)
		return NULL;
	code = intern_bytes(&g->raw, value->p, value->len);
	if (code < 0 || code == (long)g->raw.max)
		return NULL;
	if ((size_t)code < g->ofs)
		return &g->of[code];
	grown = realloc(g->of, room * sizeof(*grown));
	if (grown == NULL)
		return NULL;
	for (size_t i = g->ofs; i < room; i++)
		grown[i] = NO_STREAM;
	g->of = grown;
	g->ofs = room;
	return &g->of[code];
}

struct tallystream *
tallygroup_value(
    struct tallygroup *g, const struct json_span *value, int *schema)
{
	size_t *known = remembered(g, value);
	char text[DETREAD_TEXT];
	struct tallystream *s;
	int good;

	if (known != NULL && *known != NO_STREAM)
		return stream_at(g, *known);
	good = text_of(value, text) == 0;
	if (!good)
		*schema = 1;
	if (*text == '\0')
		return tallygroup_first(g);
	s = tallygroup_find(g, text);
	if (good && known != NULL && s != NULL)
		*known = (size_t)(s - g->stream);
	return s;
}

void
tallygroup_state(struct tallygroup *g, size_t features, size_t detectors,
    size_t window, struct store *s)
{
	intern_state(&g->names, "names", s);
	store_int(s, "crowded", &g->crowded, 0, 1);
	store_open(s, "streams", '[');
	for (size_t i = 0; i < g->names.n && s->why == NULL; i++) {
		if (i == g->n && append_stream(g) == NULL)
			store_no_memory(s);
		else
			tallystream_state(&g->stream[i], &g->models, features,
			    detectors, window, s);
	}
	store_close(s, ']');
}

void
tallygroup_free(struct tallygroup *g)
{
	for (size_t i = 0; i < g->n; i++)
		tallystream_free(&g->stream[i]);
	free(g->stream);
	free(g->of);
	recmodels_free(&g->models);
	intern_free(&g->names);
	intern_free(&g->raw);
}
