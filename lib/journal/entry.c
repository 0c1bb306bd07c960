#include <string.h>

#include "journal/entry.h"
#include "tool/eventtext.h"
#include "tool/skip.h"

enum { TEXT = 512 };

void
entry_init(struct entry *e, const char *group)
{
	/* In the order of enum entry_path. */
	const char *const path[ENTRY_PATHS] = {"seq", "image", "image_bytes",
	    "error.stage", "error.reason", group != NULL ? group : "seq"};

	*e = (struct entry){.group = group};
	for (size_t i = 0; i < ENTRY_PATHS; i++)
		jsonpath_add(&e->paths, path[i]);
}

/* A span's text, cut to fit. */
static void
put_text(struct buf *b, const struct json_span *s)
{
	char text[TEXT];

	if (s->type != JSON_STRING)
		return;
	json_text(s, text, sizeof(text));
	buf_str(b, text);
}

static void
begin(struct entry *e, unsigned long long number)
{
	e->member.len = 0;
	buf_str(&e->member, "\"journal\":{\"record\":");
	buf_int(&e->member, (long long)number);
	buf_str(&e->member, ",\"text\":[");
}

static void
end(struct entry *e)
{
	buf_str(&e->member, "]");
}

/* A sentence for each detector that has an event; how many there were. */
static int
tell_events(struct entry *e, const char *line, unsigned long long number)
{
	const struct json_span whole = {
	    line + strspn(line, " \t\r"), 0, JSON_OBJECT};
	const struct eventtext of = {e->found[ENTRY_SEQ], e->found[ENTRY_IMAGE],
	    e->found[ENTRY_GROUP], e->group, number};
	struct json_span key, value;
	const char *at = NULL;
	struct buf text = {0};
	int n = 0;

	while (json_next(&whole, &at, &key, &value)) {
		if (value.type != JSON_OBJECT)
			continue;
		text.len = 0;
		put_text(&text, &key);
		buf_str(&text, ": ");
		if (!eventtext_put(&text, &of, &value))
			continue;
		buf_str(&e->member, n++ > 0 ? "," : "");
		buf_json(&e->member, text.p, text.len);
	}
	e->member.failed |= text.failed;
	buf_free(&text);
	return n;
}

/* What it is about, and two texts, with colons between. */
static void
tell_error(struct entry *e, const struct json_span *name, const char *before,
    const struct json_span *first, const struct json_span *second)
{
	struct buf text = {0};

	put_text(&text, name);
	buf_str(&text, ": ");
	buf_str(&text, before);
	put_text(&text, first);
	buf_str(&text, ": ");
	put_text(&text, second);
	buf_json(&e->member, text.p, text.len);
	e->member.failed |= text.failed;
	buf_free(&text);
}

/* What stands for a line that was skipped, or for lines that are lost. */
static enum entry_kind
look_at_skipped(
    struct entry *e, const char *line, size_t n, unsigned long long number)
{
	struct json_paths paths = {0};
	struct json_span found[3];

	jsonpath_add(&paths, "skipped.where");
	jsonpath_add(&paths, "skipped.tool");
	jsonpath_add(&paths, "skipped.reason");
	if (jsonscan_line(line, n, &paths, found, &e->line) < 0)
		return ENTRY_NONE;
	begin(e, number);
	tell_error(e, &found[0], "skipped by ", &found[1], &found[2]);
	end(e);
	return ENTRY_ERROR;
}

enum entry_kind
entry_look(
    struct entry *e, const char *line, size_t n, unsigned long long number)
{
	enum entry_kind kind = ENTRY_NONE;

	if (skip_is(line, n))
		return look_at_skipped(e, line, n, number);
	if ((memmem(line, n, "\"event\"", 7) == NULL &&
		memmem(line, n, "\"error\"", 7) == NULL) ||
	    jsonscan_line(line, n, &e->paths, e->found, &e->line) < 0)
		return ENTRY_NONE;
	begin(e, number);
	if (e->found[ENTRY_STAGE].type == JSON_STRING) {
		tell_error(e, &e->found[ENTRY_IMAGE], "",
		    &e->found[ENTRY_STAGE], &e->found[ENTRY_REASON]);
		kind = ENTRY_ERROR;
	} else if (tell_events(e, line, number) > 0) {
		kind = ENTRY_EVENT;
	}
	end(e);
	return kind;
}

void
entry_put(const struct entry *e, const char *line, size_t n, struct buf *b)
{
	b->len = 0;
	buf_put(b, line, e->line.close);
	buf_str(b, e->line.empty ? "" : ",");
	buf_put(b, e->member.p, e->member.len);
	buf_str(b, "}");
	buf_put(b, line + e->line.close, n - e->line.close);
	b->failed |= e->member.failed;
}

void
entry_free(struct entry *e)
{
	buf_free(&e->member);
}
