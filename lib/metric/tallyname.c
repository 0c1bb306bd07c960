#include <stdlib.h>
#include <string.h>

#include "json/jsonscan.h"
#include "metric/detread.h"
#include "metric/tallyname.h"

void
tallyname_init(struct tallyname *t, size_t max)
{
	*t = (struct tallyname){0};
	intern_init(&t->raw, max);
}

/* The text of the name that has just got the next number. */
static int
append_name(struct tallyname *t, const struct json_span *name)
{
	char text[DETREAD_TEXT];
	char **grown = realloc(t->text, (t->n + 1) * sizeof(*grown));

	if (grown == NULL)
		return -1;
	t->text = grown;
	detread_text(name, text);
	grown[t->n] = strdup(text);
	if (grown[t->n] == NULL)
		return -1;
	t->n++;
	return 0;
}

long
tallyname_find(struct tallyname *t, const struct json_span *name, size_t guess)
{
	const char *text;
	size_t len;
	long code;

	if (guess < t->n) {
		text = intern_text(&t->raw, guess, &len);
		if (len == name->len && memcmp(text, name->p, len) == 0)
			return (long)guess;
	}
	code = intern_bytes(&t->raw, name->p, name->len);
	if (code == (long)t->raw.max)
		return TALLYNAME_TOO_MANY;
	if (code < 0 || ((size_t)code == t->n && append_name(t, name) < 0))
		return TALLYNAME_NO_MEMORY;
	return code;
}

/* A name as a record spells it, with its quotes. */
static int
is_name(const struct buf *raw)
{
	struct buf line = {0};
	struct json_paths none = {0};
	struct json_span span[JSON_PATHS];
	struct json_line end;
	int good;

	buf_str(&line, "{\"\":");
	buf_put(&line, raw->p, raw->len);
	buf_put(&line, "}", 2);
	good = !line.failed && raw->len > 0 && raw->p[0] == '"' &&
	       jsonscan_line(line.p, line.len - 1, &none, span, &end) == 0;
	buf_free(&line);
	return good;
}

void
tallyname_state(struct tallyname *t, size_t i, struct store *s)
{
	struct buf raw = {0};
	struct json_span span = {.type = JSON_STRING};

	if (!store_reading(s)) {
		const char *text = intern_text(&t->raw, i, &span.len);

		buf_put(&raw, text, span.len);
	}
	store_bytes(s, NULL, &raw);
	span.p = raw.p;
	span.len = raw.len;
	if (store_reading(s) && s->why == NULL) {
		if (!is_name(&raw))
			store_refuse(s, "no name");
		else if (tallyname_find(t, &span, t->n) != (long)i)
			store_refuse(s, "a name that is there twice");
	}
	buf_free(&raw);
}

void
tallyname_free(struct tallyname *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->text[i]);
	free(t->text);
	intern_free(&t->raw);
}
