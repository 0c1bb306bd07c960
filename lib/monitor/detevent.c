#include "json/jsonpath.h"
#include "json/jsonscan.h"
#include "monitor/detevent.h"
#include "tool/barrier.h"
#include "tool/err.h"
#include "tool/eventtext.h"

void
detevent_say(const struct rec *in, const struct buf *member, size_t object,
    const char *group, unsigned long long number)
{
	void (*say)(const char *, ...) = barrier_expected() ? err_warn
							    : err_info;
	const struct json_span detector = {
	    member->p + object, member->len - object, JSON_OBJECT};
	struct eventtext of = {.field = group, .number = number};
	struct json_paths paths = {0};
	struct json_span found[3];
	struct json_line line;
	struct buf text = {0};

	jsonpath_add(&paths, "seq");
	jsonpath_add(&paths, "image");
	jsonpath_add(&paths, group != NULL ? group : "seq");
	if (jsonscan_line(in->line, in->len, &paths, found, &line) < 0)
		return;
	of.seq = found[0];
	of.image = found[1];
	of.group = found[2];
	if (eventtext_put(&text, &of, &detector) && !text.failed)
		say("%.*s", (int)text.len, text.p);
	buf_free(&text);
}
