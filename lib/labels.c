#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "labels.h"
#include "utf8.h"

enum { LARGEST = 16 << 20 };

static char *
read_whole(const char *path, size_t *len)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t cap = 0, n = 0;

	if (f == NULL)
		err_die("%s: %m", path);
	do {
		cap = cap ? 2 * cap : 4096;
		text = err_realloc(text, cap + 1);
		n += fread(text + n, 1, cap - n, f);
	} while (n == cap && cap < LARGEST);
	if (ferror(f))
		err_die("%s: %m", path);
	if (n == cap)
		err_die("%s: larger than %d MiB", path, LARGEST >> 20);
	fclose(f);
	text[n] = '\0';
	*len = n;
	return text;
}

static void
check(const char *path, size_t line, const char *p, size_t len)
{
	size_t k;

	if (len == 0)
		err_die("%s:%zu: empty line", path, line);
	for (; len > 0; p += k, len -= k) {
		k = utf8_length(p, len);
		if (k == 0 || *p == '\0')
			err_die("%s:%zu: not UTF-8 text", path, line);
	}
}

void
labels_load(struct labels *l, const char *path)
{
	size_t left, cap = 0;
	char *p, *end;

	*l = (struct labels){0};
	p = l->text = read_whole(path, &left);
	if (left == 0)
		err_die("%s: empty file", path);
	for (; left > 0; p = end + 1) {
		size_t len;

		end = memchr(p, '\n', left);
		if (end == NULL)
			end = p + left;
		left -= (size_t)(end - p) + (left > (size_t)(end - p));
		len = (size_t)(end - p);
		if (len > 0 && p[len - 1] == '\r')
			len--;
		check(path, l->n + 1, p, len);
		p[len] = '\0';
		if (l->n == cap) {
			cap = cap ? 2 * cap : 16;
			l->name = err_realloc(l->name, cap * sizeof(*l->name));
		}
		l->name[l->n++] = p;
	}
}

void
labels_free(struct labels *l)
{
	free(l->name);
	free(l->text);
	*l = (struct labels){0};
}
