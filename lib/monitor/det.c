#include <math.h>
#include <stdlib.h>

#include "monitor/det.h"
#include "monitor/detevent.h"
#include "monitor/detgroupstate.h"
#include "monitor/detmember.h"
#include "monitor/detopt.h"
#include "run/reference.h"
#include "tool/err.h"
#include "json/jsonscan.h"
#include "tool/out.h"
#include "tool/partition.h"
#include "tool/rec.h"

/* What else is looked for, after the fields in paths. */
enum { ERROR, TRAILER, SKIPPED, SEQ, MODEL, GROUP, UNLESS, OTHERS };

/* What a record is to the detectors. */
enum verdict {
	USABLE,
	UNUSABLE,
	PASSED,  /* --unless says that it is not to count */
	BEYOND,  /* its group is one too many */
	FOREIGN, /* it is of another model than the reference */
	UNSEEN   /* the reference has nothing in its context */
};

struct run {
	struct detgroup_setup setup;
	struct json_paths paths;
	struct intern values;    /* of the group's field */
	struct detgroup **group; /* by code; without -g there is one, 0 */
	size_t groups;
	struct detgroup common;    /* a reference for groups that have none */
	int shared;                /* it is complete */
	int by_itself;             /* there is no reference */
	struct detcontext context; /* when the setup has it */
	unsigned long long used, unusable, passed, beyond, foreign, unseen;
	int warned; /* of the first that was beyond */
	int told;   /* of the first that was foreign */
	struct buf member;
};

static struct detgroup *
new_group(struct run *d)
{
	struct detgroup *g = err_malloc(sizeof(*g));

	detgroup_init(g, &d->setup);
	if (d->by_itself)
		detgroup_start(g, &d->setup);
	d->group = err_realloc(d->group, (d->groups + 1) * sizeof(*d->group));
	d->group[d->groups++] = g;
	return g;
}

/* Starts a new group with the reference for all. */
static void
start_common(struct run *d, struct detgroup *g)
{
	g->from_file = 1;
	if (d->common.started) {
		detgroup_share(g, &d->setup, &d->common);
	} else {
		detgroup_copy(g, &d->setup, &d->common);
		detgroup_start(g, &d->setup);
	}
}

/* One more, which begins with the reference for all when there is one. */
static struct detgroup *
add_group(struct run *d)
{
	struct detgroup *g = new_group(d);

	if (d->shared)
		start_common(d, g);
	return g;
}

/* Where a record has the value of the group's field; NULL: it has none. */
static const struct json_span *
group_in(const struct run *d, const struct json_span *found)
{
	return detopt.group ? &found[d->setup.watched.items + GROUP] : NULL;
}

/* The number of the record's group; -1: it has none that counts. */
static long
group_code(struct run *d, const struct json_span *found)
{
	long code;

	if (detopt.group == NULL)
		return 0;
	code = intern_code(&d->values, group_in(d, found));
	if (code == INTERN_NO_MEMORY)
		err_memory();
	d->beyond += code == detopt.max_groups;
	return code == detopt.max_groups ? -1 : code;
}

/* Dies of options that no detector could start with, before it is too late. */
static void
rehearse(struct run *d)
{
	if (detopt.reference == NULL && !d->by_itself && d->used == 0 &&
	    d->setup.tests > 0)
		detgroup_rehearse(&d->setup);
}

/* How many values a record has is known: the detectors can be made. */
static void
prepare_groups(struct run *d)
{
	detgroup_prepare(&d->setup, detopt_tool.instance);
	detgroup_init(&d->common, &d->setup);
	if (detopt.group == NULL)
		new_group(d);
}

/* Whether it is known; the first record that has them all says it. */
static int
knows_fields(struct run *d, const struct json_span *found)
{
	if (d->setup.tests > 0)
		return 1;
	if (!detfield_learn(&d->setup.watched, found))
		return 0;
	prepare_groups(d);
	rehearse(d);
	return 1;
}

/* For driftpipe-run (run/guarantee.h). */
static void
store_rate(const struct run *d, struct store *s)
{
	double rate = detlimit_rate(&d->setup.limit, d->setup.kind) *
		      (detopt.family ? 1 : (double)d->groups);

	if (store_optional(s, "false_alarms", 1))
		store_real(s, "false_alarms", &rate);
}

/* All that the next record depends on, and what is counted. */
static void
store_run(void *ctx, struct store *s)
{
	struct run *d = ctx;
	size_t groups;

	store_count(s, "used", &d->used);
	store_count(s, "unusable", &d->unusable);
	store_count(s, "beyond", &d->beyond);
	if (store_optional(s, "passed", d->passed > 0))
		store_count(s, "passed", &d->passed);
	if (store_optional(s, "foreign", d->foreign > 0))
		store_count(s, "foreign", &d->foreign);
	if (store_optional(s, "unseen", d->unseen > 0))
		store_count(s, "unseen", &d->unseen);
	store_count(s, "events", &d->setup.events);
	if (d->setup.watched.learnt)
		detfield_state(&d->setup.watched, s);
	if (d->setup.tests == 0 && d->setup.watched.values > 0)
		prepare_groups(d);
	if (detopt.group != NULL)
		intern_state(&d->values, "group", s);
	if (d->setup.context != NULL)
		detcontext_state(&d->context, s);
	groups = d->groups;
	store_size(s, "groups", &groups, 0, (size_t)detopt.max_groups);
	store_open(s, "states", '[');
	for (size_t i = 0; i < groups && s->why == NULL; i++)
		detgroupstate_store(
		    i < d->groups ? d->group[i] : add_group(d), &d->setup, s);
	store_close(s, ']');
	store_rate(d, s);
}

/* A trailer, or what stands for a skipped line, is nobody's measurement. */
static int
is_control(const struct json_span *other)
{
	return other[TRAILER].type > JSON_FALSE ||
	       other[SKIPPED].type == JSON_STRING;
}

static int
is_passed(const struct json_span *other)
{
	return detopt.unless != NULL && other[UNLESS].type > JSON_FALSE;
}

/* The same of a record that is of this group. */
static enum verdict
judge_values(struct run *d, const struct json_span *found, struct detgroup *g)
{
	const struct json_span *model = &found[d->setup.watched.items + MODEL];
	int seen;

	if (recmodel_differs(&g->model, model))
		return FOREIGN;
	if (!detgroup_values(g, &d->setup, found))
		return UNUSABLE;
	seen = detgroup_context(g, &d->setup, found);
	if (seen <= 0)
		return seen < 0 ? UNUSABLE : UNSEEN;
	recmodel_learn(&g->model, model);
	return USABLE;
}

/* What the record is; if USABLE, FOREIGN or UNSEEN, *g is the group that it is of, and
 * if USABLE the setup's x has its values. */
static enum verdict
judge(struct run *d, const struct json_span *found, struct detgroup **g)
{
	const struct json_span *other = found + d->setup.watched.items;
	unsigned long long beyond = d->beyond;
	long code;

	if (other[ERROR].type > JSON_FALSE || is_control(other))
		return UNUSABLE;
	if (is_passed(other))
		return PASSED;
	code = group_code(d, found);
	if (code < 0)
		return d->beyond > beyond ? BEYOND : UNUSABLE;
	if (!knows_fields(d, found))
		return UNUSABLE;
	while (d->groups <= (size_t)code)
		add_group(d);
	*g = d->group[code];
	return judge_values(d, found, *g);
}

/* A record of a group that is one too many. */
static void
skip_group(struct run *d, const struct rec *in, const struct json_line *line)
{
	if (!d->warned)
		err_warn("%s:%llu: records skipped from here on: more than "
			 "%lld values of '%s'",
		    in->file, in->number, detopt.max_groups, detopt.group);
	d->warned = 1;
	d->unusable++;
	detmember_put_skipped(detopt_tool.instance, &d->member);
	out_append(in->line, in->len, line, &d->member);
}

/* A record that can be used. */
static void
test_record(struct run *d, struct detgroup *g, const struct rec *in,
    const struct json_span *seq, const struct json_line *line)
{
	d->used++;
	if (json_number(seq, &d->setup.seq) < 0)
		d->setup.seq = NAN;
	if (detmember_put(g, &d->setup, &d->member))
		detevent_say(in, &d->member, d->setup.object, detopt.group,
		    d->used + d->unusable + d->passed);
	out_append(in->line, in->len, line, &d->member);
}

/* A record of another model: nothing is tested, until there is a reference. */
static void
skip_foreign(struct run *d, const struct rec *in, const struct json_line *line,
    const struct json_span *model, struct detgroup *g)
{
	if (!d->told)
		err_warn("%s:%llu: of model %.*s, and the reference of "
			 "\"%.*s\": nothing is tested where they differ",
		    in->file, in->number, (int)model->len, model->p,
		    (int)g->model.len, g->model.name);
	d->told = 1;
	d->unusable++;
	d->foreign++;
	detmember_put_foreign(g, &d->setup, &d->member);
	out_append(in->line, in->len, line, &d->member);
}

/* A record in a context that the reference has not. */
static void
skip_unseen(struct run *d, const struct rec *in, const struct json_line *line,
    struct detgroup *g)
{
	detcontext_complain(&d->context, in->file, in->number);
	d->unusable++;
	d->unseen++;
	detmember_put_unseen(g, &d->setup, &d->member);
	out_append(in->line, in->len, line, &d->member);
}

static void
test_stream(struct run *d, char **files, int n)
{
	struct json_span found[JSON_PATHS];
	struct json_line line;
	struct detgroup *g;
	struct rec in;

	rec_open(&in, files, n, '\n');
	in.skip_bad = detopt.skip_bad;
	in.group = group_in(d, found);
	while (rec_json(&in, &d->paths, found, &line)) {
		const struct json_span *other = found + d->setup.watched.items;

		if (state_barrier(in.line, in.len))
			continue;
		switch (judge(d, found, &g)) {
		case USABLE:
			test_record(d, g, &in, &other[SEQ], &line);
			break;
		case BEYOND:
			skip_group(d, &in, &line);
			break;
		case FOREIGN:
			skip_foreign(d, &in, &line, &other[MODEL], g);
			break;
		case UNSEEN:
			skip_unseen(d, &in, &line, g);
			break;
		case PASSED:
			d->passed++;
			out_record(in.line, in.len);
			break;
		case UNUSABLE:
			detfield_complain(
			    &d->setup.watched, in.file, in.number);
			d->unusable += !is_control(other);
			out_record(in.line, in.len);
		}
	}
	rec_close(&in);
}

/* Learns a record of the reference's file. */
static void
learn_record(struct run *d, const struct rec *in, const struct json_span *found)
{
	const struct json_span *other = found + d->setup.watched.items;
	struct detgroup *g = NULL;
	enum verdict what = UNUSABLE;

	if (is_passed(other))
		return;
	if (detopt.group == NULL || other[GROUP].type > JSON_NULL ||
	    other[ERROR].type > JSON_FALSE) {
		what = judge(d, found, &g);
	} else if (knows_fields(d, found)) {
		g = &d->common;
		what = judge_values(d, found, g);
	}
	if (what == FOREIGN)
		err_die("%s:%llu: of model %.*s, after \"%.*s\": a reference "
			"is of one model",
		    in->file, in->number, (int)other[MODEL].len, other[MODEL].p,
		    (int)g->model.len, g->model.name);
	if (what == USABLE)
		detgroup_learn(g, &d->setup);
}

/* The reference out of a file of records. */
static void
learn_reference(struct run *d)
{
	static char *name[1];
	struct json_span found[JSON_PATHS];
	struct json_line line;
	struct rec in;
	size_t learnt;

	name[0] = err_strdup(detopt.reference);
	rec_open(&in, name, 1, '\n');
	in.group = group_in(d, found);
	in.shared = 1;
	while (rec_json(&in, &d->paths, found, &line)) {
		learn_record(d, &in, found);
		detfield_complain(&d->setup.watched, in.file, in.number);
	}
	rec_close(&in);
	learnt = d->common.learnt;
	d->shared = learnt >= 2;
	d->common.from_file = 1;
	if (d->shared && d->setup.kind->verbs->share != NULL)
		detgroup_start(&d->common, &d->setup);
	for (size_t i = 0; i < d->groups; i++) {
		struct detgroup *g = d->group[i];

		learnt = g->learnt > learnt ? g->learnt : learnt;
		g->from_file = 1;
		if (g->learnt >= 2) {
			detgroup_start(g, &d->setup);
		} else if (d->shared) {
			/* It knows nothing yet but classes, if those. */
			detgroup_free(g, &d->setup);
			detgroup_init(g, &d->setup);
			start_common(d, g);
		}
	}
	if (learnt < 2)
		err_die("%s: %zu usable records are no reference",
		    detopt.reference, learnt);
}

/* A group that begins anew; its records are all that the file has. */
static void
learn_group(struct run *d, const char *file)
{
	char *name[1] = {err_strdup(file)};
	struct json_span found[JSON_PATHS];
	struct detgroup *g = NULL;
	struct json_line line;
	struct rec in;
	long code;

	rec_open(&in, name, 1, '\n');
	while (rec_json(&in, &d->paths, found, &line)) {
		if (is_passed(found + d->setup.watched.items))
			continue;
		code = group_code(d, found);
		if (code < 0 || !knows_fields(d, found))
			continue;
		while (d->groups <= (size_t)code)
			add_group(d);
		if (g == NULL) {
			g = d->group[code];
			detgroup_free(g, &d->setup);
			detgroup_init(g, &d->setup);
		}
		if (judge_values(d, found, g) == USABLE && !d->by_itself)
			detgroup_learn(g, &d->setup);
	}
	rec_close(&in);
	if (!d->by_itself && (g == NULL || g->learnt < 2))
		err_die("%s: %zu usable records are no reference", file,
		    g != NULL ? g->learnt : 0);
	if (g != NULL && !d->by_itself)
		g->wanted = g->learnt;
	if (g != NULL) {
		detgroup_start(g, &d->setup);
		/* As after any reference out of a file. */
		detgroup_interrupt(g, &d->setup);
	}
	free(name[0]);
}

/* A group's path may be a field's as well: json_path takes both. */
static void
prepare_paths(struct run *d)
{
	const char *const others[OTHERS] = {"error", "trailer",
	    "skipped.reason", "seq", "model",
	    detopt.group ? detopt.group : "error",
	    detopt.unless ? detopt.unless : "error"};

	if (detopt.fields.n + detopt.context.n > JSON_PATHS - OTHERS)
		err_die("'--field': more than %d, with '--context'",
		    JSON_PATHS - OTHERS);
	detfield_init(
	    &d->setup.watched, detopt.fields.item, detopt.fields.n, &d->paths);
	for (int i = 0; i < OTHERS; i++)
		if (jsonpath_add(&d->paths, others[i]) < 0)
			err_die("'--%s': not a dotted path: '%s'",
			    i == GROUP ? "group" : "unless", others[i]);
	if (detopt.context.n == 0)
		return;
	detcontext_init(
	    &d->context, detopt.context.item, detopt.context.n, &d->paths);
	d->setup.context = &d->context;
}

/*
 * Whether dependence is taken out. By default not where the user has fixed what
 * the statistic and its limit are to be.
 */
static enum detlearn_dependence
dependence(const struct run *d, const struct kind *kind)
{
	int fixed = !isnan(kind->limit) || kind->critical != NULL;

	if (d->by_itself || kind->classes > 0 || kind->verbs->init == NULL ||
	    detopt.calibrate)
		return DETLEARN_NONE;
	if (fixed && detopt.dependence == DETLEARN_AUTO)
		return DETLEARN_NONE;
	return (enum detlearn_dependence)detopt.dependence;
}

static void
prepare_run(struct run *d, const struct kind *kind)
{
	d->setup = (struct detgroup_setup){
	    .kind = kind,
	    .reference_size = d->by_itself ? 0 : (size_t)detopt.reference_size,
	    .after = (enum detgroup_after)detopt.after,
	    .dependence = dependence(d, kind),
	    .remember = state_wanted(),
	    .limit =
		{
		    .fap = detopt.fap,
		    .arl0 = detopt.arl0,
		    .horizon = (unsigned long long)detopt.horizon,
		    .groups = detopt.family ? (double)detopt.max_groups : 1,
		    .resample = detopt.calibrate,
		    .block = (size_t)detopt.block,
		    .runs = (size_t)detopt.runs,
		    .keep_own = detopt.reference != NULL,
		},
	};
	prepare_paths(d);
	intern_init(&d->values, (size_t)detopt.max_groups);
	if (!d->setup.watched.learnt)
		prepare_groups(d);
}

/* What a person should know at the end. */
static void
report_end(const struct run *d)
{
	const struct detgroup *g = d->groups > 0 ? d->group[0] : NULL;
	size_t untested = 0;

	for (size_t i = 0; i < d->groups; i++)
		untested += !d->group[i]->tested;
	err_info("%llu records used, %llu skipped, %llu events", d->used,
	    d->unusable, d->setup.events);
	if (d->passed > 0)
		err_info("%llu records passed by, with '%s'", d->passed,
		    detopt.unless);
	if (d->beyond > 0)
		err_warn("%llu records skipped: more than %lld values of "
			 "'%s'",
		    d->beyond, detopt.max_groups, detopt.group);
	if (d->foreign > 1)
		err_warn("%llu records skipped: of another model than the "
			 "reference",
		    d->foreign);
	if (d->unseen > 1)
		err_warn("%llu records not tested: of a context that the "
			 "reference has not",
		    d->unseen);
	if (d->setup.watched.odd > 1)
		err_warn("%llu records skipped: an array without all of the "
			 "elements that are watched",
		    d->setup.watched.odd);
	if (d->used == 0 && d->passed > 0 && d->unusable == 0)
		err_warn("all %llu records have '%s', and are passed by",
		    d->passed, detopt.unless);
	else if (d->used == 0 && d->unusable > d->foreign)
		err_warn("none of %llu records has %s%s%s%s in all of the "
			 "fields, the first being '%s'",
		    d->unusable, detopt.group ? "'" : "",
		    detopt.group ? detopt.group : "",
		    detopt.group ? "' and " : "",
		    d->setup.kind->classes ? "classes" : "numbers",
		    detopt.fields.item[0]);
	else if (d->used > 0 && untested > 0 && detopt.group != NULL)
		err_warn("the input ended while %zu of %zu groups were "
			 "learning or filling: nothing was tested there",
		    untested, d->groups);
	else if (d->used > 0 && untested > 0 && g->started)
		err_warn("the input ended before the window was full: "
			 "nothing was tested");
	else if (d->used > 0 && untested > 0)
		err_warn("the input ended at %zu of %zu records of the "
			 "reference: nothing was tested",
		    g->learnt, g->wanted);
}

static int
tested_any(const struct run *d)
{
	for (size_t i = 0; i < d->groups; i++)
		if (d->group[i]->tested)
			return 1;
	return 0;
}

static void
free_run(struct run *d)
{
	for (size_t i = 0; i < d->groups; i++) {
		detgroup_free(d->group[i], &d->setup);
		free(d->group[i]);
	}
	free(d->group);
	detgroup_free(&d->common, &d->setup);
	intern_free(&d->values);
	detgroup_finish(&d->setup);
	detfield_free(&d->setup.watched);
	detcontext_free(&d->context);
	buf_free(&d->member);
}

/* The state of an earlier run, with -s. */
static void
open_state(struct run *d)
{
	/* What the state does not depend on, or tells by itself. */
	static const char *const may_differ[] = {"name", "reference",
	    "exit-status", "skip-bad", "state", "wait", "max-groups", "lives",
	    "dependence", NULL};
	static const struct state_origin newer[] = {
	    {"unless", ""}, {"context", ""}, PARTITION_NEWER, {0}};
	static struct state_origin learnt[] = {{"reference", NULL}, {0}};
	const struct state_setup setup = {
	    .tool = &detopt_tool,
	    .may_differ = may_differ,
	    .newer = newer,
	    .made_with = learnt,
	    .anew = getenv(REBASELINE_VARIABLE) != NULL &&
		    getenv(REBASELINE_GROUP_VARIABLE) == NULL,
	    .walk = store_run,
	    .ctx = d,
	};

	if (state_wanted() && detopt.reference != NULL && !d->by_itself)
		learnt->text = statefile_digest(detopt.reference);
	else
		learnt->name = NULL;
	state_open(&setup);
}

int
det_run(const struct kind *kind, char **files, int n)
{
	struct run d = {0};
	unsigned long long before;
	int events, idle;

	d.by_itself = kind->verbs->starts_untaught != NULL &&
		      kind->verbs->starts_untaught(kind->params);
	detopt_check(
	    d.by_itself, !isnan(kind->limit) || kind->critical != NULL);
	partition_open(detopt.group);
	prepare_run(&d, kind);
	if (detopt.reference != NULL && !d.by_itself)
		learn_reference(&d);
	open_state(&d);
	if (detopt.group != NULL && getenv(REBASELINE_GROUP_VARIABLE) != NULL)
		learn_group(&d, getenv(REBASELINE_VARIABLE));
	before = d.setup.events;
	rehearse(&d);
	test_stream(&d, files, n);
	out_flush();
	state_end();
	events = d.setup.events > before;
	idle = !state_wanted() && !tested_any(&d);
	report_end(&d);
	free_run(&d);
	out_close();
	if (!detopt.exit_status || (!events && !idle))
		return 0;
	return idle ? EXIT_TROUBLE : EXIT_EVENT;
}
