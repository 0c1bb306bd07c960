#include <math.h>
#include <stdlib.h>

#include "json/intern.h"
#include "monitor/dedup.h"
#include "monitor/dedupgroup.h"
#include "monitor/detfield.h"
#include "run/state.h"
#include "tool/err.h"
#include "tool/out.h"
#include "tool/partition.h"
#include "tool/rec.h"

/* What else is looked for, after the fields in paths. */
enum { ERROR, TRAILER, SKIPPED, GROUP, OTHERS };

struct run {
	const struct dedup_plan *plan;
	struct dedupgroup_rule rule;
	struct json_paths paths;
	struct detfield vector;
	struct intern names;
	struct dedupgroup *group; /* by code; without a group there is one */
	size_t groups;
	struct dedupgroup common; /* a reference for groups that have none */
	double *x;                /* the record at hand */
	unsigned long long used, skipped, beyond, duplicates;
	struct buf member;
};

/* How many values a record has is known, and there is room for one. */
static void
make_room(struct run *r)
{
	r->rule.d = r->vector.values;
	if (r->x == NULL && r->rule.d > 0)
		r->x = err_calloc(r->rule.d, sizeof(*r->x));
}

static struct dedupgroup *
add_group(struct run *r)
{
	r->group = err_realloc(r->group, (r->groups + 1) * sizeof(*r->group));
	r->group[r->groups] = (struct dedupgroup){.limit = r->common.limit};
	return &r->group[r->groups++];
}

/* Where a record has the value of the group's field; NULL: it has none. */
static const struct json_span *
group_in(const struct run *r, const struct json_span *found)
{
	return r->plan->group ? &found[r->vector.items + GROUP] : NULL;
}

/* The record's group, a new one if need be; NULL: it has none that counts. */
static struct dedupgroup *
group_of(struct run *r, const struct json_span *found)
{
	long code = 0;

	if (r->plan->group != NULL)
		code = intern_code(&r->names, group_in(r, found));
	if (code == INTERN_NO_MEMORY)
		err_memory();
	if (code < 0)
		return NULL;
	if ((size_t)code == r->plan->max_groups) {
		r->beyond++;
		return NULL;
	}
	while (r->groups <= (size_t)code)
		add_group(r);
	return &r->group[code];
}

/* A trailer, or what stands for a skipped line, is nobody's measurement. */
static int
is_control(const struct json_span *other)
{
	return other[TRAILER].type > JSON_FALSE ||
	       other[SKIPPED].type == JSON_STRING;
}

/* Whether the record has its vector, which is then in x. */
static int
has_vector(struct run *r, const struct json_span *found)
{
	const struct json_span *other = found + r->vector.items;

	if (other[ERROR].type > JSON_FALSE || is_control(other))
		return 0;
	if (r->vector.values == 0 && !detfield_learn(&r->vector, found))
		return 0;
	make_room(r);
	return detfield_numbers(&r->vector, found, r->x);
}

static void
filter(struct run *r, char **files, int n)
{
	struct json_span found[JSON_PATHS];
	struct json_line line;
	struct dedupgroup *g;
	struct rec in;

	rec_open(&in, files, n, '\n');
	in.skip_bad = r->plan->skip_bad;
	in.group = group_in(r, found);
	while (rec_json(&in, &r->paths, found, &line)) {
		if (state_barrier(in.line, in.len))
			continue;
		g = has_vector(r, found) ? group_of(r, found) : NULL;
		if (g != NULL) {
			r->used++;
			buf_key(&r->member, r->plan->tool->instance);
			r->duplicates += (unsigned)dedupgroup_put(
			    g, &r->rule, r->x, &r->member);
			out_append(in.line, in.len, &line, &r->member);
			continue;
		}
		detfield_complain(&r->vector, in.file, in.number);
		r->skipped += !is_control(found + r->vector.items);
		out_record(in.line, in.len);
	}
	rec_close(&in);
}

/* Records without the group's field are for the groups that have no others. */
static void
read_reference(struct run *r, char *name)
{
	struct json_span found[JSON_PATHS];
	struct json_line line;
	struct rec in;

	rec_open(&in, &name, 1, '\n');
	in.group = group_in(r, found);
	in.shared = 1;
	while (rec_json(&in, &r->paths, found, &line)) {
		const struct json_span *group = &found[r->vector.items + GROUP];
		struct dedupgroup *g = &r->common;

		if (!has_vector(r, found)) {
			detfield_complain(&r->vector, in.file, in.number);
			continue;
		}
		if (r->plan->group != NULL && group->type > JSON_NULL)
			g = group_of(r, found);
		if (g != NULL)
			dedupgroup_learn(g, &r->rule, r->x);
	}
	rec_close(&in);
}

/* Ends the reference of a group out of the file; how long it was. */
static size_t
end_reference(struct run *r, struct dedupgroup *g)
{
	size_t n = g->learnt;

	if (n > 1) {
		dedupgroup_finish(g, &r->rule);
		return n;
	}
	dedupgroup_free(g);
	*g = (struct dedupgroup){.limit = r->common.limit};
	return n;
}

static void
learn_reference(struct run *r)
{
	char *name = err_strdup(r->plan->reference);
	size_t most, n;

	read_reference(r, name);
	most = end_reference(r, &r->common);
	for (size_t i = 0; i < r->groups; i++) {
		n = end_reference(r, &r->group[i]);
		most = n > most ? n : most;
	}
	if (most < 2)
		err_die("%s: %zu usable records are no reference", name, most);
	free(name);
}

static void
free_groups(struct run *r)
{
	for (size_t i = 0; i < r->groups; i++)
		dedupgroup_free(&r->group[i]);
	free(r->group);
	r->group = NULL;
	r->groups = 0;
	intern_free(&r->names);
}

static void
store_run(void *ctx, struct store *s)
{
	struct run *r = ctx;
	size_t groups;

	/* A state has all of them, in its own order. */
	if (store_reading(s)) {
		free_groups(r);
		intern_init(&r->names, r->plan->max_groups);
	}
	groups = r->groups;

	store_count(s, "used", &r->used);
	store_count(s, "skipped", &r->skipped);
	store_count(s, "beyond", &r->beyond);
	store_count(s, "duplicates", &r->duplicates);
	if (r->vector.learnt)
		detfield_state(&r->vector, s);
	make_room(r);
	if (r->plan->group != NULL)
		intern_state(&r->names, "group", s);
	store_size(s, "groups", &groups, 0, r->plan->max_groups);
	if (groups > 0 && r->vector.values == 0)
		store_refuse(s, "groups of no values");
	store_open(s, "states", '[');
	for (size_t i = 0; i < groups && s->why == NULL; i++)
		dedupgroup_state(
		    i < r->groups ? &r->group[i] : add_group(r), &r->rule, s);
	store_close(s, ']');
}

static void
open_state(struct run *r)
{
	static const char *const may_differ[] = {"name", "reference",
	    "skip-bad", "state", "wait", "max-groups", NULL};
	static const struct state_origin newer[] = {PARTITION_NEWER, {0}};
	static struct state_origin learnt[] = {{"reference", NULL}, {0}};
	const struct state_setup setup = {
	    .tool = r->plan->tool,
	    .may_differ = may_differ,
	    .newer = newer,
	    .made_with = learnt,
	    .walk = store_run,
	    .ctx = r,
	};

	if (state_wanted() && r->plan->reference != NULL)
		learnt->text = statefile_digest(r->plan->reference);
	else
		learnt->name = NULL;
	state_open(&setup);
}

/* A group's path may be the field's as well. */
static void
prepare(struct run *r)
{
	const struct dedup_plan *p = r->plan;
	const char *const others[OTHERS] = {"error", "trailer",
	    "skipped.reason", p->group ? p->group : "error"};

	if (p->fields.n > JSON_PATHS - OTHERS)
		err_die("'--field': more than %d", JSON_PATHS - OTHERS);
	detfield_init(&r->vector, p->fields.item, p->fields.n, &r->paths);
	for (int i = 0; i < OTHERS; i++)
		if (jsonpath_add(&r->paths, others[i]) < 0)
			err_die(
			    "'--group': not a dotted path: '%s'", others[i]);
	intern_init(&r->names, p->max_groups);
	r->common.limit = p->distance;
	r->rule.quantile = p->quantile;
	r->rule.reference_size = p->reference_size;
}

/* What a person should know at the end. */
static void
report(const struct run *r)
{
	err_info("%llu records used, %llu skipped, %llu duplicates", r->used,
	    r->skipped, r->duplicates);
	if (r->beyond > 0)
		err_warn("%llu records skipped: more than %zu values of '%s'",
		    r->beyond, r->plan->max_groups, r->plan->group);
	if (r->vector.odd > 1)
		err_warn("%llu records skipped: an array without all of the "
			 "elements that are wanted",
		    r->vector.odd);
	if (r->used == 0 && r->skipped > 0)
		err_warn("none of %llu records has numbers in all of the "
			 "fields, the first being '%s'",
		    r->skipped, r->plan->fields.item[0]);
}

void
dedup_run(const struct dedup_plan *plan, char **files, int n)
{
	struct run r = {.plan = plan};

	partition_open(plan->group);
	prepare(&r);
	if (plan->reference != NULL)
		learn_reference(&r);
	open_state(&r);
	filter(&r, files, n);
	out_flush();
	state_end();
	report(&r);
	free_groups(&r);
	free(r.x);
	detfield_free(&r.vector);
	buf_free(&r.member);
	out_close();
}
