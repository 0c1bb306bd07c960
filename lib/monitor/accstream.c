#include <stdlib.h>

#include "accuracy/realised.h"
#include "accuracy/softmax.h"
#include "json/intern.h"
#include "json/jsonscan.h"
#include "monitor/accgroup.h"
#include "monitor/accrow.h"
#include "monitor/accstream.h"
#include "monitor/acctruth.h"
#include "monitor/detevent.h"
#include "run/state.h"
#include "tool/err.h"
#include "tool/out.h"
#include "tool/partition.h"
#include "tool/rec.h"

enum { ROW, ERROR, TRAILER, SKIPPED, MODEL, GROUP, KEY, PATHS };

struct run {
	const struct accstream_setup *setup;
	struct accgroup_rule rule;
	struct json_paths paths;
	struct accrow row;
	struct acctruth truths;
	struct transport solver;
	struct intern values; /* of the group's field */
	struct accgroup **group;
	size_t groups;
	unsigned long long used, unusable, beyond, foreign, known, events;
	int estimated;
	struct buf out;
};

static struct accgroup *
add_group(struct run *d)
{
	struct accgroup *g = accgroup_new(&d->rule);

	d->group = err_realloc(d->group, (d->groups + 1) * sizeof(*d->group));
	d->group[d->groups++] = g;
	return g;
}

static void
store_run(void *ctx, struct store *s)
{
	struct run *d = ctx;
	size_t groups = d->groups;

	store_count(s, "used", &d->used);
	store_count(s, "unusable", &d->unusable);
	store_count(s, "beyond", &d->beyond);
	if (store_optional(s, "foreign", d->foreign > 0))
		store_count(s, "foreign", &d->foreign);
	store_count(s, "events", &d->events);
	if (d->setup->group != NULL)
		intern_state(&d->values, "group", s);
	store_size(s, "groups", &groups, 0, d->setup->max_groups);
	store_open(s, "states", '[');
	for (size_t i = 0; i < groups && s->why == NULL; i++)
		accgroup_state(
		    i < d->groups ? d->group[i] : add_group(d), &d->rule, s);
	store_close(s, ']');
}

/* The record's group; NULL: it has none. */
static struct accgroup *
find_group(struct run *d, const struct rec *in, const struct json_span *found)
{
	size_t max = d->setup->max_groups;
	long code = 0;

	if (d->setup->group != NULL)
		code = intern_code(&d->values, &found[GROUP]);
	if (code == INTERN_NO_MEMORY)
		err_memory();
	if (code == (long)max) {
		if (d->beyond++ == 0)
			err_warn("%s:%llu: records skipped from here on: more "
				 "than %zu values of '%s'",
			    in->file, in->number, max, d->setup->group);
		return NULL;
	}
	if (code < 0)
		return NULL;
	while (d->groups <= (size_t)code)
		add_group(d);
	return d->group[code];
}

static void
take_record(struct run *d, struct accgroup *g, const struct rec *in,
    const struct json_line *line, uint32_t truth)
{
	enum accgroup_news news = accgroup_add(
	    g, &d->rule, &d->solver, d->row.p, truth);

	d->used++;
	d->estimated |= news != ACCGROUP_SAME;
	if (news == ACCGROUP_EVENT) {
		d->events++;
		detevent_say(in, &g->member, g->object, d->setup->group,
		    d->used + d->unusable);
	}
	buf_put(&d->out, g->member.p, g->member.len);
	out_append(in->line, in->len, line, &d->out);
}

/* Keeps what it takes to ask for the record's label. */
static void
ask_record(struct run *d, struct accgroup *g, const struct json_span *name)
{
	const double *p = d->row.p;

	accask_note(&g->ask, name, p[softmax_best(p, d->row.classes)]);
	d->used++;
}

static int
is_control(const struct json_span *found)
{
	return found[TRAILER].type > JSON_FALSE ||
	       found[SKIPPED].type == JSON_STRING;
}

/* Whether the record's answer is the true class, as far as that is known. */
static uint32_t
truth_of(struct run *d, const struct json_span *found)
{
	long class = -1;

	if (d->setup->truth != NULL && found[KEY].type > JSON_NULL)
		class = acctruth_find(&d->truths, &found[KEY]);
	if (class < 0)
		return REALISED_UNKNOWN;
	d->known++;
	return softmax_best(d->row.p, d->row.classes) == (size_t) class
		   ? REALISED_RIGHT
		   : REALISED_WRONG;
}

/* A record of another model, of which nothing was learnt. */
static void
skip_foreign(struct run *d, const struct rec *in, const struct json_line *line,
    const struct json_span *model)
{
	const struct recmodel *own = &d->setup->learnt->model;

	if (d->foreign++ == 0)
		err_warn("%s:%llu: of model %.*s, and learnt was \"%.*s\": "
			 "nothing is estimated where they differ",
		    in->file, in->number, (int)model->len, model->p,
		    (int)own->len, own->name);
	d->unusable++;
	if (d->setup->ask > 0)
		return;
	buf_key(&d->out, d->setup->tool->instance);
	buf_str(&d->out, "{\"alarm\":false,\"state\":\"skipped\","
			 "\"reason\":\"model\",\"reference\":\"");
	buf_put(&d->out, own->name, own->len);
	buf_str(&d->out, "\"}");
	out_append(in->line, in->len, line, &d->out);
}

static void
run_stream(struct run *d, char **files, int n)
{
	struct json_span found[PATHS];
	struct json_line line;
	struct rec in;

	rec_open(&in, files, n, '\n');
	in.skip_bad = d->setup->skip_bad;
	in.group = d->setup->group != NULL ? &found[GROUP] : NULL;
	while (rec_json(&in, &d->paths, found, &line)) {
		int usable = !is_control(found) &&
			     found[ERROR].type <= JSON_FALSE;
		struct accgroup *g = NULL;

		if (state_barrier(in.line, in.len))
			continue;
		if (usable &&
		    recmodel_differs(&d->setup->learnt->model, &found[MODEL])) {
			skip_foreign(d, &in, &line, &found[MODEL]);
			continue;
		}
		if (usable &&
		    accrow_read(&d->row, &found[ROW], in.file, in.number))
			g = find_group(d, &in, found);
		if (g != NULL && d->setup->ask > 0) {
			ask_record(d, g, &found[KEY]);
		} else if (g != NULL) {
			take_record(d, g, &in, &line, truth_of(d, found));
		} else {
			d->unusable += !is_control(found);
			if (d->setup->ask == 0)
				out_record(in.line, in.len);
		}
	}
	rec_close(&in);
}

static void
prepare(struct run *d)
{
	const struct accstream_setup *s = d->setup;
	static const char *const others[] = {
	    "error", "trailer", "skipped.reason", "model"};

	accrow_init(&d->row, s->field, s->learnt->classes, &d->paths);
	for (int i = 0; i < 4; i++)
		jsonpath_add(&d->paths, others[i]);
	if (jsonpath_add(&d->paths, s->group ? s->group : "error") < 0)
		err_die("'--group': not a dotted path: '%s'", s->group);
	if (jsonpath_add(&d->paths, s->key) < 0)
		err_die("'--key': not a dotted path: '%s'", s->key);
	if (s->truth != NULL)
		acctruth_read(
		    &d->truths, s->truth, s->key, s->label, s->learnt->classes);
	intern_init(&d->values, s->max_groups);
	if (transport_init(&d->solver, s->learnt->classes) < 0)
		err_memory();
}

static void
open_state(struct run *d)
{
	static const char *const may_differ[] = {"name", "learnt",
	    "exit-status", "truth", "skip-bad", "state", "wait", "max-groups",
	    NULL};
	static const struct state_origin newer[] = {PARTITION_NEWER, {0}};
	static struct state_origin learnt[] = {{"learnt", NULL}, {0}};
	const struct state_setup setup = {
	    .tool = d->setup->tool,
	    .may_differ = may_differ,
	    .newer = newer,
	    .made_with = learnt,
	    .walk = store_run,
	    .ctx = d,
	};

	if (state_wanted())
		learnt->text = statefile_digest(d->setup->file);
	state_open(&setup);
}

static void
report_end(const struct run *d)
{
	err_info("%llu records used, %llu skipped, %llu events", d->used,
	    d->unusable, d->events);
	if (d->setup->truth != NULL && d->known == 0 && d->used > 0)
		err_warn("no record has a '%s' that is in %s", d->setup->key,
		    d->setup->truth);
	else if (d->setup->truth != NULL)
		err_info("of %llu the truth is known", d->known);
	if (d->row.bad > 1)
		err_warn("%llu records skipped: their '%s' can't be used",
		    d->row.bad, d->setup->field);
	if (d->foreign > 1)
		err_warn("%llu records skipped: of another model than learnt",
		    d->foreign);
	if (d->beyond > 1)
		err_warn("%llu records skipped: more than %zu values of '%s'",
		    d->beyond, d->setup->max_groups, d->setup->group);
	if (d->used > 0 && !d->estimated && d->setup->ask == 0 &&
	    !state_wanted())
		err_warn("the input ended before a window of %zu was full: "
			 "nothing was estimated",
		    d->setup->learnt->window);
}

unsigned long long
accstream_run(
    const struct accstream_setup *setup, char **files, int n, int *estimated)
{
	struct run d = {.setup = setup,
	    .rule = {
		.instance = setup->tool->instance,
		.learnt = setup->learnt,
		.method = setup->method,
		.stride = setup->stride,
		.limit = learnt_limit(setup->learnt, setup->fall),
		.truths = setup->truth != NULL,
		.asks = setup->ask > 0,
	    }};
	unsigned long long before;

	partition_open(setup->group);
	prepare(&d);
	open_state(&d);
	before = d.events;
	run_stream(&d, files, n);
	for (size_t i = 0; setup->ask > 0 && i < d.groups; i++)
		accask_put(&d.group[i]->ask, setup->ask, setup->key);
	out_flush();
	state_end();
	report_end(&d);
	for (size_t i = 0; i < d.groups; i++)
		accgroup_free(d.group[i]);
	free(d.group);
	intern_free(&d.values);
	transport_free(&d.solver);
	accrow_free(&d.row);
	acctruth_free(&d.truths);
	buf_free(&d.out);
	*estimated = d.estimated;
	return d.events - before;
}
