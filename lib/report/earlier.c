#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/earlier.h"
#include "tool/err.h"
#include "tool/skip.h"

enum { RECORD, TIME, TEXT, STAGE, REASON, IMAGE };

void
earlier_open(struct earlier_seam *s)
{
	memset(s, 0, sizeof(*s));
	entry_init(&s->entry, NULL);
}

void
earlier_look(struct earlier_seam *s, const char *line, size_t n)
{
	enum entry_kind kind;
	struct buf *to;

	if ((s->event.len > 0 && s->error.len > 0) || skip_is(line, n))
		return;
	kind = entry_look(&s->entry, line, n, 0);
	to = kind == ENTRY_ERROR ? &s->error : &s->event;
	if (kind != ENTRY_NONE && to->len == 0)
		buf_put(to, line, s->entry.line.close);
	if (to->failed)
		err_memory();
}

void
earlier_close(struct earlier_seam *s)
{
	entry_free(&s->entry);
	buf_free(&s->event);
	buf_free(&s->error);
}

int
earlier_is(const char *entry, size_t len, const struct buf *line)
{
	static const char member[] = ",\"journal\":";
	size_t n = sizeof(member) - 1;

	return line->len > 0 && len >= line->len + n &&
	       memcmp(entry, line->p, line->len) == 0 &&
	       memcmp(entry + line->len, member, n) == 0;
}

static double
number(const struct json_span *s)
{
	double x;

	return s->type == JSON_NUMBER && json_number(s, &x) == 0 ? x : NAN;
}

/* The sentences of an entry, as far as there is room. */
static void
copy_text(const struct json_span *array, char *text)
{
	struct json_span value;
	const char *at = NULL;
	size_t len = 0;

	text[0] = '\0';
	if (array->type != JSON_ARRAY)
		return;
	while (len + 4 < EARLIER_TEXT && json_next(array, &at, NULL, &value)) {
		if (value.type != JSON_STRING)
			continue;
		if (len > 0)
			len += (size_t)sprintf(text + len, "; ");
		json_text(&value, text + len, EARLIER_TEXT - len);
		len += strlen(text + len);
	}
}

static void
add_event(struct earlier *e, const struct json_span *found)
{
	struct earlier_event *to = &e->event[e->events % EARLIER_EVENTS];
	double record = number(&found[RECORD]);

	to->time = number(&found[TIME]);
	to->record = record >= 1 && record < 1e15 ? (unsigned long long)record
						  : 0;
	copy_text(&found[TEXT], to->text);
	if (e->events++ == 0)
		e->begin = to->time;
}

static void
add_error(struct earlier *e, const struct json_span *found)
{
	char stage[REASONS_TEXT / 4] = "", reason[REASONS_TEXT / 2] = "";
	char text[REASONS_TEXT], image[REASONS_TEXT] = "";
	double record = number(&found[RECORD]);

	if (found[STAGE].type == JSON_STRING)
		json_text(&found[STAGE], stage, sizeof(stage));
	if (found[REASON].type == JSON_STRING)
		json_text(&found[REASON], reason, sizeof(reason));
	if (found[IMAGE].type == JSON_STRING)
		json_text(&found[IMAGE], image, sizeof(image));
	snprintf(text, sizeof(text), "%s: %s", stage, reason);
	reasons_add(&e->errors, text, image,
	    record >= 1 && record < 1e15 ? (unsigned long long)record : 0);
}

void
earlier_add(struct earlier *e, const char *line, size_t n)
{
	static const char *const path[] = {"journal.record", "time",
	    "journal.text", "error.stage", "error.reason", "image"};
	struct json_span found[6];
	struct json_paths paths = {0};
	struct json_line scan;

	for (size_t i = 0; i < sizeof(path) / sizeof(*path); i++)
		jsonpath_add(&paths, path[i]);
	if (jsonscan_line(line, n, &paths, found, &scan) < 0)
		return;
	if (found[STAGE].type == JSON_STRING)
		add_error(e, found);
	else
		add_event(e, found);
}

void
earlier_free(struct earlier *e)
{
	if (e != NULL)
		reasons_free(&e->errors);
	free(e);
}
