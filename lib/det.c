#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "det.h"
#include "detgroup.h"
#include "err.h"
#include "jsonval.h"
#include "out.h"
#include "rec.h"

static const char *default_fields[] = {"feat.mean", "feat.std"};
static struct {
	struct opt_list fields;
	const char *group, *reference;
	long long max_groups, reference_size, horizon, block, lives;
	double fap, arl0;
	int family, after, calibrate, exit_status, skip_bad;
} opt = {
    .fields = {default_fields, 2},
    .max_groups = 1000,
    .reference_size = 500,
    .fap = 0.05,
    .horizon = 10000,
    .arl0 = NAN,
};

struct tool det_tool;

const struct opt det_options[] = {
    {'f', "field", OPT_LIST, &opt.fields, "NAME",
	"field of the record to watch, repeatable", 0, 0},
    {'g', "group", OPT_STRING, &opt.group, "NAME",
	"a detector for each value of this field", 0, 0},
    {0, "max-groups", OPT_INT, &opt.max_groups, "N", "values told apart", 1,
	1e6},
    {'n', "name", OPT_STRING, &det_tool.instance, "NAME",
	"name of this instance: section and member", 0, 0},
    {0, "reference", OPT_PATH, &opt.reference, "FILE",
	"learn the reference from these records", 0, 0},
    {0, "reference-size", OPT_INT, &opt.reference_size, "N",
	"or from the first N records of the stream", 2, 1e7},
    {0, "fap", OPT_REAL, &opt.fap, "Q",
	"at most this probability of any false alarm ...", 1e-6, 0.5},
    {0, "horizon", OPT_INT, &opt.horizon, "H",
	"... within H records without drift", 1, 1e9},
    {0, "arl0", OPT_REAL, &opt.arl0, "N",
	"or a false alarm in N records on average", 1, 1e9},
    {0, "family", OPT_FLAG, &opt.family, NULL,
	"promise that over all groups, not for each", 0, 0},
    {0, "calibrate", OPT_CHOICE, &opt.calibrate, "law|resample",
	"resample: simulate from the reference itself", 0, 0},
    {0, "block", OPT_INT, &opt.block, "N",
	"resample: records in a row; 0: the root of all", 0, 1e7},
    {0, "lives", OPT_INT, &opt.lives, "N", "lives to simulate; 0: enough", 0,
	1e7},
    {0, "after", OPT_CHOICE, &opt.after, "hold|reset|adopt",
	"what follows an event", 0, 0},
    {'e', "exit-status", OPT_FLAG, &opt.exit_status, NULL,
	"exit with 1 when an event was raised", 0, 0},
    {0, "skip-bad", OPT_FLAG, &opt.skip_bad, NULL,
	"drop lines that are not JSON objects", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

/* What else is looked for, behind the fields in paths. */
enum { ERROR, TRAILER, BARRIER, SEQ, GROUP, OTHERS };

struct run {
	struct detgroup_setup setup;
	struct json_paths paths;
	struct intern values;    /* of the group's field */
	struct detgroup **group; /* by code; without -g there is one, 0 */
	size_t groups;
	struct detgroup common; /* a reference for groups that have none */
	int shared;             /* it is complete */
	int by_itself;          /* there is no reference */
	unsigned long long used, unusable, beyond;
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

/* One more, which begins with the reference for all when there is one. */
static struct detgroup *
add_group(struct run *d)
{
	struct detgroup *g = new_group(d);

	if (d->shared) {
		detgroup_copy(g, &d->setup, &d->common);
		g->from_file = 1;
		detgroup_start(g, &d->setup);
	}
	return g;
}

/* The group of a record, made on first sight; NULL when it has none. */
static struct detgroup *
group_of(struct run *d, const struct json_span *found)
{
	long code;

	if (opt.group == NULL)
		return d->group[0];
	code = intern_code(&d->values, &found[d->setup.fields + GROUP]);
	if (code == INTERN_NO_MEMORY)
		err_die("out of memory");
	d->beyond += code == opt.max_groups;
	if (code < 0 || code == opt.max_groups)
		return NULL;
	if ((size_t)code < d->groups)
		return d->group[code];
	return add_group(d);
}

/* All that the next record depends on, and what is counted. */
static void
walk(void *ctx, struct store *s)
{
	struct run *d = ctx;
	size_t groups = d->groups;

	store_count(s, "used", &d->used);
	store_count(s, "unusable", &d->unusable);
	store_count(s, "beyond", &d->beyond);
	store_count(s, "events", &d->setup.events);
	if (opt.group != NULL)
		intern_state(&d->values, "group", s);
	store_size(s, "groups", &groups, 0, (size_t)opt.max_groups);
	store_open(s, "states", '[');
	for (size_t i = 0; i < groups && s->why == NULL; i++)
		detgroup_state(
		    i < d->groups ? d->group[i] : add_group(d), &d->setup, s);
	store_close(s, ']');
}

/* A trailer or a barrier is nobody's measurement. */
static int
is_control(const struct json_span *other)
{
	return other[TRAILER].type > JSON_NULL ||
	       other[BARRIER].type > JSON_NULL;
}

/*
 * The group that the record's values, now in the setup's x, are for; NULL
 * when the record can't be used.
 */
static struct detgroup *
usable(struct run *d, const struct json_span *found)
{
	const struct json_span *other = found + d->setup.fields;
	struct detgroup *g;

	if (other[ERROR].type > JSON_NULL || is_control(other))
		return NULL;
	g = group_of(d, found);
	return g && detgroup_values(g, &d->setup, found) ? g : NULL;
}

static void
stream(struct run *d, char **files, int n)
{
	struct json_span found[JSON_PATHS];
	struct json_line line;
	struct detgroup *g;
	struct rec in;

	rec_open(&in, files, n, '\n');
	in.skip_bad = opt.skip_bad;
	while (rec_json(&in, &d->paths, found, &line)) {
		g = usable(d, found);
		if (g != NULL) {
			d->used++;
			if (json_number(&found[d->setup.fields + SEQ],
				&d->setup.seq) < 0)
				d->setup.seq = NAN;
			detgroup_member(g, &d->setup, &d->member);
			out_append(&in, &line, &d->member);
		} else {
			d->unusable += !is_control(found + d->setup.fields);
			state_barrier(&found[d->setup.fields + BARRIER]);
			out_record(&in);
		}
	}
	rec_close(&in);
}

/* Learns a record of the reference's file. */
static void
learn(struct run *d, const struct json_span *found)
{
	struct detgroup *g = NULL;

	if (opt.group != NULL &&
	    found[d->setup.fields + GROUP].type <= JSON_NULL &&
	    found[d->setup.fields + ERROR].type <= JSON_NULL) {
		if (detgroup_values(&d->common, &d->setup, found))
			g = &d->common;
	} else {
		g = usable(d, found);
	}
	if (g != NULL)
		detgroup_learn(g, &d->setup);
}

/* The reference out of a file of records. */
static void
learn_file(struct run *d)
{
	static char *name[1];
	struct json_span found[JSON_PATHS];
	struct json_line line;
	struct rec in;
	size_t learnt;

	name[0] = err_strdup(opt.reference);
	rec_open(&in, name, 1, '\n');
	while (rec_json(&in, &d->paths, found, &line))
		learn(d, found);
	rec_close(&in);
	learnt = d->common.learnt;
	d->shared = learnt >= 2;
	for (size_t i = 0; i < d->groups; i++) {
		struct detgroup *g = d->group[i];

		learnt = g->learnt > learnt ? g->learnt : learnt;
		if (g->learnt < 2 && d->shared) {
			/* It knows nothing yet but classes, if those. */
			detgroup_free(g, &d->setup);
			detgroup_init(g, &d->setup);
			detgroup_copy(g, &d->setup, &d->common);
		}
		g->from_file = 1;
		if (g->learnt >= 2)
			detgroup_start(g, &d->setup);
	}
	if (learnt < 2)
		err_die("%s: %zu usable records are no reference",
		    opt.reference, learnt);
}

/* A group's path may be a field's as well: json_path takes both. */
static void
prepare_paths(struct run *d)
{
	const char *const others[OTHERS] = {"error", "trailer",
	    "barrier.generation", "seq", opt.group ? opt.group : "error"};

	if (opt.fields.n > JSON_PATHS - OTHERS)
		err_die("'--field': more than %d", JSON_PATHS - OTHERS);
	for (size_t i = 0; i < opt.fields.n; i++) {
		for (size_t k = 0; k < i; k++)
			if (strcmp(opt.fields.item[k], opt.fields.item[i]) == 0)
				err_die("'--field': twice: '%s'",
				    opt.fields.item[i]);
		if (json_path(&d->paths, opt.fields.item[i]) < 0)
			err_die("'--field': not a dotted path: '%s'",
			    opt.fields.item[i]);
	}
	for (int i = 0; i < OTHERS; i++)
		if (json_path(&d->paths, others[i]) < 0)
			err_die(
			    "'--group': not a dotted path: '%s'", others[i]);
}

static void
prepare(struct run *d, const struct det_kind *kind)
{
	d->setup = (struct detgroup_setup){
	    .kind = kind,
	    .fields = opt.fields.n,
	    .name = opt.fields.item,
	    .reference_size = d->by_itself ? 0 : (size_t)opt.reference_size,
	    .after = (enum detgroup_after)opt.after,
	    .remember = state_wanted(),
	    .limit =
		{
		    .fap = opt.fap,
		    .arl0 = opt.arl0,
		    .horizon = (unsigned long long)opt.horizon,
		    .groups = opt.family ? (double)opt.max_groups : 1,
		    .resample = opt.calibrate,
		    .block = (size_t)opt.block,
		    .lives = (size_t)opt.lives,
		    .keep_own = opt.reference != NULL,
		},
	};
	prepare_paths(d);
	detgroup_prepare(&d->setup, det_tool.instance);
	detgroup_init(&d->common, &d->setup);
	intern_init(&d->values, (size_t)opt.max_groups);
	if (opt.group == NULL)
		new_group(d);
}

/* Options that would be ignored, or that contradict each other. */
static void
check_options(int by_itself, int fixed)
{
	static const char *const promise[] = {
	    "fap", "horizon", "arl0", "family", "calibrate", "lives"};

	opt_refuse(!isnan(opt.arl0), "fap", "not with --arl0");
	opt_refuse(!isnan(opt.arl0), "horizon", "not with --arl0");
	opt_refuse(opt.group == NULL, "max-groups", "only with --group");
	opt_refuse(opt.group == NULL, "family", "only with --group");
	opt_refuse(!opt.calibrate, "block", "only with --calibrate resample");
	opt_refuse(by_itself, "reference", "this form has no reference");
	opt_refuse(by_itself, "reference-size", "this form has no reference");
	opt_refuse(by_itself, "calibrate", "this form has no reference");
	opt_refuse(by_itself && opt.after == DETGROUP_ADOPT, "after",
	    "this form has no reference to adopt");
	for (size_t i = 0; i < sizeof(promise) / sizeof(*promise); i++)
		opt_refuse(fixed, promise[i], "not with a fixed limit");
	if (opt.reference == NULL && opt.block > opt.reference_size)
		err_die("'--block': longer than the reference of %lld",
		    opt.reference_size);
}

/* What a person should know at the end. */
static void
report(const struct run *d)
{
	const struct detgroup *g = d->groups > 0 ? d->group[0] : NULL;
	size_t untested = 0;

	for (size_t i = 0; i < d->groups; i++)
		untested += !d->group[i]->tested;
	err_info("%llu records used, %llu passed by, %llu events", d->used,
	    d->unusable, d->setup.events);
	if (d->beyond > 0)
		err_warn("%llu records passed by: more than %lld values of "
			 "'%s'",
		    d->beyond, opt.max_groups, opt.group);
	if (d->used == 0 && d->unusable > 0)
		err_warn("none of %llu records has %s%s%s%s in all of the "
			 "fields, the first being '%s'",
		    d->unusable, opt.group ? "'" : "",
		    opt.group ? opt.group : "", opt.group ? "' and " : "",
		    d->setup.kind->classes ? "classes" : "numbers",
		    opt.fields.item[0]);
	else if (d->used > 0 && untested > 0 && opt.group != NULL)
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

static void
finish(struct run *d)
{
	for (size_t i = 0; i < d->groups; i++) {
		detgroup_free(d->group[i], &d->setup);
		free(d->group[i]);
	}
	free(d->group);
	detgroup_free(&d->common, &d->setup);
	intern_free(&d->values);
	detgroup_finish(&d->setup);
	buf_free(&d->member);
}

/* The state of an earlier run, with -s. */
static void
recall(struct run *d)
{
	/* What the state does not depend on. */
	static const char *const may_differ[] = {"name", "reference",
	    "exit-status", "skip-bad", "state", "wait", "max-groups", "lives",
	    NULL};
	const struct state_setup setup = {
	    .tool = &det_tool,
	    .may_differ = may_differ,
	    .reference = d->by_itself ? NULL : opt.reference,
	    .walk = walk,
	    .ctx = d,
	};

	state_open(&setup);
}

void
det_watch(const char *field)
{
	default_fields[0] = field;
	opt.fields.n = 1;
}

int
det_run(const struct det_kind *kind, char **files, int n)
{
	struct run d = {0};
	unsigned long long before;
	int events;

	d.by_itself = kind->no_reference != NULL && kind->no_reference();
	check_options(d.by_itself, !isnan(kind->limit(0)));
	prepare(&d, kind);
	if (opt.reference != NULL && !d.by_itself)
		learn_file(&d);
	recall(&d);
	before = d.setup.events;
	if (opt.reference == NULL && !d.by_itself && d.used == 0)
		detgroup_rehearse(&d.setup);
	stream(&d, files, n);
	out_flush();
	state_end();
	events = d.setup.events > before;
	report(&d);
	finish(&d);
	out_close();
	return opt.exit_status && events ? EXIT_EVENT : 0;
}
