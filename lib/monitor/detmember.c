#include <math.h>
#include <string.h>

#include "monitor/detmember.h"
#include "monitor/detstart.h"
#include "tool/err.h"

/* The values of a test, or their scores, which the caller may change. */
static double *
values(const struct detgroup *g, const struct detgroup_setup *s, size_t i)
{
	const struct context *c = detlearn_context(g->test[i].chain);
	const double *x = s->x + i * s->width;

	if (c != NULL)
		context_score(
		    c, (size_t)detpools_of(g->pools, s->code), x, s->z);
	else
		memcpy(s->z, x, s->width * sizeof(*x));
	return s->z;
}

/* The detector has the record, and an alarm its score. */
static void
add(const struct kind_verbs *verbs, struct detgroup_test *test, double *row)
{
	struct residual *r = detlearn_residual(test->chain);
	struct ending *e = test->ending;

	if (r != NULL && !residual_next(r, row))
		return;
	if (verbs->add == NULL)
		verbs->add_row(test->detector, row);
	else
		verbs->add(test->detector, *row);
	if (e != NULL)
		ending_add(e, verbs->score(test->detector, e->direction));
}

/* Feeds the record's values; whether there is a statistic of all fields. */
static int
feed(struct detgroup *g, const struct detgroup_setup *s)
{
	const struct kind_verbs *verbs = s->kind->verbs;
	int ready = 1;

	for (size_t i = 0; i < s->tests; i++) {
		struct detgroup_test *test = &g->test[i];

		add(verbs, test, values(g, s, i));
		ready &= verbs->value(test->detector, &test->stat);
		if (isnan(test->stat))
			err_memory();
	}
	if (s->window > 0)
		detkept_recent(g->kept, g->fed, s->x, s->code);
	g->fed++;
	if (verbs->since != NULL)
		seqlog_add(&g->log, s->seq);
	return ready;
}

/* Puts the level and, where it rises, the event; returns whether it rose. */
static int
put_alarm(struct buf *b, int alarm, uint8_t *before)
{
	int rises = alarm && !*before;

	buf_str(b, alarm ? "true" : "false");
	if (rises)
		buf_str(b, ",\"event\":\"drift\"");
	*before = alarm != 0;
	return rises;
}

/* When the change was: how many records ago, and which one it began with. */
static void
put_change(const struct detgroup *g, const struct detgroup_setup *s,
    const void *detector, struct buf *b)
{
	long long since = s->kind->verbs->since(detector);
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

static int
alarms(const struct detgroup_test *test)
{
	return ending_alarm(test->ending, test->alarm, test->stat, test->limit);
}

/* The alarm of a test begins, goes on or ends; returns whether it began. */
static int
put_level(
    struct detgroup_test *test, const struct detgroup_setup *s, struct buf *b)
{
	const struct kind_verbs *verbs = s->kind->verbs;
	int rises = put_alarm(b, alarms(test), &test->alarm);
	size_t parts = 0;

	if (!test->alarm)
		detgroup_end(test);
	if (rises && verbs->parts != NULL && s->after == DETGROUP_HOLD)
		parts = verbs->parts(test->detector);
	if (parts > 0) {
		detgroup_await_end(test, parts);
		verbs->aim(test->detector, test->ending);
	}
	return rises;
}

/* Returns whether the detector has an event; *some: whether any test has. */
static int
put_tests(struct detgroup *g, const struct detgroup_setup *s, struct buf *b,
    int *some)
{
	int any = 0, event;

	for (size_t i = 0; i < s->tests; i++)
		any |= alarms(&g->test[i]);
	event = put_alarm(b, any, &g->alarm);
	buf_str(b, ",\"tests\":[");
	for (size_t i = 0; i < s->tests; i++) {
		struct detgroup_test *test = &g->test[i];

		buf_put(b, s->head[i].p, s->head[i].len);
		buf_real(b, test->stat);
		buf_str(b, ",\"limit\":");
		buf_real_again(b, &s->limit_text[i], test->limit);
		buf_str(b, ",\"alarm\":");
		*some |= put_level(test, s, b);
		if (s->kind->verbs->print != NULL)
			s->kind->verbs->print(test->detector, b);
		if (s->kind->verbs->since != NULL)
			put_change(g, s, test->detector, b);
		if (s->kind->verbs->explain != NULL && test->alarm)
			s->kind->verbs->explain(test->detector, b);
		buf_str(b, i + 1 < s->tests ? "}," : "}");
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
	for (size_t i = 0; i < s->tests; i++) {
		g->test[i].alarm = 0;
		detgroup_end(&g->test[i]);
	}
	buf_key_str(b, "state", state);
}

/* The window begins a new reference, the oldest value first. */
static void
adopt(struct detgroup *g, struct detgroup_setup *s)
{
	size_t n = g->fed < s->window ? (size_t)g->fed : s->window;

	detgroup_forget(g, s);
	g->from_file = g->plain = 0;
	g->learnt = 0;
	g->turn++;
	n = n < g->wanted ? n : g->wanted;
	for (unsigned long long t = g->fed - n; t < g->fed; t++) {
		detkept_take(g->kept, t, s->x, &s->code);
		detgroup_learn(g, s);
	}
	if (g->learnt == g->wanted)
		detstart_group(g, s);
}

/* What --after says is to follow an event. */
static void
follow_event(struct detgroup *g, struct detgroup_setup *s)
{
	if (s->after == DETGROUP_HOLD)
		return;
	if (s->after == DETGROUP_ADOPT) {
		adopt(g, s);
		return;
	}
	for (size_t i = 0; i < s->tests; i++)
		s->kind->verbs->reset(g->test[i].detector);
	g->turn++;
	detgroup_seed(g, s);
}

int
detmember_put(struct detgroup *g, struct detgroup_setup *s, struct buf *b)
{
	int event = 0, some = 0;

	buf_put(b, s->open.p, s->open.len);
	if (!g->started) {
		detgroup_learn(g, s);
		put_state(g, s, b, "learning");
		if (g->learnt == g->wanted)
			detstart_group(g, s);
	} else if (feed(g, s)) {
		event = put_tests(g, s, b, &some);
		g->tested = 1;
	} else {
		put_state(g, s, b, "filling");
	}
	buf_str(b, "}");
	if (event) {
		s->events++;
		follow_event(g, s);
	}
	return some;
}

void
detmember_put_foreign(
    struct detgroup *g, const struct detgroup_setup *s, struct buf *b)
{
	const struct recmodel *model = detgroup_model(g, s);

	buf_put(b, s->open.p, s->open.len);
	put_state(g, s, b, "skipped");
	buf_key_str(b, "reason", "model");
	buf_key(b, "reference");
	buf_str(b, "\"");
	buf_put(b, model->name, model->len);
	buf_str(b, "\"}");
}

void
detmember_put_unseen(
    const struct detgroup *g, const struct detgroup_setup *s, struct buf *b)
{
	buf_put(b, s->open.p, s->open.len);
	buf_str(b, g->alarm ? "true" : "false");
	buf_key_str(b, "state", "skipped");
	buf_key_str(b, "reason", "context");
	buf_str(b, "}");
}

void
detmember_put_skipped(const char *instance, struct buf *b)
{
	buf_key(b, instance);
	buf_str(b, "{\"alarm\":false");
	buf_key_str(b, "state", "skipped");
	buf_str(b, "}");
}
