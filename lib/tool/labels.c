#include <stdlib.h>
#include <string.h>

#include "tool/err.h"
#include "tool/labels.h"
#include "tool/text.h"
#include "base/utf8.h"

/* The length of a line without the blanks at its end. */
static size_t
trimmed(const char *p, size_t len)
{
	while (len > 0 && strchr(" \t\r", p[len - 1]) != NULL)
		len--;
	return len;
}

static void
check_name(const char *path, size_t line, const char *p, size_t len)
{
	size_t k;

	if (memchr(p, '\r', len) != NULL)
		err_die(
		    "%s:%zu: holds a CR: lines end in LF or CR LF", path, line);
	for (; len > 0; p += k, len -= k) {
		k = utf8_length(p, len);
		if (k == 0 || *p == '\0')
			err_die("%s:%zu: not UTF-8 text", path, line);
	}
}

static void
add_name(struct labels *l, size_t *cap, char *name)
{
	if (l->n == *cap) {
		*cap = *cap ? 2 * *cap : 16;
		l->name = err_realloc(l->name, *cap * sizeof(*l->name));
	}
	l->name[l->n++] = name;
}

void
labels_load(struct labels *l, const char *path)
{
	size_t cap = 0, line = 0, blank = 0;
	char *p, *end, *last;

	*l = (struct labels){0};
	text_read(path, &l->text);
	last = l->text.p + l->text.len;
	for (p = l->text.p; p < last; p = end + 1) {
		size_t len;

		line++;
		end = memchr(p, '\n', (size_t)(last - p));
		if (end == NULL)
			end = last;
		len = trimmed(p, (size_t)(end - p));
		if (len == 0 && blank == 0)
			blank = line;
		if (len == 0)
			continue;
		if (blank > 0)
			err_die("%s:%zu: blank line", path, blank);
		check_name(path, line, p, len);
		p[len] = '\0';
		add_name(l, &cap, p);
	}
	if (l->n == 0)
		err_die("%s: has no labels", path);
}

void
labels_fit(struct labels *l, const char *path, size_t classes, const char *cfg)
{
	if (l->n < classes)
		err_die("%s: has %zu labels, but '%s' has %zu classes", path,
		    l->n, cfg, classes);
	if (l->n > classes)
		err_warn("%s: has %zu labels: the first %zu count, as '%s' has "
			 "so many classes",
		    path, l->n, classes, cfg);
	l->n = classes;
}

void
labels_free(struct labels *l)
{
	free(l->name);
	buf_free(&l->text);
	*l = (struct labels){0};
}
