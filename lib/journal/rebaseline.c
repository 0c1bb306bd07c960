#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "journal/journalfiles.h"
#include "journal/rebaseline.h"
#include "json/intern.h"
#include "json/recmodel.h"
#include "tool/atomic.h"
#include "tool/err.h"
#include "tool/rec.h"

enum { FAULT, TRAILER, SKIPPED, MODEL, GROUP, PATHS };
enum { GROUPS = 1000000 };

/* The records that may be a reference, and how many each group has. */
struct pool {
	const struct rebaseline *of;
	struct json_paths paths;
	struct intern groups;
	unsigned long long *count; /* by group */
	unsigned long long *skip;  /* of these, the first so many */
	size_t known;
	struct recmodel model; /* of those taken */
	struct buf text;
	unsigned long long taken;
};

static void
open_pool(struct pool *p, const struct rebaseline *r)
{
	const char *const path[PATHS] = {"error", "trailer", "skipped", "model",
	    r->field != NULL ? r->field : "model"};

	*p = (struct pool){.of = r};
	for (int i = 0; i < PATHS; i++)
		jsonpath_add(&p->paths, path[i]);
	intern_init(&p->groups, GROUPS);
}

/* Whether the value of a group is written so: a string, or a number. */
static int
is_value(const struct json_span *value, const char *text)
{
	if (value->type == JSON_STRING)
		return json_equals(value, text, strlen(text));
	return value->len == strlen(text) &&
	       memcmp(value->p, text, value->len) == 0;
}

/* The group that the record counts for, or -1. */
static long
group_of(struct pool *p, const struct json_span *found)
{
	const struct json_span *value = &found[GROUP];
	const char *only = p->of->group;

	if (found[FAULT].type > JSON_FALSE ||
	    found[TRAILER].type > JSON_FALSE || found[SKIPPED].type > JSON_NULL)
		return -1;
	if (p->of->field == NULL)
		return 0;
	if (only != NULL && !is_value(value, only))
		return -1;
	/* Records without the field may be a reference for all. */
	return value->type <= JSON_NULL ? 0
					: 1 + intern_code(&p->groups, value);
}

static void
make_room(struct pool *p, size_t code)
{
	for (; p->known <= code; p->known++) {
		size_t n = (p->known + 1) * sizeof(*p->count);

		p->count = err_realloc(p->count, n);
		p->skip = err_realloc(p->skip, n);
		p->count[p->known] = p->skip[p->known] = 0;
	}
}

/* One of those that are the reference. */
static void
take(struct pool *p, const struct rec *in, const struct json_span *model)
{
	if (recmodel_differs(&p->model, model))
		err_die("%s:%llu: of model %.*s, after \"%.*s\": a reference "
			"is of one model",
		    in->file, in->number, (int)model->len, model->p,
		    (int)p->model.len, p->model.name);
	recmodel_learn(&p->model, model);
	buf_put(&p->text, in->line, in->len);
	buf_str(&p->text, "\n");
	p->taken++;
}

/* Counts the records of the files, or takes those that are not skipped. */
static void
read_files(
    struct pool *p, char **files, int n, int taking, struct recmodel *last)
{
	struct json_span found[JSON_PATHS];
	struct json_line line;
	struct rec in;
	long code;

	rec_open(&in, files, n, '\n');
	/* The end of a journal may have been torn by a kill. */
	in.skip_bad = last != NULL || strncmp(p->of->from, "last:", 5) == 0;
	while (rec_json(&in, &p->paths, found, &line)) {
		code = group_of(p, found);
		if (last != NULL && found[MODEL].type == JSON_STRING) {
			last->len = 0;
			recmodel_learn(last, &found[MODEL]);
		}
		if (code < 0)
			continue;
		make_room(p, (size_t)code);
		if (!taking)
			p->count[code]++;
		else if (p->skip[code] > 0)
			p->skip[code]--;
		else
			take(p, &in, &found[MODEL]);
	}
	rec_close(&in);
	if (p->text.failed)
		err_memory();
}

/* N of "last:N", or 0. */
static unsigned long long
last_of(const char *from)
{
	char *end;
	unsigned long long n;

	if (strncmp(from, "last:", 5) != 0)
		return 0;
	n = from[5] >= '0' && from[5] <= '9' ? strtoull(from + 5, &end, 10) : 0;
	if (n < REBASELINE_LEAST || *end != '\0' || n > 1000000000)
		err_die("'--rebaseline': not last:N, N from %d: '%s'",
		    REBASELINE_LEAST, from);
	return n;
}

/* Each group has what it needs. */
static void
check_counts(struct pool *p, unsigned long long want, const char *where)
{
	size_t groups = 0;

	for (size_t i = 0; i < p->known; i++) {
		struct buf name = {0};

		if (p->count[i] == 0)
			continue;
		groups++;
		p->skip[i] = p->count[i] > want ? p->count[i] - want : 0;
		if (p->count[i] >= want)
			continue;
		if (i > 0)
			intern_put(&p->groups, i - 1, &name);
		err_die("%s: %llu records%s%.*s are too few: %llu are needed",
		    where, p->count[i], i > 0 ? " of " : "", (int)name.len,
		    name.len > 0 ? name.p : "", want);
	}
	if (groups == 0)
		err_die("%s: no record%s%s to make a reference of", where,
		    p->of->group ? " of " : "",
		    p->of->group ? p->of->group : "");
}

static void
put_entry(const struct pool *p, unsigned long long last, struct buf *b)
{
	const struct rebaseline *r = p->of;
	struct buf text = {0};

	buf_str(&text, "a new normal");
	if (r->group != NULL) {
		buf_str(&text, " for ");
		buf_str(&text, r->group);
	}
	buf_str(&text, ": ");
	buf_int(&text, (long long)p->taken);
	buf_str(&text, last > 0 ? " of the last records" : " records of ");
	buf_str(&text, last > 0 ? "" : r->from);
	buf_str(b, "{\"time\":");
	buf_real(b, (double)(long long)(clock_wall() * 1000) / 1000);
	buf_str(b, ",\"rebaseline\":{\"records\":");
	buf_int(b, (long long)p->taken);
	buf_key_str(b, "from", r->from);
	if (r->group != NULL)
		buf_key_str(b, "group", r->group);
	if (p->model.len > 0) {
		buf_key(b, "model");
		buf_json(b, p->model.name, p->model.len);
	}
	buf_str(b, "},\"journal\":{\"text\":[");
	buf_json(b, text.p, text.len);
	buf_str(b, "]}}");
	if (text.failed || b->failed)
		err_memory();
	buf_free(&text);
}

void
rebaseline_make(const struct rebaseline *r, const char *path, struct buf *entry)
{
	unsigned long long last = last_of(r->from);
	struct recmodel now = {0};
	char **kept = NULL, *file[1] = {err_strdup(r->from)};
	int n = 0;
	struct pool p;

	if (last > 0 && r->journal == NULL)
		err_die("'--rebaseline': last:N needs '--journal'");
	open_pool(&p, r);
	if (r->journal != NULL)
		kept = journalfiles_list(r->journal, "records", &n);
	if (n > 0 && last == 0) {
		struct pool other;

		open_pool(&other, r);
		read_files(&other, kept, n, 0, &now);
	} else if (n > 0) {
		read_files(&p, kept, n, 0, &now);
	}
	if (last == 0)
		read_files(&p, file, 1, 0, NULL);
	check_counts(&p, last > 0 ? last : REBASELINE_LEAST,
	    last > 0 ? r->journal : r->from);
	if (last > 0)
		read_files(&p, kept, n, 1, NULL);
	else {
		memset(p.skip, 0, p.known * sizeof(*p.skip));
		read_files(&p, file, 1, 1, NULL);
	}
	if (now.len > 0 && p.model.len > 0 &&
	    (now.len != p.model.len ||
		memcmp(now.name, p.model.name, now.len) != 0))
		err_die("%s: of model \"%.*s\", and the last record of "
			"\"%.*s\"",
		    r->from, (int)p.model.len, p.model.name, (int)now.len,
		    now.name);
	atomic_write(path, p.text.p, p.text.len, 0644);
	put_entry(&p, last, entry);
}
