#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "promcheckfam.h"

enum { MOST = 0x7ffffffe, MESSAGE = 400, SHOWN = 80 };

void
promcheck_init(struct promcheck *c, promcheck_say *say, void *arg)
{
	*c = (struct promcheck){.say = say, .arg = arg};
	intern_init(&c->names, MOST);
	intern_init(&c->series, MOST);
	intern_init(&c->groups, MOST);
}

void
promcheck_complain(
    struct promcheck *c, const char *file, size_t line, const char *fmt, ...)
{
	char text[MESSAGE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	for (char *p = text; *p != '\0'; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	c->found++;
	c->say(c->arg, file, line, text);
}

void *
promcheck_grow(struct promcheck *c, void *array, size_t n, size_t size)
{
	void *grown = array;

	if (n == 0 || (n & (n - 1)) == 0)
		grown = realloc(array, (n ? n * 2 : 1) * size);
	c->failed |= grown == NULL;
	return grown;
}

static int
shown(const struct promline_text *s)
{
	return s->len < SHOWN ? (int)s->len : SHOWN;
}

static int
by_name(const void *a, const void *b)
{
	const struct promline_text *x = &((const struct promline_label *)a)
					     ->name;
	const struct promline_text *y = &((const struct promline_label *)b)
					     ->name;
	size_t n = x->len < y->len ? x->len : y->len;
	int d = memcmp(x->p, y->p, n);

	return d != 0 ? d : (x->len > y->len) - (x->len < y->len);
}

/*
 * The series in its one form, in c->key: the labels sorted, those that are
 * empty left out, and the label that holds a number as that number, which is
 * in *bound, or else NAN. Without that label it is the group of a histogram.
 */
static void
make_key(struct promcheck *c, const struct promline_text *name,
    const struct promline *l, const char *number, int whole, double *bound)
{
	*bound = NAN;
	c->key.len = 0;
	buf_put(&c->key, name->p, name->len);
	for (size_t i = 0; i < l->labels; i++) {
		const struct promline_label *label = &l->label[i];
		int is_bound = number && promline_is(&label->name, number) &&
			       promline_number(&label->value, bound) == 0;

		if (label->value.len == 0 || (is_bound && !whole))
			continue;
		buf_put(&c->key, ",", 1);
		buf_put(&c->key, label->name.p, label->name.len);
		buf_put(&c->key, "=", 1);
		if (is_bound)
			buf_put(&c->key, bound, sizeof(*bound));
		else
			buf_put(&c->key, label->value.p, label->value.len);
		buf_put(&c->key, "\"", 1);
	}
	c->failed |= c->key.failed;
}

/* Notes the series in c->key, unless it is there already. */
static void
note_series(struct promcheck *c, const struct promline *l, size_t line)
{
	long code = c->failed ? -1
			      : intern_bytes(&c->series, c->key.p, c->key.len);
	struct promcheck_place *place;

	if (code < 0) {
		c->failed = 1;
		return;
	}
	if ((size_t)code < c->places) {
		place = &c->place[code];
		promcheck_complain(c, c->file, line,
		    "a series twice, first in %s:%zu: '%.*s'", place->file,
		    place->line, shown(&l->name), l->name.p);
		return;
	}
	place = promcheck_grow(c, c->place, c->places, sizeof(*place));
	if (place == NULL)
		return;
	c->place = place;
	c->place[c->places++] = (struct promcheck_place){c->file, line};
}

/* What stands behind the family's name: "", "_sum" ... */
static struct promline_text
suffix_of(const struct promline_text *name, const struct promline_text *family)
{
	return (struct promline_text){
	    name->p + family->len, name->len - family->len};
}

static void
add_point(struct promcheck *c, const struct promline *l,
    const struct promline_text *family, size_t line)
{
	struct promline_text suffix = suffix_of(&l->name, family);
	struct promcheck_point point = {.value = l->value, .line = line};

	make_key(c, family, l, "le", 0, &point.le);
	point.group = c->failed
			  ? -1
			  : intern_bytes(&c->groups, c->key.p, c->key.len);
	if (point.group < 0) {
		c->failed = 1;
		return;
	}
	point.part = promline_is(&suffix, "_sum")     ? PROMCHECK_SUM
		     : promline_is(&suffix, "_count") ? PROMCHECK_COUNT
						      : PROMCHECK_BUCKET;
	if (suffix.len == 0)
		promcheck_complain(c, c->file, line,
		    "a histogram has no series without a suffix: '%.*s'",
		    shown(&l->name), l->name.p);
	else if (point.part == PROMCHECK_BUCKET && isnan(point.le))
		promcheck_complain(c, c->file, line,
		    "a bucket without a number as label 'le': '%.*s'",
		    shown(&l->name), l->name.p);
	else
		promcheck_point(c, &point);
}

static void
add_sample(struct promcheck *c, const struct promline *l, size_t line)
{
	struct promline_text name;
	struct promcheck_family *f = promcheck_family(c, &l->name);
	size_t len;
	double bound;
	const char *number;

	if (f == NULL)
		return;
	c->samples++;
	if (f->now.line == 0)
		f->now.line = line;
	name.p = intern_text(&c->names, (size_t)(f - c->family), &len);
	name.len = len;
	if (f->now.type == PROMCHECK_COUNTER && !(l->value >= 0))
		promcheck_complain(c, c->file, line,
		    "a counter that is not 0 or more: '%.*s'", shown(&name),
		    name.p);
	if (f->now.type == PROMCHECK_HISTOGRAM)
		add_point(c, l, &name, line);
	number = f->now.type == PROMCHECK_HISTOGRAM ? "le"
		 : f->now.type == PROMCHECK_SUMMARY ? "quantile"
						    : NULL;
	make_key(c, &l->name, l, number, 1, &bound);
	if (f->now.type == PROMCHECK_SUMMARY && l->name.len == name.len &&
	    isnan(bound))
		promcheck_complain(c, c->file, line,
		    "a summary without a number as label 'quantile': '%.*s'",
		    shown(&name), name.p);
	note_series(c, l, line);
}

static void
check_line(struct promcheck *c, const char *p, size_t len, size_t line)
{
	struct promline l;
	const char *why = promline_read(&l, p, len);

	if (why != NULL) {
		if (l.subject.len > 0)
			promcheck_complain(c, c->file, line, "%s: '%.*s'", why,
			    shown(&l.subject), l.subject.p);
		else
			promcheck_complain(c, c->file, line, "%s", why);
	} else if (l.kind == PROMLINE_SAMPLE) {
		qsort(l.label, l.labels, sizeof(*l.label), by_name);
		add_sample(c, &l, line);
	} else if (l.kind != PROMLINE_NOTHING) {
		promcheck_said(c, &l, line);
	}
}

void
promcheck_file(
    struct promcheck *c, const char *name, const char *text, size_t len)
{
	const char *end = text + len, *p = text, *stop;
	size_t line = 0;

	c->file = name;
	c->number++;
	c->samples = c->points = 0;
	for (; p < end && !c->failed; p = stop + 1) {
		line++;
		stop = memchr(p, '\n', (size_t)(end - p));
		if (stop == NULL) {
			stop = end;
			promcheck_complain(
			    c, name, line, "no newline at the end");
		}
		check_line(c, p, (size_t)(stop - p), line);
	}
	if (c->samples == 0)
		promcheck_complain(c, name, line + (line == 0),
		    "no series, and yet the file looks fresh");
	if (!c->failed)
		promcheck_histograms(c);
	if (!c->failed)
		promcheck_compare(c);
}
