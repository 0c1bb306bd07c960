#include <stdlib.h>

#include "json/jsonscan.h"
#include "monitor/detopt.h"
#include "monitor/detsetup.h"
#include "monitor/detrun.h"
#include "monitor/detstart.h"
#include "monitor/detvalues.h"
#include "tool/err.h"

static struct detgroup *
new_group(struct detrun *d)
{
	struct detgroup *g = detgroup_new(&d->setup, d->groups);

	if (d->by_itself)
		detstart_group(g, &d->setup);
	d->group = err_realloc(d->group, (d->groups + 1) * sizeof(*d->group));
	d->group[d->groups++] = g;
	return g;
}

struct detgroup *
detrun_add_group(struct detrun *d)
{
	struct detgroup *g = new_group(d);

	if (d->shared)
		detgroup_share(g, &d->setup, d->common);
	return g;
}

const struct json_span *
detrun_group_in(const struct detrun *d, const struct json_span *found)
{
	return detopt.group ? &found[d->setup.watched.items + DETRUN_GROUP]
			    : NULL;
}

long
detrun_group_code(struct detrun *d, const struct json_span *found)
{
	long code;

	if (detopt.group == NULL)
		return 0;
	code = intern_code(&d->values, detrun_group_in(d, found));
	if (code == INTERN_NO_MEMORY)
		err_memory();
	d->beyond += code == detopt.max_groups;
	return code == detopt.max_groups ? -1 : code;
}

void
detrun_rehearse(struct detrun *d)
{
	if (detopt.reference == NULL && !d->by_itself && d->used == 0 &&
	    d->setup.tests > 0)
		detstart_rehearse(&d->setup);
}

void
detrun_prepare_groups(struct detrun *d)
{
	detsetup_prepare(&d->setup, detopt_tool.instance);
	d->common = detgroup_new(&d->setup, DETGROUP_COMMON);
	if (detopt.group == NULL)
		new_group(d);
}

int
detrun_knows_fields(struct detrun *d, const struct json_span *found)
{
	if (d->setup.tests > 0)
		return 1;
	if (!detfield_learn(&d->setup.watched, found))
		return 0;
	detrun_prepare_groups(d);
	detrun_rehearse(d);
	return 1;
}

/*
 * The groups of a state are in its own order: those that the reference has
 * given, by the values in given, are taken into it.
 */
static void
order_groups(struct detrun *d, const struct intern *given, struct store *s)
{
	struct detgroup **before = d->group;
	size_t groups = d->groups;

	d->group = NULL;
	d->groups = 0;
	for (size_t i = 0; i < d->values.n && d->groups < groups; i++) {
		size_t len;
		const char *text = intern_text(&d->values, i, &len);
		long code = intern_known(given, text, len);

		if (code < 0 || (size_t)code >= groups) {
			detrun_add_group(d);
			groups++;
			continue;
		}
		d->group = err_realloc(
		    d->group, (d->groups + 1) * sizeof(*d->group));
		before[code]->code = (uint32_t)i;
		d->group[d->groups++] = before[code];
	}
	if (d->groups < groups)
		store_refuse(s, "a group of the reference is not there");
	free(before);
}

/* The values of the groups, in the place of those that the reference has. */
static void
values_state(struct detrun *d, struct store *s)
{
	struct intern given = d->values;

	if (!store_reading(s) || d->groups == 0) {
		intern_state(&d->values, "group", s);
		return;
	}
	intern_init(&d->values, (size_t)detopt.max_groups);
	intern_state(&d->values, "group", s);
	if (s->why == NULL)
		order_groups(d, &given, s);
	intern_free(&given);
}

/* For driftpipe-run (run/guarantee.h). */
static void
store_rate(const struct detrun *d, struct store *s)
{
	double rate = detlimit_rate(&d->setup.limit, d->setup.kind) *
		      (detopt.family ? 1 : (double)d->groups);

	if (store_optional(s, "false_alarms", 1))
		store_real(s, "false_alarms", &rate);
}

void
detrun_state(void *ctx, struct store *s)
{
	struct detrun *d = ctx;
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
		detrun_prepare_groups(d);
	if (detopt.group != NULL)
		values_state(d, s);
	if (d->setup.context != NULL)
		detcontext_state(&d->context, s);
	groups = d->groups;
	store_size(
	    s, "groups", &groups, 0, detopt.group != NULL ? d->values.n : 1);
	store_open(s, "states", '[');
	for (size_t i = 0; i < groups && s->why == NULL; i++)
		detgroupstate_store(
		    i < d->groups ? d->group[i] : detrun_add_group(d),
		    &d->setup, s);
	store_close(s, ']');
	store_rate(d, s);
}

int
detrun_is_control(const struct json_span *other)
{
	return other[DETRUN_TRAILER].type > JSON_FALSE ||
	       other[DETRUN_SKIPPED].type == JSON_STRING;
}

int
detrun_is_passed(const struct json_span *other)
{
	return detopt.unless != NULL && other[DETRUN_UNLESS].type > JSON_FALSE;
}

/* The model of the first record that names one. */
static void
learn_model(struct detrun *d, struct detgroup *g, const struct json_span *value)
{
	struct recmodel model = {0};

	if (detgroup_model(g, &d->setup)->len > 0)
		return;
	recmodel_learn(&model, value);
	if (model.len > 0)
		detgroup_is_of(g, &d->setup, &model);
}

enum detrun_verdict
detrun_judge_values(
    struct detrun *d, const struct json_span *found, struct detgroup *g)
{
	const struct json_span
	    *model = &found[d->setup.watched.items + DETRUN_MODEL];
	int seen;

	if (recmodel_differs(detgroup_model(g, &d->setup), model))
		return DETRUN_FOREIGN;
	if (!detvalues_take(g, &d->setup, found))
		return DETRUN_UNUSABLE;
	seen = detvalues_context(g, &d->setup, found);
	if (seen <= 0)
		return seen < 0 ? DETRUN_UNUSABLE : DETRUN_UNSEEN;
	learn_model(d, g, model);
	return DETRUN_USABLE;
}

enum detrun_verdict
detrun_judge(
    struct detrun *d, const struct json_span *found, struct detgroup **g)
{
	const struct json_span *other = found + d->setup.watched.items;
	unsigned long long beyond = d->beyond;
	long code;

	if (other[DETRUN_ERROR].type > JSON_FALSE || detrun_is_control(other))
		return DETRUN_UNUSABLE;
	if (detrun_is_passed(other))
		return DETRUN_PASSED;
	code = detrun_group_code(d, found);
	if (code < 0)
		return d->beyond > beyond ? DETRUN_BEYOND : DETRUN_UNUSABLE;
	if (!detrun_knows_fields(d, found))
		return DETRUN_UNUSABLE;
	while (d->groups <= (size_t)code)
		detrun_add_group(d);
	*g = d->group[code];
	return detrun_judge_values(d, found, *g);
}
