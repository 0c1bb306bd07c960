#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "metric/check/promfamily.h"
#include "tool/err.h"

static const char *const suffixes[] = {"_sum", "_count", "_bucket"};
enum { SUFFIXES = 3, OF_SUMMARY = 2 };

/* What node_exporter serves itself: of the same name, ours would be lost. */
static const char *const its_own[] = {"go_gc_", "go_memstats_",
    "node_scrape_collector_", "node_textfile_", "process_",
    "promhttp_metric_handler_"};

void
promfamily_init(struct promfamilies *p, struct promsay *say)
{
	*p = (struct promfamilies){.say = say};
	intern_init(&p->names, INT_MAX - 1);
}

void
promfamily_begin(struct promfamilies *p)
{
	p->number++;
}

struct promline_text
promfamily_name(const struct promfamilies *p, const struct promfamily *f)
{
	struct promline_text name;

	name.p = intern_text(&p->names, (size_t)(f - p->family), &name.len);
	return name;
}

/* The index of the family of exactly that name. */
static size_t
find_exact(struct promfamilies *p, const struct promline_text *name)
{
	long i = intern_bytes(&p->names, name->p, name->len);

	if (i < 0)
		err_memory();
	if ((size_t)i < p->n)
		return (size_t)i;
	if (p->n == p->room) {
		p->room = p->room ? p->room * 2 : 64;
		p->family = err_realloc(
		    p->family, p->room * sizeof(*p->family));
	}
	p->family[p->n++] = (struct promfamily){0};
	return (size_t)i;
}

/* The histogram or summary of this file that the name is a part of. */
static struct promfamily *
find_whole(struct promfamilies *p, const struct promline_text *name)
{
	for (int k = 0; k < SUFFIXES; k++) {
		struct promline_text base = *name;
		size_t len = strlen(suffixes[k]);
		struct promfamily *f;

		if (name->len <= len ||
		    memcmp(name->p + name->len - len, suffixes[k], len) != 0)
			continue;
		base.len -= len;
		f = &p->family[find_exact(p, &base)];
		if (f->number == p->number &&
		    (f->now.type == PROMFAMILY_HISTOGRAM ||
			(f->now.type == PROMFAMILY_SUMMARY && k < OF_SUMMARY)))
			return f;
	}
	return NULL;
}

struct promfamily *
promfamily_find(struct promfamilies *p, const struct promline_text *name)
{
	size_t i = find_exact(p, name);
	struct promfamily *f = &p->family[i];

	if (f->number == p->number)
		return f;
	f = find_whole(p, name);
	if (f != NULL)
		return f;
	f = &p->family[i]; /* find_whole may have moved it */
	f->number = p->number;
	f->now = (struct promfamily_said){.file = p->say->file};
	return f;
}

static enum promfamily_type
type_of(const struct promline_text *s)
{
	static const char *const words[] = {
	    "", "untyped", "gauge", "counter", "summary", "histogram"};

	for (int i = PROMFAMILY_UNTYPED; i <= PROMFAMILY_HISTOGRAM; i++)
		if (s->len == strlen(words[i]) &&
		    strncasecmp(s->p, words[i], s->len) == 0)
			return (enum promfamily_type)i;
	return PROMFAMILY_NONE;
}

void
promfamily_said(struct promfamilies *p, const struct promline *l, size_t line)
{
	struct promfamily *f = promfamily_find(p, &l->name);
	const char *why = NULL;

	if (l->text.len == 0)
		return;
	if (l->kind == PROMLINE_HELP) {
		if (f->now.help.len > 0)
			why = "HELP twice";
		else
			f->now.help = l->text;
	} else if (f->now.type != PROMFAMILY_NONE) {
		why = "TYPE twice";
	} else if (f->now.line > 0) {
		why = "TYPE after the first sample";
	} else {
		f->now.type = type_of(&l->text);
		if (f->now.type == PROMFAMILY_NONE)
			why = "an unknown TYPE";
	}
	if (why != NULL)
		promsay(p->say, line, "%s: '%.*s'", why, (int)l->name.len,
		    l->name.p);
}

static int
same_type(const struct promfamily_said *a, const struct promfamily_said *b)
{
	return a->type == b->type ||
	       (a->type <= PROMFAMILY_UNTYPED && b->type <= PROMFAMILY_UNTYPED);
}

static void
compare_with_first(struct promfamilies *p, size_t i)
{
	const struct promfamily *f = &p->family[i];
	struct promline_text name = promfamily_name(p, &p->family[i]);
	const char *what = !promline_equal(&f->now.help, &f->first.help)
			       ? "HELP"
			       : "TYPE";

	if (*what == 'H' || !same_type(&f->now, &f->first))
		promsay(p->say, f->now.line,
		    "another %s than in %s, which makes node_exporter drop one: '%.*s'",
		    what, f->first.file, (int)name.len, name.p);
}

void
promfamily_compare(struct promfamilies *p)
{
	for (size_t i = 0; i < p->n; i++) {
		struct promfamily *f = &p->family[i];
		struct promline_text name = promfamily_name(p, &p->family[i]);

		if (f->number != p->number || f->now.line == 0)
			continue;
		if (f->first.line > 0)
			compare_with_first(p, i);
		else
			f->first = f->now;
		for (size_t k = 0; k < sizeof(its_own) / sizeof(*its_own); k++)
			if (name.len > strlen(its_own[k]) &&
			    memcmp(name.p, its_own[k], strlen(its_own[k])) == 0)
				promsay(p->say, f->now.line,
				    "a name of node_exporter's own: '%.*s'",
				    (int)name.len, name.p);
	}
}

/* A metric that has the name of a part of a histogram or summary. */
static void
check_part(struct promfamilies *p, size_t whole, int k)
{
	struct promline_text name = promfamily_name(p, &p->family[whole]);
	const struct promfamily_said *first;
	struct buf part = {0};
	size_t i;

	buf_put(&part, name.p, name.len);
	buf_str(&part, suffixes[k]);
	if (part.failed)
		err_memory();
	i = find_exact(p, &(struct promline_text){part.p, part.len});
	first = &p->family[whole].first;
	if (p->family[i].first.line > 0)
		promsay_of(p->say, p->family[i].first.file,
		    p->family[i].first.line,
		    "the name of a part of that in %s:%zu: '%.*s'", first->file,
		    first->line, (int)part.len, part.p);
	buf_free(&part);
}

void
promfamily_end(struct promfamilies *p)
{
	size_t n = p->n;

	for (size_t i = 0; i < n; i++) {
		const struct promfamily_said *said = &p->family[i].first;
		int parts = said->line == 0                      ? 0
			    : said->type == PROMFAMILY_HISTOGRAM ? SUFFIXES
			    : said->type == PROMFAMILY_SUMMARY   ? OF_SUMMARY
								 : 0;

		for (int k = 0; k < parts; k++)
			check_part(p, i, k);
	}
}

void
promfamily_free(struct promfamilies *p)
{
	intern_free(&p->names);
	free(p->family);
}
