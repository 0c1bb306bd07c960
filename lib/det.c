#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "det.h"
#include "err.h"
#include "json.h"
#include "jsonval.h"
#include "limit.h"
#include "out.h"
#include "rec.h"

static const char *default_fields[] = {"feat.mean", "feat.std"};
static struct {
	struct opt_list fields;
	const char *reference;
	long long reference_size;
	double fap;
	long long horizon;
	int exit_status, skip_bad;
} opt = {
    .fields = {default_fields, 2},
    .reference_size = 500,
    .fap = 0.05,
    .horizon = 10000,
};

struct tool det_tool;

const struct opt det_options[] = {
    {'f', "field", OPT_LIST, &opt.fields, "NAME",
	"numeric field to watch, repeatable", 0, 0},
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
    {'e', "exit-status", OPT_FLAG, &opt.exit_status, NULL,
	"exit with 1 when an event was raised", 0, 0},
    {0, "skip-bad", OPT_FLAG, &opt.skip_bad, NULL,
	"drop lines that are not JSON objects", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

/* Where error and trailer stand in paths, behind the fields. */
enum { ERROR, TRAILER, OTHERS };

/* One watched field. */
struct field {
	void *detector;
	double *reference; /* while it is learnt */
	double stat;
	int alarm;
};

/* The detectors of one stream: state, reference and limit are the group's. */
struct group {
	int started;         /* the reference is complete */
	size_t learnt, room; /* values in the reference, and space for them */
	double limit;
	int alarm;
	struct field *field;
};

struct run {
	const struct det_kind *kind;
	size_t fields;
	double *x;               /* the record's values */
	struct buf *head;        /* a field's {"field":"name","stat": */
	struct buf open;         /* "pht":{"alarm": */
	struct buf middle;       /* ,"limit":0.1,"alarm": */
	struct json_paths paths; /* the fields, then error and trailer */
	unsigned long long used, unusable, events;
	struct group group;
	struct buf member;
};

/* The record's values, 1; or 0 when it can't be used. */
static int
values(const struct run *d, const struct json_span *found)
{
	if (found[d->fields + ERROR].type > JSON_NULL ||
	    found[d->fields + TRAILER].type > JSON_NULL)
		return 0;
	for (size_t i = 0; i < d->fields; i++)
		if (json_number(&found[i], &d->x[i]) < 0)
			return 0;
	return 1;
}

/* The limit of one test: the fields share the false alarms evenly. */
static double
find_limit(const struct run *d, size_t n)
{
	struct buf key = {0};
	struct limit_query q = {.life = d->kind->life,
	    .params = d->kind->params,
	    .n = n,
	    .q = opt.fap / (double)d->fields,
	    .horizon = (unsigned long long)opt.horizon};
	double limit = d->kind->limit(n);

	if (!isnan(limit)) {
		err_info("limit %.6g, by the options", limit);
		return limit;
	}
	d->kind->key(&key);
	buf_put(&key, "", 1);
	if (key.failed)
		err_die("out of memory");
	q.key = key.p;
	limit = limit_find(&q);
	buf_free(&key);
	return limit;
}

/* The reference is complete: the detectors start. */
static void
start(struct run *d, struct group *g)
{
	for (size_t i = 0; i < d->fields; i++) {
		const char *why = d->kind->init(
		    g->field[i].detector, g->field[i].reference, g->learnt);

		if (why != NULL)
			err_die("'%s': %s", opt.fields.item[i], why);
		free(g->field[i].reference);
		g->field[i].reference = NULL;
	}
	g->limit = find_limit(d, g->learnt);
	for (size_t i = 0; i < d->fields && d->kind->hold != NULL; i++)
		d->kind->hold(g->field[i].detector, g->limit);
	d->middle.len = 0;
	buf_str(&d->middle, ",\"limit\":");
	buf_real(&d->middle, g->limit);
	buf_str(&d->middle, ",\"alarm\":");
	g->started = 1;
}

/* One more record of the reference. */
static void
learn(struct run *d, struct group *g)
{
	if (g->learnt == g->room) {
		g->room = g->room ? g->room * 2 : 512;
		for (size_t i = 0; i < d->fields; i++)
			g->field[i].reference = err_realloc(
			    g->field[i].reference, g->room * sizeof(double));
	}
	for (size_t i = 0; i < d->fields; i++)
		g->field[i].reference[g->learnt] = d->x[i];
	g->learnt++;
}

/* Feeds the record's values; whether there is a statistic of all fields. */
static int
feed(struct run *d, struct group *g)
{
	int ready = 1;

	for (size_t i = 0; i < d->fields; i++) {
		struct field *f = &g->field[i];

		d->kind->add(f->detector, d->x[i]);
		ready &= d->kind->stat(f->detector, &f->stat);
	}
	return ready;
}

/* Puts the level and, where it rises, the event; returns whether it rose. */
static int
put_alarm(struct buf *b, int alarm, int *before)
{
	int rises = alarm && !*before;

	buf_str(b, alarm ? "true" : "false");
	if (rises)
		buf_str(b, ",\"event\":\"drift\"");
	*before = alarm;
	return rises;
}

static void
put_tests(struct run *d, struct group *g, struct buf *b)
{
	int any = 0;

	for (size_t i = 0; i < d->fields; i++)
		any |= g->field[i].stat > g->limit;
	d->events += (unsigned)put_alarm(b, any, &g->alarm);
	buf_str(b, ",\"tests\":[");
	for (size_t i = 0; i < d->fields; i++) {
		struct field *f = &g->field[i];

		buf_put(b, d->head[i].p, d->head[i].len);
		buf_real(b, f->stat);
		buf_put(b, d->middle.p, d->middle.len);
		put_alarm(b, f->stat > g->limit, &f->alarm);
		if (d->kind->print != NULL)
			d->kind->print(f->detector, b);
		buf_str(b, i + 1 < d->fields ? "}," : "}");
	}
	buf_str(b, "]");
}

/* No statistic: the level is down, and the state says why. */
static void
put_state(struct run *d, struct group *g, struct buf *b, const char *state)
{
	put_alarm(b, 0, &g->alarm);
	for (size_t i = 0; i < d->fields; i++)
		g->field[i].alarm = 0;
	buf_key_str(b, "state", state);
}

/* A record that can be used: what the detector says of it. */
static void
member(struct run *d, struct group *g, struct buf *b)
{
	buf_put(b, d->open.p, d->open.len);
	if (!g->started) {
		learn(d, g);
		put_state(d, g, b, "learning");
		if (g->learnt == (size_t)opt.reference_size)
			start(d, g);
	} else if (feed(d, g)) {
		put_tests(d, g, b);
	} else {
		put_state(d, g, b, "filling");
	}
	buf_str(b, "}");
}

static void
stream(struct run *d, char **files, int n)
{
	struct json_span found[JSON_PATHS];
	struct json_line line;
	struct rec in;

	rec_open(&in, files, n, '\n');
	in.skip_bad = opt.skip_bad;
	while (rec_json(&in, &d->paths, found, &line)) {
		if (values(d, found)) {
			d->used++;
			member(d, &d->group, &d->member);
			out_append(&in, &line, &d->member);
		} else {
			/* A trailer is nobody's measurement. */
			d->unusable += found[d->fields + TRAILER].type <=
				       JSON_NULL;
			out_record(&in);
		}
	}
	rec_close(&in);
}

/* The reference out of a file of records. */
static void
learn_file(struct run *d, struct group *g)
{
	static char *name[1];
	struct json_span found[JSON_PATHS];
	struct json_line line;
	struct rec in;

	name[0] = err_strdup(opt.reference);
	rec_open(&in, name, 1, '\n');
	while (rec_json(&in, &d->paths, found, &line))
		if (values(d, found))
			learn(d, g);
	rec_close(&in);
	if (g->learnt < 2)
		err_die("%s: %zu usable records are no reference",
		    opt.reference, g->learnt);
	start(d, g);
}

static void
prepare(struct run *d)
{
	static const char *const others[OTHERS] = {"error", "trailer"};

	if (opt.fields.n > JSON_PATHS - OTHERS)
		err_die("'--field': more than %d", JSON_PATHS - OTHERS);
	d->fields = opt.fields.n;
	d->x = err_calloc(d->fields, sizeof(*d->x));
	d->head = err_calloc(d->fields, sizeof(*d->head));
	d->group.field = err_calloc(d->fields, sizeof(*d->group.field));
	for (size_t i = 0; i < d->fields; i++) {
		const char *name = opt.fields.item[i];

		if (json_path(&d->paths, name) < 0)
			err_die("'--field': not a dotted path: '%s'", name);
		d->group.field[i].detector = err_calloc(1, d->kind->size);
		buf_str(&d->head[i], "{");
		buf_key_str(&d->head[i], "field", name);
		buf_str(&d->head[i], ",\"stat\":");
	}
	buf_key(&d->open, det_tool.instance);
	buf_str(&d->open, "{\"alarm\":");
	for (int i = 0; i < OTHERS; i++)
		json_path(&d->paths, others[i]);
}

/* What a person should know at the end. */
static void
report(const struct run *d)
{
	const struct group *g = &d->group;

	err_info("%llu records used, %llu passed by, %llu events", d->used,
	    d->unusable, d->events);
	if (d->used == 0 && d->unusable > 0)
		err_warn("none of %llu records has numbers in all of the "
			 "fields, the first being '%s'",
		    d->unusable, opt.fields.item[0]);
	else if (d->used > 0 && !g->started)
		err_warn("the input ended at %zu of %lld records of the "
			 "reference: nothing was tested",
		    g->learnt, opt.reference_size);
}

static void
finish(struct run *d)
{
	for (size_t i = 0; i < d->fields; i++) {
		if (d->group.started)
			d->kind->free(d->group.field[i].detector);
		free(d->group.field[i].detector);
		free(d->group.field[i].reference);
		buf_free(&d->head[i]);
	}
	free(d->group.field);
	free(d->head);
	free(d->x);
	buf_free(&d->open);
	buf_free(&d->middle);
	buf_free(&d->member);
}

int
det_run(const struct det_kind *kind, char **files, int n)
{
	struct run d = {.kind = kind};

	prepare(&d);
	if (kind->no_reference != NULL && kind->no_reference())
		start(&d, &d.group);
	else if (opt.reference != NULL)
		learn_file(&d, &d.group);
	stream(&d, files, n);
	report(&d);
	finish(&d);
	out_close();
	return opt.exit_status && d.events > 0 ? EXIT_EVENT : 0;
}
