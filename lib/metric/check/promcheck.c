#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "metric/check/promcheck.h"
#include "tool/err.h"

enum { SHOWN = 80 };

void
promcheck_init(struct promcheck *c)
{
	*c = (struct promcheck){0};
	promfamily_init(&c->families, &c->say);
	promhist_init(&c->hist, &c->say);
	intern_init(&c->series, INT_MAX - 1);
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
	if (c->key.failed)
		err_memory();
}

/* Notes the series in c->key, unless it is there already. */
static void
note_series(struct promcheck *c, const struct promline *l, size_t line)
{
	long code = intern_bytes(&c->series, c->key.p, c->key.len);

	if (code < 0)
		err_memory();
	if ((size_t)code < c->places) {
		promsay(&c->say, line,
		    "a series twice, first in %s:%zu: '%.*s'",
		    c->place[code].file, c->place[code].line, shown(&l->name),
		    l->name.p);
		return;
	}
	if (c->places == c->room) {
		c->room = c->room ? c->room * 2 : 64;
		c->place = err_realloc(c->place, c->room * sizeof(*c->place));
	}
	c->place[c->places++] = (struct promcheck_place){c->say.file, line};
}

/* What follows the family's name: "", "_sum" ... */
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
	struct promhist_point point = {.value = l->value, .line = line};

	make_key(c, family, l, "le", 0, &point.le);
	point.group = promhist_group(&c->hist, c->key.p, c->key.len);
	point.part = promline_is(&suffix, "_sum")     ? PROMHIST_SUM
		     : promline_is(&suffix, "_count") ? PROMHIST_COUNT
						      : PROMHIST_BUCKET;
	if (suffix.len == 0)
		promsay(&c->say, line,
		    "a histogram has no series without a suffix: '%.*s'",
		    shown(&l->name), l->name.p);
	else if (point.part == PROMHIST_BUCKET && isnan(point.le))
		promsay(&c->say, line,
		    "a bucket without a number as label 'le': '%.*s'",
		    shown(&l->name), l->name.p);
	else
		promhist_add(&c->hist, &point);
}

static void
add_sample(struct promcheck *c, const struct promline *l, size_t line)
{
	struct promline_text name;
	struct promfamily *f = promfamily_find(&c->families, &l->name);
	double bound;
	const char *number;

	c->samples++;
	if (f->now.line == 0)
		f->now.line = line;
	name = promfamily_name(&c->families, f);
	if (f->now.type == PROMFAMILY_COUNTER && !(l->value >= 0))
		promsay(&c->say, line,
		    "a counter that is not 0 or more: '%.*s'", shown(&name),
		    name.p);
	if (f->now.type == PROMFAMILY_HISTOGRAM)
		add_point(c, l, &name, line);
	number = f->now.type == PROMFAMILY_HISTOGRAM ? "le"
		 : f->now.type == PROMFAMILY_SUMMARY ? "quantile"
						     : NULL;
	make_key(c, &l->name, l, number, 1, &bound);
	if (f->now.type == PROMFAMILY_SUMMARY && l->name.len == name.len &&
	    isnan(bound))
		promsay(&c->say, line,
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
			promsay(&c->say, line, "%s: '%.*s'", why,
			    shown(&l.subject), l.subject.p);
		else
			promsay(&c->say, line, "%s", why);
	} else if (l.kind == PROMLINE_SAMPLE) {
		qsort(l.label, l.labels, sizeof(*l.label), by_name);
		add_sample(c, &l, line);
	} else if (l.kind != PROMLINE_NOTHING) {
		promfamily_said(&c->families, &l, line);
	}
}

void
promcheck_file(
    struct promcheck *c, const char *name, const char *text, size_t len)
{
	const char *p = text;
	size_t line = 0;

	c->say.file = name;
	c->samples = 0;
	promfamily_begin(&c->families);
	while (len > 0) {
		const char *stop = memchr(p, '\n', len);
		size_t n = stop != NULL ? (size_t)(stop - p) : len;

		line++;
		if (stop == NULL)
			promsay(&c->say, line, "no newline at the end");
		check_line(c, p, n, line);
		n += stop != NULL;
		p += n;
		len -= n;
	}
	if (c->samples == 0)
		promsay(&c->say, line + (line == 0),
		    "no series, and yet the file looks fresh");
	promhist_end(&c->hist);
	promfamily_compare(&c->families);
}

void
promcheck_end(struct promcheck *c)
{
	promfamily_end(&c->families);
}

void
promcheck_free(struct promcheck *c)
{
	promfamily_free(&c->families);
	promhist_free(&c->hist);
	intern_free(&c->series);
	buf_free(&c->key);
	free(c->place);
}
