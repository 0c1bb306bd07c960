#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detgroup.h"
#include "err.h"
#include "jsonval.h"

void
detgroup_prepare(struct detgroup_setup *s, const char *instance)
{
	s->x = err_calloc(s->fields, sizeof(*s->x));
	s->head = err_calloc(s->fields, sizeof(*s->head));
	for (size_t i = 0; i < s->fields; i++) {
		buf_str(&s->head[i], "{");
		buf_key_str(&s->head[i], "field", s->name[i]);
		buf_str(&s->head[i], ",\"stat\":");
	}
	buf_key(&s->open, instance);
	buf_str(&s->open, "{\"alarm\":");
	if (s->after == DETGROUP_ADOPT && s->kind->window != NULL)
		s->window = s->kind->window();
}

void
detgroup_finish(struct detgroup_setup *s)
{
	for (size_t i = 0; i < s->fields; i++)
		buf_free(&s->head[i]);
	free(s->head);
	free(s->x);
	buf_free(&s->open);
	detlimit_free(&s->limit);
}

void
detgroup_init(struct detgroup *g, const struct detgroup_setup *s)
{
	*g = (struct detgroup){.wanted = s->reference_size};
	g->field = err_calloc(s->fields, sizeof(*g->field));
	for (size_t i = 0; i < s->fields; i++) {
		struct detgroup_field *f = &g->field[i];

		f->detector = err_calloc(1, s->kind->size);
		f->recent = err_calloc(s->window, sizeof(*f->recent));
		if (s->kind->classes != NULL)
			intern_init(&f->names, *s->kind->classes);
	}
}

/* A field's value, or its class: 0, or -1 when it has none. */
static int
value(const struct detgroup_setup *s, struct detgroup_field *f,
    const struct json_span *found, double *x)
{
	long code;

	if (s->kind->classes == NULL)
		return json_number(found, x);
	code = intern_code(&f->names, found);
	if (code == INTERN_NO_MEMORY)
		err_die("out of memory");
	*x = (double)code;
	return code < 0 ? -1 : 0;
}

int
detgroup_values(
    struct detgroup *g, struct detgroup_setup *s, const struct json_span *found)
{
	for (size_t i = 0; i < s->fields; i++)
		if (value(s, &g->field[i], &found[i], &s->x[i]) < 0)
			return 0;
	return 1;
}

void
detgroup_learn(struct detgroup *g, const struct detgroup_setup *s)
{
	if (g->learnt == g->room) {
		g->room = g->room ? g->room * 2 : 512;
		for (size_t i = 0; i < s->fields; i++)
			g->field[i].reference = err_realloc(
			    g->field[i].reference, g->room * sizeof(double));
	}
	for (size_t i = 0; i < s->fields; i++)
		g->field[i].reference[g->learnt] = s->x[i];
	g->learnt++;
}

/* Gives the classes the codes that they have in from. */
static void
copy_names(struct intern *names, const struct intern *from)
{
	struct buf text = {0};

	for (size_t code = 0; code < from->n; code++) {
		struct json_span v;

		text.len = 0;
		intern_put(from, code, &text);
		v = (struct json_span){
		    text.p, text.len, json_type_of((unsigned char)*text.p)};
		if (intern_code(names, &v) < 0)
			err_die("out of memory");
	}
	buf_free(&text);
}

void
detgroup_copy(struct detgroup *g, const struct detgroup_setup *s,
    const struct detgroup *from)
{
	size_t size = from->learnt * sizeof(double);

	g->learnt = g->room = from->learnt;
	for (size_t i = 0; i < s->fields; i++) {
		g->field[i].reference = err_malloc(size);
		memcpy(g->field[i].reference, from->field[i].reference, size);
		copy_names(&g->field[i].names, &from->field[i].names);
	}
}

static void
find_limits(struct detgroup *g, struct detgroup_setup *s)
{
	void **detector = err_calloc(s->fields, sizeof(*detector));
	const double **ref = err_calloc(s->fields, sizeof(*ref));
	double *limit = err_calloc(s->fields, sizeof(*limit));

	for (size_t i = 0; i < s->fields; i++) {
		detector[i] = g->field[i].detector;
		ref[i] = g->field[i].reference;
	}
	detlimit_find(
	    &s->limit, s->kind, s->fields, detector, ref, g->learnt, limit);
	for (size_t i = 0; i < s->fields; i++)
		g->field[i].limit = limit[i];
	free(detector);
	free(ref);
	free(limit);
}

void
detgroup_teach(struct detgroup *g, const struct detgroup_setup *s)
{
	for (size_t i = 0; i < s->fields; i++) {
		struct detgroup_field *f = &g->field[i];
		const char *why = s->kind->init(
		    f->detector, f->reference, g->learnt);

		if (why != NULL)
			err_die("'%s': %s", s->name[i], why);
		if (s->kind->names != NULL)
			s->kind->names(f->detector, &f->names);
	}
	g->started = 1;
}

void
detgroup_settle(struct detgroup *g, const struct detgroup_setup *s)
{
	for (size_t i = 0; i < s->fields; i++) {
		struct detgroup_field *f = &g->field[i];

		if (s->kind->hold != NULL)
			s->kind->hold(f->detector, f->limit);
		f->middle.len = 0;
		buf_str(&f->middle, ",\"limit\":");
		buf_real(&f->middle, f->limit);
		buf_str(&f->middle, ",\"alarm\":");
		if (s->remember && !g->from_file)
			continue;
		free(f->reference);
		f->reference = NULL;
		g->room = 0;
	}
}

void
detgroup_rehearse(struct detgroup_setup *s)
{
	struct detgroup g;

	detgroup_init(&g, s);
	for (size_t n = 0; n < s->reference_size; n++) {
		for (size_t i = 0; i < s->fields; i++)
			s->x[i] = s->kind->classes ? 0 : (double)n;
		detgroup_learn(&g, s);
	}
	detgroup_teach(&g, s);
	/* These limits depend on what the reference will be. */
	if (!s->limit.resample && s->kind->digest == NULL)
		find_limits(&g, s);
	detgroup_free(&g, s);
}

void
detgroup_start(struct detgroup *g, struct detgroup_setup *s)
{
	detgroup_teach(g, s);
	find_limits(g, s);
	detgroup_settle(g, s);
	g->wanted = g->learnt;
	g->fed = 0;
	g->log = (struct seqlog){0};
}

/* Feeds the record's values; whether there is a statistic of all fields. */
static int
feed(struct detgroup *g, const struct detgroup_setup *s)
{
	int ready = 1;

	for (size_t i = 0; i < s->fields; i++) {
		struct detgroup_field *f = &g->field[i];

		s->kind->add(f->detector, s->x[i]);
		ready &= s->kind->stat(f->detector, &f->stat);
		if (s->window > 0)
			f->recent[g->fed % s->window] = s->x[i];
	}
	g->fed++;
	if (s->kind->since != NULL)
		seqlog_add(&g->log, s->seq);
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

/* When the change was: how many records ago, and which one it began with. */
static void
put_change(const struct detgroup *g, const struct detgroup_setup *s,
    const void *detector, struct buf *b)
{
	long long since = s->kind->since(detector);
	double seq;

	if (since < 0)
		return;
	buf_str(b, ",\"since\":");
	buf_int(b, since);
	if (since > 0 &&
	    seqlog_find(&g->log, (unsigned long long)since - 1, &seq) == 0 &&
	    !isnan(seq)) {
		buf_str(b, ",\"since_seq\":");
		buf_real(b, seq);
	}
}

/* An alarm ends a good way below the limit, or each wobble there would be one. */
static int
alarms(const struct detgroup_field *f)
{
	return f->stat > f->limit ||
	       (f->alarm && f->stat > DETGROUP_END * f->limit);
}

/* Returns whether there was an event. */
static int
put_tests(struct detgroup *g, const struct detgroup_setup *s, struct buf *b)
{
	int any = 0, event;

	for (size_t i = 0; i < s->fields; i++)
		any |= alarms(&g->field[i]);
	event = put_alarm(b, any, &g->alarm);
	buf_str(b, ",\"tests\":[");
	for (size_t i = 0; i < s->fields; i++) {
		struct detgroup_field *f = &g->field[i];

		buf_put(b, s->head[i].p, s->head[i].len);
		buf_real(b, f->stat);
		buf_put(b, f->middle.p, f->middle.len);
		put_alarm(b, alarms(f), &f->alarm);
		if (s->kind->print != NULL)
			s->kind->print(f->detector, b);
		if (s->kind->since != NULL)
			put_change(g, s, f->detector, b);
		buf_str(b, i + 1 < s->fields ? "}," : "}");
	}
	buf_str(b, "]");
	return event;
}

/* No statistic: the level is down, and the state says why. */
static void
put_state(struct detgroup *g, const struct detgroup_setup *s, struct buf *b,
    const char *state)
{
	put_alarm(b, 0, &g->alarm);
	for (size_t i = 0; i < s->fields; i++)
		g->field[i].alarm = 0;
	buf_key_str(b, "state", state);
}

/* The window begins a new reference, the oldest value first. */
static void
adopt(struct detgroup *g, struct detgroup_setup *s)
{
	size_t n = g->fed < s->window ? (size_t)g->fed : s->window;

	for (size_t i = 0; i < s->fields; i++)
		s->kind->free(g->field[i].detector);
	g->started = g->from_file = 0;
	g->learnt = 0;
	n = n < g->wanted ? n : g->wanted;
	for (unsigned long long t = g->fed - n; t < g->fed; t++) {
		for (size_t i = 0; i < s->fields; i++)
			s->x[i] = g->field[i].recent[t % s->window];
		detgroup_learn(g, s);
	}
	if (g->learnt == g->wanted)
		detgroup_start(g, s);
}

/* What --after says is to follow an event. */
static void
go_on(struct detgroup *g, struct detgroup_setup *s)
{
	if (s->after == DETGROUP_HOLD)
		return;
	if (s->after == DETGROUP_ADOPT) {
		adopt(g, s);
		return;
	}
	for (size_t i = 0; i < s->fields; i++)
		s->kind->reset(g->field[i].detector);
}

void
detgroup_member(struct detgroup *g, struct detgroup_setup *s, struct buf *b)
{
	int event = 0;

	buf_put(b, s->open.p, s->open.len);
	if (!g->started) {
		detgroup_learn(g, s);
		put_state(g, s, b, "learning");
		if (g->learnt == g->wanted)
			detgroup_start(g, s);
	} else if (feed(g, s)) {
		event = put_tests(g, s, b);
		g->tested = 1;
	} else {
		put_state(g, s, b, "filling");
	}
	buf_str(b, "}");
	if (event) {
		s->events++;
		go_on(g, s);
	}
}

void
detgroup_free(struct detgroup *g, const struct detgroup_setup *s)
{
	for (size_t i = 0; i < s->fields; i++) {
		struct detgroup_field *f = &g->field[i];

		if (g->started)
			s->kind->free(f->detector);
		free(f->detector);
		free(f->reference);
		free(f->recent);
		intern_free(&f->names);
		buf_free(&f->middle);
	}
	free(g->field);
}
