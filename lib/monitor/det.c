#include <math.h>
#include <stdlib.h>

#include "monitor/det.h"
#include "monitor/detopt.h"
#include "monitor/detref.h"
#include "monitor/detsetup.h"
#include "monitor/detstart.h"
#include "monitor/dettest.h"
#include "run/reference.h"
#include "tool/err.h"
#include "tool/out.h"
#include "tool/partition.h"

/* A group's path may be a field's as well: json_path takes both. */
static void
prepare_paths(struct detrun *d)
{
	const char *const others[DETRUN_OTHERS] = {"error", "trailer",
	    "skipped.reason", "seq", "model",
	    detopt.group ? detopt.group : "error",
	    detopt.unless ? detopt.unless : "error"};

	if (detopt.fields.n + detopt.context.n > JSON_PATHS - DETRUN_OTHERS)
		err_die("'--field': more than %d, with '--context'",
		    JSON_PATHS - DETRUN_OTHERS);
	detfield_init(
	    &d->setup.watched, detopt.fields.item, detopt.fields.n, &d->paths);
	for (int i = 0; i < DETRUN_OTHERS; i++)
		if (jsonpath_add(&d->paths, others[i]) < 0)
			err_die("'--%s': not a dotted path: '%s'",
			    i == DETRUN_GROUP ? "group" : "unless", others[i]);
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
dependence(const struct detrun *d, const struct kind *kind)
{
	int fixed = !isnan(kind->limit) || kind->critical != NULL;

	if (d->by_itself || detopt.calibrate)
		return DETLEARN_NONE;
	if (fixed && !opt_given("dependence"))
		return DETLEARN_NONE;
	if (kind->classes > 0)
		return detopt.dependence == DETLEARN_AUTO ? DETLEARN_WARN
							  : DETLEARN_NONE;
	return (enum detlearn_dependence)detopt.dependence;
}

static void
prepare_run(struct detrun *d, const struct kind *kind)
{
	d->setup = (struct detgroup_setup){
	    .kind = kind,
	    .reference_size = d->by_itself ? 0 : (size_t)detopt.reference_size,
	    .after = (enum detgroup_after)detopt.after,
	    .dependence = dependence(d, kind),
	    .remember = state_wanted(),
	    .field = detopt.group,
	    .groups = &d->values,
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
		detrun_prepare_groups(d);
}

/* What a person should know at the end. */
static void
report_end(const struct detrun *d)
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
	detstart_report(&d->setup);
	if (d->used == 0 && d->passed > 0 && d->unusable == 0)
		err_warn("all %llu records have '%s', and are passed by",
		    d->passed, detopt.unless);
	else if (d->used == 0 && d->unusable > d->foreign)
		err_warn("none of %llu records has %s%s%s%s in all of the "
			 "fields, the first being '%s'%s",
		    d->unusable, detopt.group ? "'" : "",
		    detopt.group ? detopt.group : "",
		    detopt.group ? "' and " : "",
		    d->setup.kind->classes ? "classes" : "numbers",
		    detopt.fields.item[0],
		    d->setup.context ? ", and a context" : "");
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
tested_any(const struct detrun *d)
{
	for (size_t i = 0; i < d->groups; i++)
		if (d->group[i]->tested)
			return 1;
	return 0;
}

static void
free_run(struct detrun *d)
{
	for (size_t i = 0; i < d->groups; i++)
		detgroup_free(d->group[i], &d->setup);
	free(d->group);
	detgroup_free(d->common, &d->setup);
	intern_free(&d->values);
	detsetup_finish(&d->setup);
	detfield_free(&d->setup.watched);
	detcontext_free(&d->context);
	buf_free(&d->member);
}

/* The state of an earlier run, with -s. */
static void
open_state(struct detrun *d)
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
	    .walk = detrun_state,
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
	struct detrun d = {0};
	unsigned long long before;
	int events, idle;

	d.by_itself = kind->verbs->starts_untaught != NULL &&
		      kind->verbs->starts_untaught(kind->params);
	detopt_check(
	    d.by_itself, !isnan(kind->limit) || kind->critical != NULL);
	partition_open(detopt.group);
	prepare_run(&d, kind);
	if (detopt.reference != NULL && !d.by_itself)
		detref_learn(&d);
	open_state(&d);
	if (detopt.group != NULL && getenv(REBASELINE_GROUP_VARIABLE) != NULL)
		detref_learn_group(&d, getenv(REBASELINE_VARIABLE));
	before = d.setup.events;
	detrun_rehearse(&d);
	dettest_stream(&d, files, n);
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
