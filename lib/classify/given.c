#include <string.h>

#include "classify/given.h"
#include "tool/err.h"

/* What imgcls itself says of an image. */
static const char *const own[] = {"seq", "time", "image", "image_bytes",
    "truth", "model", "class", "label", "prob", "probs", "wrong", "top",
    "entropy", "pixels", "act", "error", "trailer", "barrier", "skipped"};

static void
check(const char *item)
{
	size_t n = strcspn(item, "=");
	const char *p;

	if (n == 0 || item[n] == '\0')
		err_die("'--set': not NAME=VALUE: '%s'", item);
	/* A key that needs escapes, or has a dot, no option could name. */
	for (p = item; p < item + n; p++)
		if ((unsigned char)*p < ' ' || strchr("\"\\.[]", *p) != NULL)
			err_die("'--set': not the name of a member: '%.*s'",
			    (int)n, item);
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (strlen(own[i]) == n && memcmp(own[i], item, n) == 0)
			err_die("'--set': imgcls writes '%s' itself", own[i]);
	for (p = item + n; (p = strchr(p, '%')) != NULL; p += 2)
		if (p[1] != 'd' && p[1] != '%')
			err_die(
			    "'--set': after '%%' only 'd' or '%%': '%s'", item);
}

void
given_open(struct given *g, const struct opt_list *list)
{
	*g = (struct given){.list = *list};
	for (size_t i = 0; i < list->n; i++)
		check(list->item[i]);
}

/* The last directory of a path, "." where there is none. */
static void
put_directory(struct buf *b, const char *path, size_t len)
{
	const char *end = memrchr(path, '/', len), *first;

	while (end > path && end[-1] == '/')
		end--;
	if (end == NULL) {
		buf_str(b, ".");
		return;
	}
	first = memrchr(path, '/', (size_t)(end - path));
	first = first != NULL ? first + 1 : path;
	buf_put(b, end > first ? first : "/",
	    end > first ? (size_t)(end - first) : 1);
}

/* An image at the top of an archive is where the archive is. */
static void
put_value(
    struct given *g, const char *form, const char *name, size_t len, size_t in)
{
	size_t from = memchr(name + in, '/', len - in) != NULL ? in : 0;

	g->value.len = 0;
	for (; *form != '\0'; form++) {
		if (*form != '%')
			buf_put(&g->value, form, 1);
		else if (*++form == 'd')
			put_directory(&g->value, name + from, len - from);
		else
			buf_str(&g->value, "%");
	}
}

void
given_put(
    struct given *g, const char *name, size_t len, size_t in, struct buf *b)
{
	for (size_t i = 0; i < g->list.n; i++) {
		const char *item = g->list.item[i];
		size_t n = strcspn(item, "=");

		g->name.len = 0;
		buf_put(&g->name, item, n);
		buf_put(&g->name, "", 1);
		put_value(g, item + n + 1, name, len, in);
		if (g->name.failed || g->value.failed)
			err_memory();
		buf_key(b, g->name.p);
		buf_json(b, g->value.p, g->value.len);
	}
}

void
given_free(struct given *g)
{
	buf_free(&g->name);
	buf_free(&g->value);
}
