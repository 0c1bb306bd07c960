#include <stdlib.h>

#include "monitor/detopt.h"
#include "monitor/detref.h"
#include "monitor/detstart.h"
#include "tool/err.h"
#include "tool/rec.h"

/* Learns a record of the reference's file. */
static void
learn_record(
    struct detrun *d, const struct rec *in, const struct json_span *found)
{
	const struct json_span *other = found + d->setup.watched.items;
	struct detgroup *g = NULL;
	enum detrun_verdict what = DETRUN_UNUSABLE;

	if (detrun_is_passed(other))
		return;
	if (detopt.group == NULL || other[DETRUN_GROUP].type > JSON_NULL ||
	    other[DETRUN_ERROR].type > JSON_FALSE) {
		what = detrun_judge(d, found, &g);
	} else if (detrun_knows_fields(d, found)) {
		g = d->common;
		what = detrun_judge_values(d, found, g);
	}
	if (what == DETRUN_FOREIGN)
		err_die("%s:%llu: of model %.*s, after \"%.*s\": a reference "
			"is of one model",
		    in->file, in->number, (int)other[DETRUN_MODEL].len,
		    other[DETRUN_MODEL].p,
		    (int)detgroup_model(g, &d->setup)->len,
		    detgroup_model(g, &d->setup)->name);
	if (what == DETRUN_USABLE)
		detgroup_learn(g, &d->setup);
}

void
detref_learn(struct detrun *d)
{
	static char *name[1];
	struct json_span found[JSON_PATHS];
	struct json_line line;
	struct rec in;
	size_t learnt;

	name[0] = err_strdup(detopt.reference);
	rec_open(&in, name, 1, '\n');
	in.group = detrun_group_in(d, found);
	in.shared = 1;
	while (rec_json(&in, &d->paths, found, &line)) {
		learn_record(d, &in, found);
		detfield_complain(&d->setup.watched, in.file, in.number);
	}
	rec_close(&in);
	learnt = d->common != NULL ? d->common->learnt : 0;
	d->shared = learnt >= 2;
	if (d->common != NULL)
		d->common->from_file = 1;
	if (d->shared)
		detstart_group(d->common, &d->setup);
	for (size_t i = 0; i < d->groups; i++) {
		struct detgroup *g = d->group[i];

		learnt = g->learnt > learnt ? g->learnt : learnt;
		g->from_file = 1;
		if (g->learnt >= 2) {
			detstart_group(g, &d->setup);
		} else if (d->shared) {
			/* It knows nothing yet but classes, if those. */
			detgroup_free(g, &d->setup);
			d->group[i] = detgroup_new(&d->setup, i);
			detgroup_share(d->group[i], &d->setup, d->common);
		}
	}
	if (learnt < 2)
		err_die("%s: %zu usable records are no reference",
		    detopt.reference, learnt);
}

void
detref_learn_group(struct detrun *d, const char *file)
{
	char *name[1] = {err_strdup(file)};
	struct json_span found[JSON_PATHS];
	struct detgroup *g = NULL;
	struct json_line line;
	struct rec in;
	long code;

	rec_open(&in, name, 1, '\n');
	while (rec_json(&in, &d->paths, found, &line)) {
		if (detrun_is_passed(found + d->setup.watched.items))
			continue;
		code = detrun_group_code(d, found);
		if (code < 0 || !detrun_knows_fields(d, found))
			continue;
		while (d->groups <= (size_t)code)
			detrun_add_group(d);
		if (g == NULL) {
			detgroup_free(d->group[code], &d->setup);
			g = detgroup_new(&d->setup, (size_t)code);
			d->group[code] = g;
		}
		if (detrun_judge_values(d, found, g) == DETRUN_USABLE &&
		    !d->by_itself)
			detgroup_learn(g, &d->setup);
	}
	rec_close(&in);
	if (!d->by_itself && (g == NULL || g->learnt < 2))
		err_die("%s: %zu usable records are no reference", file,
		    g != NULL ? g->learnt : 0);
	if (g != NULL && !d->by_itself)
		g->wanted = g->learnt;
	if (g != NULL) {
		detstart_group(g, &d->setup);
		/* As after any reference out of a file. */
		detgroup_interrupt(g, &d->setup);
	}
	free(name[0]);
}
