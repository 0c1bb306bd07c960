#include <stdio.h>
#include <stdlib.h>

#include "bus/newstream.h"
#include "json/json.h"
#include "json/jsonpath.h"
#include "json/jsonscan.h"
#include "tool/atomic.h"
#include "tool/err.h"

enum { TEXT = 256 };

/* The text of a member, with a NUL. Returns why there is none, or NULL. */
static const char *
find_text(struct buf *b, const char *member, char *text)
{
	struct json_paths path = {0};
	struct json_span found;
	struct json_line line;

	buf_put(b, "", 1);
	if (b->failed)
		err_memory();
	jsonpath_add(&path, member);
	if (jsonscan_line(b->p, b->len - 1, &path, &found, &line) < 0)
		return line.why;
	return found.type == JSON_STRING && json_text(&found, text, TEXT) > 0
		   ? NULL
		   : "has no such member";
}

enum jetstream_result
newstream_make(struct jetstream *js, const char *file)
{
	struct buf config = {0}, answer = {0};
	enum jetstream_result r;
	char name[TEXT], *subject, refused[TEXT];
	const char *why = atomic_read(file, &config);

	if (why != NULL)
		err_die("%s: %s", file, why);
	why = find_text(&config, "name", name);
	if (why != NULL)
		err_die("%s: 'name': %s", file, why);
	if (asprintf(&subject, "$JS.API.STREAM.CREATE.%s", name) < 0)
		err_memory();
	r = jetstream_request(js, subject, config.p, &answer);
	if (r == JETSTREAM_DONE &&
	    find_text(&answer, "error.description", refused) == NULL)
		err_die("stream '%s': %s", name, refused);
	free(subject);
	buf_free(&config);
	buf_free(&answer);
	return r;
}
