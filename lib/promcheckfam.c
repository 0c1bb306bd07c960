#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "promcheckfam.h"

static const char *const suffixes[] = {"_sum", "_count", "_bucket"};
enum { SUFFIXES = 3, OF_SUMMARY = 2 };

/* What node_exporter serves itself: of the same name, ours would be lost. */
static const char *const its_own[] = {"go_gc_", "go_memstats_",
    "node_scrape_collector_", "node_textfile_", "process_",
    "promhttp_metric_handler_"};

static struct promline_text
name_of(const struct promcheck *c, size_t i)
{
	struct promline_text name;

	name.p = intern_text(&c->names, i, &name.len);
	return name;
}

/* The index of the family of exactly that name; -1 when memory ends. */
static long
entry(struct promcheck *c, const struct promline_text *name)
{
	long i = intern_bytes(&c->names, name->p, name->len);
	struct promcheck_family *grown;

	if (i >= 0 && (size_t)i == c->families) {
		grown = promcheck_grow(
		    c, c->family, c->families, sizeof(*grown));
		if (grown == NULL)
			return -1;
		c->family = grown;
		c->family[c->families++] = (struct promcheck_family){0};
	}
	c->failed |= i < 0;
	return i;
}

/* The histogram or summary of this file that the name is a part of, or -1. */
static long
whole_of(struct promcheck *c, const struct promline_text *name)
{
	for (int k = 0; k < SUFFIXES; k++) {
		struct promline_text base = *name;
		size_t len = strlen(suffixes[k]);
		const struct promcheck_family *f;
		long i;

		if (name->len <= len ||
		    memcmp(name->p + name->len - len, suffixes[k], len) != 0)
			continue;
		base.len -= len;
		i = entry(c, &base);
		if (i < 0)
			return -1;
		f = &c->family[i];
		if (f->number == c->number &&
		    (f->now.type == PROMCHECK_HISTOGRAM ||
			(f->now.type == PROMCHECK_SUMMARY && k < OF_SUMMARY)))
			return i;
	}
	return -1;
}

struct promcheck_family *
promcheck_family(struct promcheck *c, const struct promline_text *name)
{
	long i = entry(c, name), whole;
	struct promcheck_family *f;

	if (i < 0)
		return NULL;
	if (c->family[i].number == c->number)
		return &c->family[i];
	whole = whole_of(c, name);
	if (c->failed)
		return NULL;
	if (whole >= 0)
		return &c->family[whole];
	f = &c->family[i];
	f->number = c->number;
	f->now = (struct promcheck_said){.file = c->file};
	return f;
}

static enum promcheck_type
type_of(const struct promline_text *s)
{
	static const char *const words[] = {
	    "", "untyped", "gauge", "counter", "summary", "histogram"};

	for (int i = PROMCHECK_UNTYPED; i <= PROMCHECK_HISTOGRAM; i++)
		if (s->len == strlen(words[i]) &&
		    strncasecmp(s->p, words[i], s->len) == 0)
			return (enum promcheck_type)i;
	return PROMCHECK_NONE;
}

void
promcheck_said(struct promcheck *c, const struct promline *l, size_t line)
{
	struct promcheck_family *f = promcheck_family(c, &l->name);
	const char *why = NULL;

	if (f == NULL || l->text.len == 0)
		return;
	if (l->kind == PROMLINE_HELP) {
		if (f->now.help.len > 0)
			why = "HELP twice";
		else
			f->now.help = l->text;
	} else if (f->now.type != PROMCHECK_NONE) {
		why = "TYPE twice";
	} else if (f->now.line > 0) {
		why = "TYPE behind the first sample";
	} else {
		f->now.type = type_of(&l->text);
		if (f->now.type == PROMCHECK_NONE)
			why = "an unknown TYPE";
	}
	if (why != NULL)
		promcheck_complain(c, c->file, line, "%s: '%.*s'", why,
		    (int)l->name.len, l->name.p);
}

void
promcheck_point(struct promcheck *c, const struct promcheck_point *point)
{
	struct promcheck_point *grown = promcheck_grow(
	    c, c->point, c->points, sizeof(*grown));

	if (grown == NULL)
		return;
	c->point = grown;
	c->point[c->points++] = *point;
}

static int
by_group(const void *a, const void *b)
{
	const struct promcheck_point *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	return (x->le > y->le) - (x->le < y->le);
}

/* One histogram, its points sorted. */
static void
check_histogram(struct promcheck *c, const struct promcheck_point *p, size_t n)
{
	const struct promcheck_point *part[] = {NULL, NULL, NULL};
	size_t len;
	const char *name = intern_text(&c->groups, (size_t)p->group, &len);
	const char *labels = memchr(name, ',', len);
	int shown = (int)(labels != NULL ? (size_t)(labels - name) : len);
	double last = 0;
	size_t line = p->line;

	for (size_t i = 0; i < n; i++) {
		part[p[i].part] = &p[i];
		if (p[i].part != PROMCHECK_BUCKET)
			continue;
		if (!(p[i].value >= 0) || p[i].value != floor(p[i].value))
			promcheck_complain(c, c->file, p[i].line,
			    "a bucket that is not a whole number: '%.*s'",
			    shown, name);
		else if (p[i].value < last)
			promcheck_complain(c, c->file, p[i].line,
			    "buckets that fall: '%.*s'", shown, name);
		last = p[i].value;
	}
	if (part[0] == NULL || part[0]->le != (double)INFINITY)
		promcheck_complain(c, c->file, line,
		    "a histogram without bucket '+Inf': '%.*s'", shown, name);
	if (part[PROMCHECK_SUM] == NULL)
		promcheck_complain(c, c->file, line,
		    "a histogram without '_sum': '%.*s'", shown, name);
	if (part[PROMCHECK_COUNT] == NULL)
		promcheck_complain(c, c->file, line,
		    "a histogram without '_count': '%.*s'", shown, name);
	else if (part[0] != NULL && part[PROMCHECK_COUNT]->value != last)
		promcheck_complain(c, c->file, part[PROMCHECK_COUNT]->line,
		    "'_count' is not the last bucket: '%.*s'", shown, name);
}

void
promcheck_histograms(struct promcheck *c)
{
	size_t n;

	if (c->points > 0)
		qsort(c->point, c->points, sizeof(*c->point), by_group);
	for (size_t i = 0; i < c->points; i += n) {
		for (n = 1; i + n < c->points; n++)
			if (c->point[i + n].group != c->point[i].group)
				break;
		check_histogram(c, &c->point[i], n);
	}
}

static int
same_type(const struct promcheck_said *a, const struct promcheck_said *b)
{
	return a->type == b->type ||
	       (a->type <= PROMCHECK_UNTYPED && b->type <= PROMCHECK_UNTYPED);
}

static void
compare_with_first(struct promcheck *c, size_t i)
{
	const struct promcheck_family *f = &c->family[i];
	struct promline_text name = name_of(c, i);
	const char *what = !promline_equal(&f->now.help, &f->first.help)
			       ? "HELP"
			       : "TYPE";

	if (*what == 'H' || !same_type(&f->now, &f->first))
		promcheck_complain(c, c->file, f->now.line,
		    "another %s than in %s, which makes node_exporter drop one: '%.*s'",
		    what, f->first.file, (int)name.len, name.p);
}

void
promcheck_compare(struct promcheck *c)
{
	for (size_t i = 0; i < c->families; i++) {
		struct promcheck_family *f = &c->family[i];
		struct promline_text name = name_of(c, i);

		if (f->number != c->number || f->now.line == 0)
			continue;
		if (f->first.line > 0)
			compare_with_first(c, i);
		else
			f->first = f->now;
		for (size_t k = 0; k < sizeof(its_own) / sizeof(*its_own); k++)
			if (name.len > strlen(its_own[k]) &&
			    memcmp(name.p, its_own[k], strlen(its_own[k])) == 0)
				promcheck_complain(c, c->file, f->now.line,
				    "a name of node_exporter's own: '%.*s'",
				    (int)name.len, name.p);
	}
}

/* A metric that has the name of a part of a histogram or summary. */
static void
check_part(struct promcheck *c, size_t whole, int k)
{
	struct promline_text name = name_of(c, whole);
	struct buf part = {0};
	const struct promcheck_said *said;
	long i;

	buf_put(&part, name.p, name.len);
	buf_str(&part, suffixes[k]);
	c->failed |= part.failed;
	i = part.failed ? -1
			: entry(c, &(struct promline_text){part.p, part.len});
	if (i >= 0 && c->family[i].first.line > 0) {
		said = &c->family[whole].first;
		promcheck_complain(c, c->family[i].first.file,
		    c->family[i].first.line,
		    "the name of a part of that in %s:%zu: '%.*s'", said->file,
		    said->line, (int)part.len, part.p);
	}
	buf_free(&part);
}

void
promcheck_end(struct promcheck *c)
{
	size_t n = c->families;

	for (size_t i = 0; i < n && !c->failed; i++) {
		const struct promcheck_said *said = &c->family[i].first;
		int parts = said->line == 0                     ? 0
			    : said->type == PROMCHECK_HISTOGRAM ? SUFFIXES
			    : said->type == PROMCHECK_SUMMARY   ? OF_SUMMARY
								: 0;

		for (int k = 0; k < parts && !c->failed; k++)
			check_part(c, i, k);
	}
}

void
promcheck_free(struct promcheck *c)
{
	intern_free(&c->names);
	intern_free(&c->series);
	intern_free(&c->groups);
	buf_free(&c->key);
	free(c->family);
	free(c->place);
	free(c->point);
}
