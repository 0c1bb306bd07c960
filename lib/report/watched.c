#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/watched.h"

int
watched_add(struct watched *w, struct json_paths *ps, const char *name)
{
	char *copy;

	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->name[i], name) == 0)
			return 0;
	if (w->n == WATCHED_MOST) {
		w->full = 1;
		return -1;
	}
	copy = strdup(name);
	w->path[w->n] = copy != NULL ? jsonpath_add(ps, copy) : -1;
	if (w->path[w->n] < 0) {
		free(copy);
		return -1;
	}
	w->name[w->n++] = copy;
	return 0;
}

static int
is_word(const struct json_span *key, const char *const *words)
{
	for (; *words != NULL; words++)
		if (json_equals(key, *words, strlen(*words)))
			return 1;
	return 0;
}

/* Whether it is a detector's, or tells of no image at all. */
static int
is_other(const struct json_span *object)
{
	static const char *const signs[] = {
	    "alarm", "generation", "reason", "stage", NULL};
	struct json_span key, value;
	const char *at = NULL;

	while (json_next(object, &at, &key, &value))
		if (is_word(&key, signs))
			return 1;
	return 0;
}

/* Adds the numbers of an object; path[len] is the end of what leads to it. */
static void
look(struct watched *w, struct json_paths *ps, const struct json_span *object,
    char *path, size_t len, size_t depth)
{
	static const char *const known[] = {"seq", "time", "class", "truth",
	    "wrong", "label", "trailer", "image", "drifted", NULL};
	struct json_span key, value;
	const char *at = NULL;

	while (json_next(object, &at, &key, &value)) {
		if ((depth == 0 && is_word(&key, known)) || key.len < 3 ||
		    len + key.len > 200 || memchr(key.p, '\\', key.len) ||
		    memchr(key.p, '.', key.len))
			continue;
		snprintf(path + len, 256 - len, "%s%.*s", depth > 0 ? "." : "",
		    (int)key.len - 2, key.p + 1);
		if (value.type == JSON_NUMBER &&
		    (w->except == NULL || strcmp(path, w->except) != 0))
			watched_add(w, ps, path);
		if (value.type == JSON_OBJECT && depth < 6 && !is_other(&value))
			look(w, ps, &value, path, strlen(path), depth + 1);
	}
}

int
watched_look(struct watched *w, struct json_paths *ps, const char *line,
    const struct json_line *scan)
{
	unsigned *seen = &w->shape[scan->shape % 64];
	struct json_span whole = {line, scan->close + 1, JSON_OBJECT};
	size_t before = w->n, blank = strspn(line, " \t\r");
	char path[256] = "";

	if (w->named || (scan->shape != 0 && *seen == scan->shape))
		return 0;
	*seen = scan->shape;
	whole.p += blank;
	whole.len -= blank;
	look(w, ps, &whole, path, 0, 0);
	return w->n > before;
}

void
watched_read(
    const struct watched *w, const struct json_span *found, double *value)
{
	for (size_t i = 0; i < w->n; i++) {
		const struct json_span *s = &found[w->path[i]];

		if (s->type != JSON_NUMBER || json_number(s, &value[i]) < 0)
			value[i] = NAN;
	}
}

void
watched_free(struct watched *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->name[i]);
	w->n = 0;
}
