#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "run/generation.h"
#include "run/parts.h"
#include "run/reference.h"
#include "run/repartition.h"
#include "run/splitstate.h"
#include "tool/atomic.h"
#include "tool/err.h"

/* Of the pipeline itself: its place in the input, and that of its journal. */
static const char own[] = "driftpipe-run.json",
		  journal[] = "driftpipe-run-journal.json";

struct run {
	const char *dir;
	unsigned from, to; /* parts; from 0 is a state without */
	size_t states;     /* that there are: from, or 1 */
	char **old, **new; /* directories */
	long long *generation;
	char (*before)[32], (*after)[32];
	const char *(*metrics)(const struct repartition *r);
};

static void
name_parts(char ***path, char (**suffix)[32], const char *dir, unsigned parts)
{
	size_t n = parts > 0 ? parts : 1;

	*path = err_calloc(n, sizeof(**path));
	*suffix = err_calloc(n, sizeof(**suffix));
	for (unsigned k = 0; k < n; k++) {
		(*path)[k] = parts_path(dir, k + 1, parts);
		if (parts > 0)
			snprintf((*suffix)[k], sizeof((*suffix)[k]), "-%uof%u",
			    k + 1, parts);
	}
}

/* All options, the part being another, and so the stream of its metrics. */
static void
put_head(
    const struct run *r, const struct statetext *t, size_t k, struct buf *b)
{
	struct json_span key, value;
	const char *at = NULL, *end = t->options.p + t->options.len;
	char name[256], text[4096], part[24];

	snprintf(part, sizeof(part), "%zu/%u", k + 1, r->to);
	buf_put(b, t->text.p, (size_t)(t->options.p - t->text.p));
	buf_str(b, "{");
	while (json_next(&t->options, &at, &key, &value)) {
		size_t n = json_text(&value, text, sizeof(text));
		size_t tail = strlen(r->before[0]);

		json_text(&key, name, sizeof(name));
		buf_key(b, name);
		if (strcmp(name, "partition") == 0) {
			buf_json(b, part, strlen(part));
		} else if (json_equals(&t->tool, "promtext", 8) &&
			   strcmp(name, "stream") == 0 && n >= tail &&
			   n + sizeof(part) < sizeof(text) &&
			   strcmp(text + n - tail, r->before[0]) == 0) {
			strcpy(text + n - tail, r->after[k]);
			buf_json(b, text, strlen(text));
		} else {
			buf_put(b, value.p, value.len);
		}
	}
	buf_str(b, "}");
	buf_put(b, end, (size_t)(t->state.p - end));
}

static double
number_in(const struct json_span *object, const char *name)
{
	struct json_span value;
	double x = 0;

	if (json_find(object, name, &value))
		json_number(&value, &x);
	return x;
}

/* All parts see what has no groups, and have to have seen the same of it. */
static void
copy(const struct run *r, const char *name, const struct statetext *old,
    struct buf *out)
{
	for (size_t i = 1; i < r->states; i++) {
		const struct json_span *a = &old[0].state, *b = &old[i].state;

		if (a->len == b->len && memcmp(a->p, b->p, a->len) == 0)
			continue;
		if (strcmp(name, own) == 0)
			err_die("%s: its parts are not at the same place of "
				"the input: the first is at byte %.0f of inode "
				"%.0f, part %zu at byte %.0f of inode %.0f",
			    r->dir, number_in(a, "offset"),
			    number_in(a, "inode"), i + 1,
			    number_in(b, "offset"), number_in(b, "inode"));
		err_die("%s: its parts have not read the same: '%s' of part "
			"%zu differs from that of the first",
		    r->dir, name, i + 1);
	}
	for (size_t k = 0; k < r->to; k++)
		buf_put(&out[k], old[0].state.p, old[0].state.len);
}

static void
divide(const struct run *r, const char *name, const struct statetext *old,
    struct buf *out)
{
	const struct repartition all = {
	    old, r->states, out, r->to, r->before, r->after};
	struct json_span *state, value;
	const char *why = NULL;

	if (json_equals(&old[0].tool, "promtext", 8)) {
		why = r->metrics(&all);
	} else if (splitstate_is(&old[0].state)) {
		state = err_calloc(r->states, sizeof(*state));
		for (size_t i = 0; i < r->states; i++)
			state[i] = old[i].state;
		if (!json_find(&old[0].options, "partition", &value))
			why = "made by an older driftpipe: run the pipeline "
			      "once before";
		else
			why = splitstate(state, r->states, out, r->to);
		free(state);
	} else {
		copy(r, name, old, out);
	}
	if (why != NULL)
		err_die(
		    "%s: '%s' can't be divided anew: %s", r->dir, name, why);
}

/* The files of one tool's state. */
static void
divide_file(const struct run *r, const char *name)
{
	struct statetext *old = err_calloc(r->states, sizeof(*old));
	struct buf *out = err_calloc(r->to, sizeof(*out));

	for (size_t i = 0; i < r->states; i++) {
		char *path = generation_path(r->old[i], r->generation[i], name);

		statetext_open(&old[i], path);
		free(path);
	}
	for (size_t k = 0; k < r->to; k++)
		put_head(r, &old[0], k, &out[k]);
	divide(r, name, old, out);
	for (size_t i = 0; i < r->states; i++)
		buf_free(&old[i].text);
	for (size_t k = 0; k < r->to; k++) {
		char *path = generation_path(r->new[k], 1, name);

		statetext_end(&out[k], 0);
		if (out[k].failed)
			err_memory();
		atomic_write(path, out[k].p, out[k].len, 0644);
		buf_free(&out[k]);
		free(path);
	}
	free(old);
	free(out);
}

/* A state, but that of the journal, which begins anew with its part. */
static int
is_state(const struct dirent *e)
{
	const char *end = strrchr(e->d_name, '.');

	return e->d_name[0] != '.' && end != NULL &&
	       strcmp(end, ".json") == 0 && strcmp(e->d_name, journal) != 0;
}

/* How many states a part has; all have to have those of the first. */
static void
divide_files(const struct run *r)
{
	char *first = generation_path(r->old[0], r->generation[0], "");
	struct dirent **file;
	int n = scandir(first, &file, is_state, alphasort);

	if (n <= 0)
		err_die("%s: has no states", first);
	for (int i = 0; i < n; i++) {
		divide_file(r, file[i]->d_name);
		free(file[i]);
	}
	free(file);
	free(first);
}

/* A new normal has to be the same in all parts. */
static void
copy_reference(const struct run *r)
{
	struct buf first = {0}, text = {0};

	for (size_t i = 0; i < r->states; i++) {
		char *path = reference_current(r->old[i], r->generation[i]);
		struct buf *b = i == 0 ? &first : &text;
		const char *why = NULL;

		b->len = 0;
		if (path != NULL)
			why = atomic_read(path, b);
		if (why != NULL)
			err_die("%s: %s", path, why);
		if (i > 0 && (text.len != first.len ||
				 memcmp(text.p, first.p, text.len) != 0))
			err_die("%s: has a reference of its own, other than "
				"that of the first part",
			    r->old[i]);
		free(path);
	}
	for (size_t k = 0; k < r->to && first.len > 0; k++) {
		char *path = reference_path(r->new[k], 1);

		atomic_write(path, first.p, first.len, 0644);
		free(path);
	}
	buf_free(&first);
	buf_free(&text);
}

static void
make_parts(const struct run *r)
{
	for (size_t k = 0; k < r->to; k++) {
		if (mkdir(r->new[k], 0775) < 0)
			err_die("%s: %m", r->new[k]);
		generation_make(r->new[k], 1);
	}
	copy_reference(r);
	divide_files(r);
	for (size_t k = 0; k < r->to; k++)
		generation_commit(r->new[k], 1);
}

static void
find_generations(struct run *r)
{
	r->generation = err_calloc(r->states, sizeof(*r->generation));
	for (size_t i = 0; i < r->states; i++) {
		r->generation[i] = generation_current(r->old[i]);
		if (r->generation[i] < 1)
			err_die("%s: has committed nothing: all parts have to "
				"be at the same place of the input",
			    r->old[i]);
	}
}

static void
free_parts(char **path, char (*suffix)[32], size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(path[i]);
	free(path);
	free(suffix);
}

void
repartition(const char *dir, unsigned parts, const char *output,
    const char *(*metrics)(const struct repartition *r))
{
	struct run r = {.dir = dir, .to = parts};

	r.metrics = metrics;
	r.from = parts_hold(dir);
	r.states = r.from > 0 ? r.from : 1;
	name_parts(&r.old, &r.before, dir, r.from);
	name_parts(&r.new, &r.after, dir, parts);
	if (r.from != parts) {
		find_generations(&r);
		/* From here on others may be there that don't count. */
		parts_commit(dir, r.from);
		parts_tidy(dir, r.from);
		make_parts(&r);
		parts_commit(dir, parts);
		err_info("%s: the groups of %zu part%s are %u now", dir,
		    r.states, r.states > 1 ? "s" : "", parts);
	}
	parts_tidy(dir, parts);
	if (output != NULL)
		parts_tidy_files(output, parts);
	free(r.generation);
	free_parts(r.old, r.before, r.states);
	free_parts(r.new, r.after, parts);
}
