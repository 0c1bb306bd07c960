#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json/jsonpath.h"
#include "json/jsonscan.h"
#include "run/statetext.h"
#include "tool/atomic.h"
#include "tool/err.h"
#include "tool/gzip.h"

void
statetext_end(struct buf *b, unsigned long before)
{
	char text[40];

	snprintf(text, sizeof(text), ",\"crc32\":\"%08lx\"}\n",
	    b->failed ? 0 : gzip_crc(before, b->p, b->len));
	buf_str(b, text);
}

const char *
statetext_check(struct buf *b)
{
	static const char head[] = "{\"driftpipe\":";
	struct buf end = {0};
	const char *tail;
	int same;

	if (buf_room(b, 1) == NULL)
		err_memory();
	b->p[b->len] = '\0';
	if (strncmp(b->p, head, sizeof(head) - 1) == 0 &&
	    strtol(b->p + sizeof(head) - 1, NULL, 10) > STATETEXT_FORMAT)
		return "made by a newer driftpipe";
	/* As much as statetext_end adds. */
	statetext_end(&end, 0);
	if (b->len < end.len)
		return "cut short";
	tail = b->p + b->len - end.len;
	b->len -= end.len;
	end.len = 0;
	buf_put(&end, b->p, b->len);
	statetext_end(&end, 0);
	if (end.failed)
		err_memory();
	same = memcmp(tail, end.p + b->len, end.len - b->len) == 0;
	buf_free(&end);
	return same ? NULL : "damaged or cut short: its checksum is wrong";
}

void
statetext_close(struct buf *b)
{
	buf_put(b, "}", 2);
	if (b->failed)
		err_memory();
	b->len--;
}

void
statetext_open(struct statetext *t, const char *path)
{
	static const char *const names[] = {"tool", "options", "state"};
	struct json_paths paths = {0};
	struct json_span found[3];
	struct json_line line;
	const char *why;

	*t = (struct statetext){.text = {0}};
	why = atomic_read(path, &t->text);
	if (why == NULL)
		why = statetext_check(&t->text);
	if (why != NULL)
		err_die("%s: %s; it is not read", path, why);
	for (int i = 0; i < 3; i++)
		jsonpath_add(&paths, names[i]);
	statetext_close(&t->text);
	if (jsonscan_line(t->text.p, t->text.len, &paths, found, &line) < 0 ||
	    found[0].type != JSON_STRING || found[1].type != JSON_OBJECT ||
	    found[2].type != JSON_OBJECT)
		err_die("%s: not a state", path);
	t->tool = found[0];
	t->options = found[1];
	t->state = found[2];
}

char *
statetext_option(const struct json_span *options, const char *name)
{
	struct json_span value;
	char *text;

	if (!json_find(options, name, &value))
		return err_strdup("");
	text = err_malloc(value.len + 1);
	json_text(&value, text, value.len + 1);
	return text;
}
