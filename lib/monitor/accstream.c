#include <stdlib.h>

#include "accuracy/realised.h"
#include "accuracy/softmax.h"
#include "detect/ending.h"
#include "json/intern.h"
#include "json/jsonscan.h"
#include "monitor/accask.h"
#include "monitor/accrow.h"
#include "monitor/accstream.h"
#include "monitor/acctruth.h"
#include "monitor/detevent.h"
#include "monitor/detmember.h"
#include "run/state.h"
#include "tool/err.h"
#include "tool/out.h"
#include "tool/partition.h"
#include "tool/rec.h"

enum { ROW, ERROR, TRAILER, SKIPPED, MODEL, GROUP, KEY, PATHS };

struct group {
	struct estimate_window window;
	uint32_t *truth; /* of these records, as realised.h has it; or NULL */
	struct accask ask;
	int alarm;
	struct buf member; /* until there is another estimate */
};

struct run {
	const struct accstream_setup *setup;
	struct json_paths paths;
	struct accrow row;
	struct acctruth truths;
	struct transport solver;
	struct intern values; /* of the group's field */
	struct group **group;
	size_t groups;
	unsigned long long used, unusable, beyond, foreign, known, events;
	int estimated, warned;
	double limit;  /* of the estimated fall */
	size_t object; /* where the member's brace is */
	struct buf out;
};

/* By how much accuracy has fallen, as estimated. */
static double
fall_of(const struct run *d, const struct group *g)
{
	return d->setup->learnt->accuracy - g->window.last.accuracy;
}

/* Hysteresis, as the detectors have it. */
static int
has_fallen(const struct run *d, const struct group *g)
{
	double fall = fall_of(d, g), limit = d->limit;

	return fall > limit || (g->alarm && fall > ENDING_SHARE * limit);
}

static void
put_alarm(struct buf *b, int alarm, int event)
{
	buf_key(b, "alarm");
	buf_str(b, alarm ? "true" : "false");
	if (event)
		buf_key_str(b, "event", "drift");
}

static void
put_object(struct buf *b, const char *name, double x, double low, double high)
{
	buf_key(b, name);
	buf_str(b, "{");
	/* The first one of an object has no comma. */
	buf_str(b, "\"accuracy\":");
	buf_real(b, x);
	buf_key_real(b, "low", low);
	buf_key_real(b, "high", high);
}

/* What truth says of the window, and what the estimate becomes by it. */
static void
put_realised(struct buf *b, const struct group *g, size_t window)
{
	const struct estimate *e = &g->window.last, *c;
	struct realised r;

	realised_by(&r, e, g->truth, window);
	if (r.n == 0)
		return;
	put_object(b, "realised", r.accuracy, r.low, r.high);
	buf_key_int(b, "n", (long long)r.n);
	buf_key_real(b, "bias", e->accuracy - r.accuracy);
	buf_str(b, "}");
	c = &r.corrected;
	put_object(b, "corrected", c->accuracy, c->low, c->high);
	buf_str(b, "}");
}

/* The member that all records have until the next estimate. */
static void
put_member(struct run *d, struct group *g, int event)
{
	static const char *const name[] = {
	    "cbpe", "atc", "doc", "cot", "cott", "em", "fit"};
	const struct estimate *e = &g->window.last;
	struct buf *b = &g->member;

	b->len = 0;
	buf_key(b, d->setup->tool->instance);
	d->object = b->len;
	buf_str(b, "{");
	if (!estimate_known(&g->window, d->setup->learnt)) {
		put_alarm(b, 0, 0);
		buf_str(b, ",\"state\":\"filling\"}");
		return;
	}
	put_alarm(b, g->alarm, event);
	buf_key_real(b, "accuracy", e->accuracy);
	buf_key_real(b, "low", e->low);
	buf_key_real(b, "high", e->high);
	buf_key_str(b, "method", name[e->method]);
	buf_key_int(b, "window", (long long)d->setup->learnt->window);
	if (g->truth != NULL)
		put_realised(b, g, d->setup->learnt->window);
	buf_str(b, ",\"tests\":[{\"field\":\"accuracy\"");
	buf_key_real(b, "stat", fall_of(d, g));
	buf_key_real(b, "limit", d->limit);
	put_alarm(b, g->alarm, event);
	buf_str(b, "}]}");
}

static struct group *
add_group(struct run *d)
{
	struct group *g = err_calloc(1, sizeof(*g));

	if (estimate_init(&g->window, d->setup->learnt) < 0)
		err_memory();
	if (d->setup->truth != NULL)
		g->truth = err_calloc(
		    d->setup->learnt->window, sizeof(*g->truth));
	if (d->setup->ask > 0)
		accask_init(&g->ask, d->setup->learnt->window);
	for (size_t i = 0; g->truth != NULL && i < d->setup->learnt->window;
	     i++)
		g->truth[i] = REALISED_UNKNOWN;
	d->group = err_realloc(d->group, (d->groups + 1) * sizeof(*d->group));
	d->group[d->groups++] = g;
	put_member(d, g, 0);
	return g;
}

static void
store_group(struct run *d, struct group *g, struct store *s)
{
	store_open(s, NULL, '{');
	store_int(s, "alarm", &g->alarm, 0, 1);
	estimate_state(&g->window, d->setup->learnt, s);
	if (g->truth != NULL && store_optional(s, "truth", 1))
		store_u32s(s, "truth", g->truth, d->setup->learnt->window,
		    REALISED_UNKNOWN);
	store_close(s, '}');
	if (store_reading(s) && s->why == NULL)
		put_member(d, g, 0);
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
		store_group(d, i < d->groups ? d->group[i] : add_group(d), s);
	store_close(s, ']');
}

/* The record's group; NULL: it has none. */
static struct group *
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

/* There is a new estimate; whether it is an event. */
static int
judge(struct run *d, struct group *g)
{
	int before = g->alarm;

	d->estimated = 1;
	g->alarm = has_fallen(d, g);
	d->events += g->alarm && !before;
	return g->alarm && !before;
}

static void
take_record(struct run *d, struct group *g, const struct rec *in,
    const struct json_line *line, uint32_t truth)
{
	size_t at = g->window.next;
	int event = 0,
	    new = estimate_add(&g->window, d->setup->learnt, &d->solver,
		d->setup->method, d->setup->stride, d->row.p);

	if (new < 0)
		err_memory();
	d->used++;
	if (g->truth != NULL)
		g->truth[at] = truth;
	if (new) {
		event = judge(d, g);
		put_member(d, g, event);
	}
	if (event)
		detevent_say(in, &g->member, d->object, d->setup->group,
		    d->used + d->unusable);
	buf_put(&d->out, g->member.p, g->member.len);
	out_append(in->line, in->len, line, &d->out);
	if (event)
		put_member(d, g, 0);
}

/* Keeps what it takes to ask for the record's label. */
static void
ask_record(struct run *d, struct group *g, const struct json_span *name)
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
		struct group *g = NULL;

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
	    .limit = learnt_limit(setup->learnt, setup->method, setup->fall)};
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
	for (size_t i = 0; i < d.groups; i++) {
		estimate_free(&d.group[i]->window);
		buf_free(&d.group[i]->member);
		free(d.group[i]->truth);
		accask_free(&d.group[i]->ask);
		free(d.group[i]);
	}
	free(d.group);
	intern_free(&d.values);
	transport_free(&d.solver);
	accrow_free(&d.row);
	acctruth_free(&d.truths);
	buf_free(&d.out);
	*estimated = d.estimated;
	return d.events - before;
}
