#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/path.h"
#include "tool/err.h"
#include "tool/opt.h"

/* The tool's own options, then the common ones. */
static struct {
	const struct opt *opt;
	enum opt_from from;
} all[OPT_MOST];
static int count, own;

/* The option that says which section is the tool's, or NULL. */
static const struct opt *naming;

static void
add_table(const struct tool *t, const struct opt *table)
{
	for (; table->name != NULL; table++) {
		if (count == OPT_MOST)
			err_die("more than %d options", OPT_MOST);
		if (table->value == (const void *)&t->instance)
			naming = table;
		all[count++].opt = table;
	}
}

void
opt_open(const struct tool *t, const struct opt *common)
{
	for (int i = 0; i < OPT_TABLES && t->tables[i] != NULL; i++)
		add_table(t, t->tables[i]);
	own = count;
	add_table(t, common);
}

const struct opt *
opt_at(int i)
{
	return i < count ? all[i].opt : NULL;
}

static int
index_of(const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(all[i].opt->name, name) == 0)
			return i;
	return -1;
}

const struct opt *
opt_find(const char *name)
{
	int i = index_of(name);

	return i >= 0 && i < own && all[i].opt != naming ? all[i].opt : NULL;
}

int
opt_in_file(const char *name)
{
	int i = index_of(name);

	return i >= 0 && all[i].from == OPT_FILE;
}

int
opt_given(const char *name)
{
	int i = index_of(name);

	return i >= 0 && all[i].from != OPT_DEFAULT;
}

void
opt_refuse(int condition, const char *name, const char *why)
{
	int i = index_of(name);

	if (!condition || i < 0)
		return;
	if (all[i].from == OPT_ARGV)
		err_die("'--%s': %s", name, why);
	if (all[i].from == OPT_FILE)
		err_info("'%s' of the file is not used: %s", name, why);
}

static void
set_number(const struct opt *o, const char *text, const char *where)
{
	double x;
	char *end;
	long long i = 0;

	errno = 0;
	if (o->type == OPT_INT) {
		i = strtoll(text, &end, 10);
		x = (double)i;
	} else {
		x = strtod(text, &end);
	}
	if (end == text || *end != '\0' || !isfinite(x))
		err_die("%s: not %s: '%s'", where,
		    o->type == OPT_INT ? "a whole number" : "a number", text);
	if (errno == ERANGE || x < o->min || x > o->max)
		err_die(
		    "%s: not in %g .. %g: '%s'", where, o->min, o->max, text);
	if (o->type == OPT_INT)
		*(long long *)o->value = i;
	else
		*(double *)o->value = x;
}

static void
set_flag(const struct opt *o, const char *text, const char *where)
{
	int yes = strcmp(text, "true") == 0;

	if (!yes && strcmp(text, "false") != 0)
		err_die("%s: not true or false: '%s'", where, text);
	*(int *)o->value = yes;
}

static void
set_choice(const struct opt *o, const char *text, const char *where)
{
	size_t len = strlen(text);
	const char *word = o->arg, *bar;

	for (int i = 0;; i++, word = bar + 1) {
		bar = strchrnul(word, '|');
		if ((size_t)(bar - word) == len &&
		    memcmp(word, text, len) == 0) {
			*(int *)o->value = i;
			return;
		}
		if (*bar == '\0')
			break;
	}
	err_die("%s: not one of %s: '%s'", where, o->arg, text);
}

/* A path in a file is relative to the file's directory. */
static const char *
resolve(const char *path, const char *base)
{
	size_t dir = base != NULL ? path_dir(base) : 0;
	struct buf b = {0};

	if (dir == 0 || *path == '/')
		return err_strdup(path);
	buf_put(&b, base, dir);
	buf_put(&b, path, strlen(path) + 1);
	if (b.failed)
		err_memory();
	return b.p;
}

static void
append(struct opt_list *list, const char *text)
{
	list->item = err_realloc(
	    list->item, (list->n + 1) * sizeof(*list->item));
	list->item[list->n++] = err_strdup(text);
}

void
opt_set(const struct opt *o, enum opt_from from, const char *text,
    const char *where, const char *base)
{
	int i = index_of(o->name);

	if (o->type == OPT_LIST && all[i].from != from)
		*(struct opt_list *)o->value = (struct opt_list){NULL, 0};
	if (*text == '\0' && (o->type == OPT_STRING || o->type == OPT_PATH ||
				 o->type == OPT_LIST))
		err_die("%s: is empty", where);
	/* The last one would hide the others, which may be all the input. */
	if (o->type == OPT_PATH && from == OPT_ARGV && all[i].from == from)
		err_die("%s: is given twice", where);
	all[i].from = from;
	switch (o->type) {
	case OPT_FLAG:
		set_flag(o, text, where);
		break;
	case OPT_INT:
	case OPT_REAL:
		set_number(o, text, where);
		break;
	case OPT_CHOICE:
		set_choice(o, text, where);
		break;
	case OPT_STRING:
		*(const char **)o->value = err_strdup(text);
		break;
	case OPT_PATH:
		*(const char **)o->value = resolve(text, base);
		break;
	case OPT_LIST:
		append(o->value, text);
		break;
	}
}

void
opt_put_value(struct buf *b, const struct opt *o)
{
	const struct opt_list *list = o->value;
	const char *word = o->arg, *text;

	switch (o->type) {
	case OPT_INT:
		buf_int(b, *(long long *)o->value);
		break;
	case OPT_REAL:
		if (!isnan(*(double *)o->value))
			buf_real(b, *(double *)o->value);
		break;
	case OPT_STRING:
	case OPT_PATH:
		text = *(const char **)o->value;
		if (text != NULL)
			buf_str(b, text);
		break;
	case OPT_CHOICE:
		for (int i = *(int *)o->value; i > 0; i--)
			word = strchr(word, '|') + 1;
		buf_put(b, word, strcspn(word, "|"));
		break;
	case OPT_LIST:
		for (size_t i = 0; i < list->n; i++) {
			buf_str(b, i > 0 ? ", " : "");
			buf_str(b, list->item[i]);
		}
		break;
	case OPT_FLAG:
		if (*(int *)o->value)
			buf_str(b, "true");
		break;
	}
}

static int
is_one_of(const char *name, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(name, *list) == 0)
			return 1;
	return 0;
}

void
opt_put(struct buf *b, const char *const *except)
{
	struct buf value = {0};

	for (int i = 0; i < own; i++) {
		if (is_one_of(all[i].opt->name, except))
			continue;
		value.len = 0;
		opt_put_value(&value, all[i].opt);
		buf_key(b, all[i].opt->name);
		buf_json(b, value.p, value.len);
	}
	buf_free(&value);
}
