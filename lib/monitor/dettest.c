#include <math.h>

#include "json/jsonscan.h"
#include "monitor/detevent.h"
#include "monitor/detmember.h"
#include "monitor/detopt.h"
#include "monitor/dettest.h"
#include "run/state.h"
#include "tool/err.h"
#include "tool/out.h"
#include "tool/rec.h"

/* A record of a group that is one too many. */
static void
skip_group(struct detrun *d, const struct rec *in, const struct json_line *line)
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
test_record(struct detrun *d, struct detgroup *g, const struct rec *in,
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
skip_foreign(struct detrun *d, const struct rec *in,
    const struct json_line *line, const struct json_span *model,
    struct detgroup *g)
{
	if (!d->told)
		err_warn("%s:%llu: of model %.*s, and the reference of "
			 "\"%.*s\": nothing is tested where they differ",
		    in->file, in->number, (int)model->len, model->p,
		    (int)detgroup_model(g, &d->setup)->len,
		    detgroup_model(g, &d->setup)->name);
	d->told = 1;
	d->unusable++;
	d->foreign++;
	detmember_put_foreign(g, &d->setup, &d->member);
	out_append(in->line, in->len, line, &d->member);
}

/* A record in a context that the reference has not. */
static void
skip_unseen(struct detrun *d, const struct rec *in,
    const struct json_line *line, struct detgroup *g)
{
	detcontext_complain(&d->context, in->file, in->number);
	d->unusable++;
	d->unseen++;
	detmember_put_unseen(g, &d->setup, &d->member);
	out_append(in->line, in->len, line, &d->member);
}

void
dettest_stream(struct detrun *d, char **files, int n)
{
	struct json_span found[JSON_PATHS];
	struct json_line line;
	struct detgroup *g;
	struct rec in;

	rec_open(&in, files, n, '\n');
	in.skip_bad = detopt.skip_bad;
	in.group = detrun_group_in(d, found);
	while (rec_json(&in, &d->paths, found, &line)) {
		const struct json_span *other = found + d->setup.watched.items;

		if (state_barrier(in.line, in.len))
			continue;
		switch (detrun_judge(d, found, &g)) {
		case DETRUN_USABLE:
			test_record(d, g, &in, &other[DETRUN_SEQ], &line);
			break;
		case DETRUN_BEYOND:
			skip_group(d, &in, &line);
			break;
		case DETRUN_FOREIGN:
			skip_foreign(d, &in, &line, &other[DETRUN_MODEL], g);
			break;
		case DETRUN_UNSEEN:
			skip_unseen(d, &in, &line, g);
			break;
		case DETRUN_PASSED:
			d->passed++;
			out_record(in.line, in.len);
			break;
		case DETRUN_UNUSABLE:
			detfield_complain(
			    &d->setup.watched, in.file, in.number);
			d->unusable += !detrun_is_control(other);
			out_record(in.line, in.len);
		}
	}
	rec_close(&in);
}
