#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fleet/evalue.h"
#include "fleet/fdr.h"
#include "fleet/fdrline.h"
#include "json/intern.h"
#include "json/jsonpath.h"
#include "metric/detread.h"
#include "run/state.h"
#include "stats/ebh.h"
#include "tool/barrier.h"
#include "tool/err.h"
#include "tool/out.h"
#include "tool/rec.h"

enum { FIELDS = 10000 }; /* names of fields that are told apart */

struct stream {
	double e;       /* of its last tests; 1 before there are any */
	double sum;     /* of the period */
	double time;    /* of its last record that has one, or 0 */
	double share;   /* of e, of the test that has most of it */
	uint32_t field; /* whose that is, or FIELDS */
	uint8_t shown;  /* at the last look */
};

struct place {
	double e;
	size_t stream;
};

struct run {
	const struct fdr_plan *plan;
	struct intern names, fields;
	struct stream *stream;
	size_t streams, room;
	unsigned long long records, looks, in_period;
	unsigned long long read_now, without, unread, beyond, entered;
	unsigned char *seen; /* the detectors that have had a test */
	struct detread read;
	struct buf line;
};

/* The stream of a group's value; NULL: there are too many, or it has none. */
static struct stream *
stream_of(struct run *r, const struct json_span *group)
{
	long code = intern_code(&r->names, group);

	if (code == INTERN_NO_MEMORY)
		err_memory();
	if (code < 0) {
		r->without++;
		return NULL;
	}
	if ((size_t)code == r->plan->max_groups) {
		r->beyond++;
		return NULL;
	}
	if ((size_t)code == r->room) {
		r->room = r->room > 0 ? 2 * r->room : 64;
		r->stream = err_realloc(
		    r->stream, r->room * sizeof(*r->stream));
	}
	if ((size_t)code == r->streams)
		r->stream[r->streams++] = (struct stream){
		    .e = 1, .field = FIELDS};
	return &r->stream[code];
}

/* What the tests of a record say of its stream, if it has any. */
static void
take(struct run *r, struct stream *s)
{
	const struct json_span *clock = &r->read.field[DETREAD_TIME];
	struct evalue v = evalue(&r->read, &r->plan->detectors, r->seen);
	double time;
	long code;

	if (clock->type == JSON_NUMBER && json_number(clock, &time) == 0)
		s->time = time;
	r->unread += r->read.bad > 0;
	if (isnan(v.e))
		return;
	s->e = v.e;
	s->share = v.share;
	code = intern_code(&r->fields, &v.field);
	if (code == INTERN_NO_MEMORY)
		err_memory();
	s->field = code < 0 ? FIELDS : (uint32_t)code;
}

/* Its line. */
static void
put_stream(struct run *r, const struct place *at, int shown, double limit)
{
	struct stream *s = &r->stream[at->stream];
	struct buf value = {0}, field = {0};
	const struct fdrline f = {
	    .group = r->plan->group,
	    .value = &value,
	    .name = r->plan->tool->instance,
	    .time = s->time,
	    .look = (long long)r->looks,
	    .e = at->e,
	    .limit = limit,
	    .shown = shown,
	    .enters = shown && !s->shown,
	    .field = &field,
	    .share = s->share,
	};

	intern_put(&r->names, at->stream, &value);
	if (s->field < FIELDS)
		intern_put(&r->fields, s->field, &field);
	fdrline_put(&f, &r->line);
	if (value.failed || field.failed)
		err_memory();
	out_line(&r->line);
	r->entered += f.enters != 0;
	buf_free(&value);
	buf_free(&field);
}

static int
falling(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	if (x->e != y->e)
		return x->e < y->e ? 1 : -1;
	return x->stream < y->stream ? -1 : x->stream > y->stream;
}

/* Adds up the period, and sorts. */
static struct place *
places(struct run *r)
{
	struct place *p = err_calloc(r->streams, sizeof(*p));

	for (size_t i = 0; i < r->streams; i++) {
		struct stream *s = &r->stream[i];

		if (r->in_period == 0)
			s->sum = 0;
		s->sum += s->e / (double)r->plan->looks;
		p[i] = (struct place){s->sum, i};
	}
	qsort(p, r->streams, sizeof(*p), falling);
	return p;
}

static void
look(struct run *r)
{
	double all = fmax((double)r->streams, (double)r->plan->streams), limit;
	struct place *p = places(r);
	double *e = err_calloc(r->streams, sizeof(*e));
	size_t shown;

	for (size_t i = 0; i < r->streams; i++)
		e[i] = p[i].e;
	shown = ebh_count(e, r->streams, all, r->plan->share);
	limit = ebh_limit(shown, all, r->plan->share);
	r->looks++;
	r->in_period = (r->in_period + 1) % r->plan->looks;
	for (size_t i = 0; i < r->streams; i++) {
		struct stream *s = &r->stream[p[i].stream];

		if (i < shown || s->shown || r->plan->all)
			put_stream(r, &p[i], i < shown, limit);
		s->shown = i < shown;
	}
	err_info("look %llu: %zu of %.0f streams, log10 e of %.4g or more",
	    r->looks, shown, all, log10(limit));
	free(p);
	free(e);
}

static void
take_record(struct run *r, const char *text, const struct json_span *group,
    const struct json_line *line)
{
	struct stream *s = stream_of(r, group);

	if (s == NULL)
		return;
	r->read_now++;
	detread(&r->read, text, line);
	take(r, s);
	if (++r->records != r->plan->every)
		return;
	look(r);
	r->records = 0;
}

/* Where the input ends, or with a pipeline as far as it has come. */
static void
look_at_end(struct run *r)
{
	if (r->plan->every == 0 && r->streams > 0)
		look(r);
}

static void
read_records(struct run *r, char **files, int n)
{
	struct json_paths paths = {0};
	struct json_span found[1];
	struct json_line line;
	struct rec in;
	int looked = 0;

	if (jsonpath_add(&paths, r->plan->group) < 0)
		err_die("'--group': not a dotted path: '%s'", r->plan->group);
	rec_open(&in, files, n, '\n');
	in.skip_bad = r->plan->skip_bad;
	while (rec_json(&in, &paths, found, &line)) {
		looked = barrier_number(in.line, in.len) > 0;
		if (looked)
			look_at_end(r);
		if (!state_barrier(in.line, in.len))
			take_record(r, in.line, &found[0], &line);
	}
	rec_close(&in);
	if (rec_stopped() && r->plan->every == 0 && !state_is_for_barriers())
		err_die("stopped by a signal");
	if (!looked)
		look_at_end(r);
}

static void
walk_stream(struct run *r, size_t i, struct store *s)
{
	struct stream *x = &r->stream[i];
	uint32_t number[2] = {x->field, x->shown};
	double real[4] = {x->e, x->sum, x->time, x->share};

	store_reals(s, NULL, real, 4);
	store_u32s(s, NULL, number, 2, FIELDS);
	if (!(real[0] >= 0 && isfinite(real[0]) && real[1] >= 0 &&
		isfinite(real[1]) && isfinite(real[2]) && real[3] >= 0 &&
		real[3] <= 1) ||
	    number[1] > 1 || (number[0] < FIELDS && number[0] >= r->fields.n)) {
		store_refuse(s, "a stream that can't be");
		return;
	}
	*x = (struct stream){
	    real[0], real[1], real[2], real[3], number[0], (uint8_t)number[1]};
}

static void
walk(void *ctx, struct store *s)
{
	struct run *r = ctx;
	size_t n;

	store_count(s, "records", &r->records);
	store_count(s, "looks", &r->looks);
	store_count(s, "period", &r->in_period);
	intern_state(&r->names, "group", s);
	intern_state(&r->fields, "fields", s);
	n = r->names.n;
	if (store_reading(s)) {
		r->streams = r->room = n;
		r->stream = err_calloc(n, sizeof(*r->stream));
	}
	if (r->in_period >= r->plan->looks)
		store_refuse(s, "a look after the period's last");
	store_open(s, "streams", '[');
	for (size_t i = 0; i < n && s->why == NULL; i++)
		walk_stream(r, i, s);
	store_close(s, ']');
}

/* What a person should know at the end. */
static void
report_end(const struct run *r)
{
	const struct opt_list *d = &r->plan->detectors;

	for (size_t i = 0; i < d->n && r->read_now > 0; i++)
		if (!r->seen[i])
			err_warn("no record has a test of '%s': a member of "
				 "that name with \"alarm\", and with \"tests\" "
				 "that have \"field\", \"alarm\" and \"stat\"; "
				 "'--detector' names another",
			    d->item[i]);
	if (r->read_now == 0 && r->without > 0)
		err_warn("none of %llu records has '%s'", r->without,
		    r->plan->group);
	if (r->unread > 0)
		err_warn("%llu records have a detector's member that can't be "
			 "read, of wrong types or of more than %d tests",
		    r->unread, DETREAD_TESTS);
	if (r->beyond > 0)
		err_warn("%llu records skipped: more than %zu values of '%s'",
		    r->beyond, r->plan->max_groups, r->plan->group);
}

unsigned long long
fdr_run(const struct fdr_plan *plan, char **files, int n)
{
	static const char *const may_differ[] = {"fdr", "streams", "all",
	    "skip-bad", "state", "wait", "name", "max-groups", NULL};
	struct run *r = err_calloc(1, sizeof(*r));
	const struct state_setup setup = {.tool = plan->tool,
	    .may_differ = may_differ,
	    .walk = walk,
	    .ctx = r};
	unsigned long long entered;

	r->plan = plan;
	r->seen = err_calloc(plan->detectors.n, 1);
	intern_init(&r->names, plan->max_groups);
	intern_init(&r->fields, FIELDS);
	state_open(&setup);
	read_records(r, files, n);
	out_flush();
	state_end();
	report_end(r);
	entered = r->entered;
	intern_free(&r->names);
	intern_free(&r->fields);
	free(r->stream);
	free(r->seen);
	buf_free(&r->line);
	free(r);
	out_close();
	return entered;
}
