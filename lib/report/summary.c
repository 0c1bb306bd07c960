#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/summary.h"
#include "report/sumstate.h"
#include "report/sumtext.h"
#include "run/statefile.h"
#include "run/statetext.h"
#include "tool/err.h"
#include "tool/out.h"

/* Raise it when cells or counts get another meaning. */
static const char form[] = "1";
enum { FIELD_NAME = 256, SAVES = 1000000 };
static const struct tool driftreport = {.name = "driftreport"};

static struct summary_save *
add_save(struct summary *m)
{
	struct summary_save *x;

	m->save = err_realloc(m->save, (m->n + 1) * sizeof(*m->save));
	x = &m->save[m->n++];
	*x = (struct summary_save){
	    .path = m->path, .operand = m->operand, .begin = NAN};
	return x;
}

/* Reads one to see that it is sound, and keeps its text. */
static void
read_save(struct summary *m, struct store *s)
{
	const char *text = s->p + (s->p < s->end && *s->p == ',');
	struct summary_save *x = add_save(m);
	struct reading r;

	sumstate_open(&r, m->fields);
	sumstate(&r, m->fields, s);
	x->begin = sumstate_begin(&r);
	for (size_t i = 0; i < r.subjects; i++)
		x->records += r.subject[i]->records;
	if (s->why == NULL)
		buf_put(&x->text, text, (size_t)(s->p - text));
	if (x->text.failed)
		store_no_memory(s);
	reading_close(&r);
}

static void
write_save(const struct summary_save *x, struct store *s)
{
	if (s->comma)
		buf_str(s->out, ",");
	buf_put(s->out, x->text.p, x->text.len);
	s->comma = 1;
}

/* The first file says which fields there are. */
static void
put_field(struct summary *m, struct store *s, size_t i)
{
	char name[FIELD_NAME] = "";

	if (m->field[i] != NULL && strlen(m->field[i]) < sizeof(name))
		strcpy(name, m->field[i]);
	sumtext(s, NULL, name, sizeof(name));
	if (!store_reading(s) || s->why != NULL)
		return;
	if (m->field[i] == NULL)
		m->field[i] = err_strdup(name);
	else if (strcmp(m->field[i], name) != 0)
		store_refuse(s, "other fields than those of the first file");
}

void
summary_state(struct summary *m, struct store *s)
{
	size_t fields = m->fields, n = m->n;

	store_size(s, "fields", &fields, 0, WATCHED_MOST);
	if (store_reading(s) && m->fields > 0 && fields != m->fields)
		store_refuse(s, "other fields than those of the first file");
	store_open(s, "field", '[');
	for (size_t i = 0; i < fields && s->why == NULL; i++)
		put_field(m, s, i);
	store_close(s, ']');
	if (s->why == NULL)
		m->fields = fields;
	store_size(s, "saves", &n, 0, SAVES);
	store_open(s, "save", '[');
	for (size_t i = 0; i < n && s->why == NULL; i++)
		if (store_reading(s))
			read_save(m, s);
		else
			write_save(&m->save[i], s);
	store_close(s, ']');
}

static void
walk(void *ctx, struct store *s)
{
	summary_state(ctx, s);
}

/* One of the options of a file, which has to be that of those before it. */
static void
compare(const struct summary *m, char **known, const char *name, char *is)
{
	if (*known == NULL) {
		*known = is;
		return;
	}
	if (strcmp(*known, is) != 0)
		err_die("%s: made with %s '%s', and %s with '%s'", m->path,
		    name, is, m->first, *known);
	free(is);
}

static void
set_up(void *ctx, const struct json_span *options)
{
	struct summary *m = ctx;
	char *of = statetext_option(options, "form");

	if (strcmp(of, form) != 0)
		err_die("%s: a summary of form '%s', of another version of "
			"driftreport; this one has form '%s'",
		    m->path, of, form);
	free(of);
	compare(m, &m->group, "the group", statetext_option(options, "group"));
	compare(m, &m->reference, "the reference",
	    statetext_option(options, "reference"));
}

void
summary_read(struct summary *m, const char *path, int operand)
{
	const struct state_setup of = {
	    .tool = &driftreport, .walk = walk, .ctx = m};

	m->path = path;
	m->first = m->first != NULL ? m->first : path;
	m->operand = operand;
	statefile_read(&of, path, set_up);
}

void
summary_take(struct summary *m, struct reading *r)
{
	struct summary_save *x;
	struct store s;

	m->group = err_strdup(r->setup.group != NULL ? r->setup.group : "");
	m->reference = statefile_digest(r->setup.reference);
	m->fields = r->file.fields;
	for (size_t i = 0; i < m->fields; i++)
		m->field[i] = err_strdup(r->watched.name[i]);
	for (size_t i = 0; i < r->subjects; i++)
		if (r->subject[i]->records > UINT32_MAX)
			err_die("'--save': more records of a stream than a "
				"summary can have: %llu",
			    r->subject[i]->records);
	sumstate_fold(r);
	x = add_save(m);
	store_write(&s, &x->text);
	sumstate(r, m->fields, &s);
	if (x->text.failed)
		err_memory();
}

static int
by_time(const void *a, const void *b)
{
	const struct summary_save *x = a, *y = b;
	size_t n = x->text.len < y->text.len ? x->text.len : y->text.len;
	int order;

	if (isnan(x->begin) != isnan(y->begin))
		return isnan(x->begin) ? 1 : -1;
	if (x->begin < y->begin || x->begin > y->begin)
		return x->begin < y->begin ? -1 : 1;
	order = memcmp(x->text.p, y->text.p, n);
	if (order != 0)
		return order;
	return (x->text.len > y->text.len) - (x->text.len < y->text.len);
}

void
summary_sort(struct summary *m)
{
	if (m->n > 1)
		qsort(m->save, m->n, sizeof(*m->save), by_time);
	/* Those without records can't be told apart, and add nothing. */
	for (size_t i = 1; i < m->n; i++)
		if (by_time(&m->save[i - 1], &m->save[i]) == 0 &&
		    m->save[i].records > 0)
			err_die("%s: the same records as in %s: they would "
				"count twice",
			    m->save[i].path, m->save[i - 1].path);
}

void
summary_write(struct summary *m, const char *path)
{
	const struct state_origin with[] = {{"form", form}, {"group", m->group},
	    {"reference", m->reference}, {0}};
	const struct state_setup of = {
	    .tool = &driftreport, .made_with = with, .walk = walk, .ctx = m};
	struct buf b = {0};

	if (path != NULL) {
		statefile_save(&of, path);
		return;
	}
	statefile_put(&of, &b);
	out_write(b.p, b.len);
	buf_free(&b);
}

/* Whether the page has what these were made with. */
static void
check(const struct summary *m, const struct reading *r)
{
	const char *file = r->setup.reference, *path = m->save[0].path;
	char *digest;

	if (r->setup.compare)
		err_die("%s: a summary has no sample for '--compare'", path);
	if (file == NULL)
		err_die("%s: made with a reference (%s): name it with "
			"'--reference'",
		    path, m->reference);
	digest = statefile_digest(file);
	if (strcmp(digest, m->reference) != 0)
		err_die("%s: made with another reference: %s, and %s is %s",
		    path, m->reference, file, digest);
	free(digest);
	if (r->setup.group != NULL && m->group[0] == '\0')
		err_die("%s: made without '--group', not with '%s'", path,
		    r->setup.group);
	if (r->setup.group != NULL && strcmp(r->setup.group, m->group) != 0)
		err_die("%s: made with '--group %s', not '%s'", path, m->group,
		    r->setup.group);
}

/* The number of each field in the reading, which may look at fewer. */
static void
find_fields(const struct summary *m, const struct reading *r, size_t *field)
{
	for (size_t i = 0; i < m->fields; i++) {
		field[i] = WATCHED_MOST;
		for (size_t k = 0; k < r->file.fields; k++)
			if (strcmp(m->field[i], r->watched.name[k]) == 0)
				field[i] = k;
	}
}

void
summary_join(struct summary *m, struct reading *r, struct subject *const *only)
{
	size_t field[WATCHED_MOST];

	if (m->n == 0)
		return;
	summary_sort(m);
	check(m, r);
	find_fields(m, r, field);
	for (size_t i = 0; i < m->n; i++) {
		const struct summary_save *x = &m->save[i];
		struct reading next;
		struct store s;
		const char *why;

		sumstate_open(&next, m->fields);
		store_read(&s, x->text.p, x->text.len);
		sumstate(&next, m->fields, &s);
		if (only != NULL)
			r->only = only[x->operand];
		why = sumstate_join(r, &next, field);
		if (why != NULL)
			err_die("%s: %s", x->path, why);
		reading_close(&next);
	}
	if (only != NULL)
		r->only = NULL;
}

void
summary_free(struct summary *m)
{
	for (size_t i = 0; i < m->n; i++)
		buf_free(&m->save[i].text);
	for (size_t i = 0; i < WATCHED_MOST; i++)
		free(m->field[i]);
	free(m->save);
	free(m->group);
	free(m->reference);
	*m = (struct summary){0};
}
