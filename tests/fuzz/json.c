/*
 * Lines through the scanner, by itself and with a memory of shapes, which have
 * to agree with each other, and with Jansson wherever that takes as much.
 */
#include <stdlib.h>
#include <string.h>

/* Jansson has the same names for its types. */
#define JSON_NULL   OUR_NULL
#define JSON_FALSE  OUR_FALSE
#define JSON_TRUE   OUR_TRUE
#define JSON_STRING OUR_STRING
#define JSON_ARRAY  OUR_ARRAY
#define JSON_OBJECT OUR_OBJECT
#include "json/jsonshape.h"
#include "json/json.h"
#undef JSON_NULL
#undef JSON_FALSE
#undef JSON_TRUE
#undef JSON_STRING
#undef JSON_ARRAY
#undef JSON_OBJECT
#include <jansson.h>
#include "target.h"

/* By path: what is looked for, and by Jansson. */
static const char *const names[] = {"a", "b.c", "a"};
enum { PATHS = 3 };

static struct json_span found[PATHS], again[PATHS];

/* Jansson's own limits, and what it is stricter about. */
static int
is_its_limit(const json_error_t *e)
{
	enum json_error_code code = json_error_code(e);

	return code == json_error_numeric_overflow ||
	       code == json_error_null_character ||
	       code == json_error_null_byte_in_key ||
	       strstr(e->text, "invalid Unicode") != NULL;
}

static void
compare(const struct json_span *s, const json_t *want)
{
	static char text[1 << 20];
	double x;

	demand((want == NULL) == (s->type == JSON_NONE));
	if (want == NULL)
		return;
	demand(json_is_null(want) == (s->type == OUR_NULL));
	demand(json_is_object(want) == (s->type == OUR_OBJECT));
	demand(json_is_array(want) == (s->type == OUR_ARRAY));
	demand(json_is_true(want) == (s->type == OUR_TRUE));
	if (json_is_number(want)) {
		demand(json_number(s, &x) == 0);
		demand(x == json_number_value(want));
	}
	if (json_is_string(want)) {
		demand(json_text(s, text, sizeof(text)) ==
		       json_string_length(want));
		demand(memcmp(text, json_string_value(want),
			   json_string_length(want)) == 0);
	}
}

static void
ask_jansson(const char *text, size_t len, const struct json_line *line)
{
	json_error_t error;
	json_t *root = json_loadb(
	    text, len, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, &error);

	if (root == NULL) {
		demand(line->why != NULL || is_its_limit(&error));
		return;
	}
	if (line->why != NULL) {
		demand(!json_is_object(root) ||
		       strcmp(line->why, "nested too deep") == 0);
	} else {
		const json_t *a = json_object_get(root, "a");
		const json_t *b = json_object_get(root, "b");

		compare(&found[0], a);
		compare(&found[1], json_object_get(b, "c"));
	}
	json_decref(root);
}

/* All that stands in a value, to the end. */
static void
walk(const struct json_span *in)
{
	struct json_span key = {.type = JSON_NONE}, v;
	double *x = NULL;
	size_t room = 0, n;
	char text[16];

	if (in->type == OUR_STRING)
		json_text(in, text, sizeof(text));
	if (in->type == OUR_ARRAY) {
		json_numbers(in, &x, &room, &n);
		free(x);
	}
	if (in->type != OUR_OBJECT && in->type != OUR_ARRAY)
		return;
	for (const char *at = NULL; json_next(in, &at, &key, &v);) {
		demand(v.p + v.len <= in->p + in->len);
		walk(&v);
	}
}

static void
check_line(struct jsonshape *shape, const uint8_t *data, size_t len,
    const struct json_paths *ps)
{
	char *text = malloc(len + JSONSHAPE_SLACK);
	struct json_line line, fast;
	int verdict;

	demand(text != NULL);
	memcpy(text, data, len);
	memset(text + len, '0', JSONSHAPE_SLACK);
	text[len] = '\0';
	verdict = jsonscan_line(text, len, ps, found, &line);
	demand(verdict == jsonshape_scan(shape, text, len, ps, again, &fast));
	demand((verdict == 0) == (line.why == NULL));
	if (verdict == 0) {
		demand(line.close == fast.close && line.empty == fast.empty);
		for (int i = 0; i < PATHS; i++) {
			demand(found[i].type == again[i].type);
			demand(found[i].type == JSON_NONE ||
			       (found[i].p == again[i].p &&
				   found[i].len == again[i].len));
			if (found[i].type != JSON_NONE)
				walk(&found[i]);
		}
	}
	/* Jansson overlooks a NUL. */
	if (memchr(text, '\0', len) == NULL)
		ask_jansson(text, len, &line);
	else
		demand(verdict < 0);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct jsonshape shape;
	struct json_paths ps = {0};
	const uint8_t *end = data + size, *stop;

	for (int i = 0; i < PATHS; i++)
		jsonpath_add(&ps, names[i]);
	memset(&shape, 0, sizeof(shape));
	for (; data < end; data = stop + (stop < end)) {
		stop = memchr(data, '\n', (size_t)(end - data));
		if (stop == NULL)
			stop = end;
		check_line(&shape, data, (size_t)(stop - data), &ps);
	}
	return 0;
}
