#include <math.h>
#include <string.h>

#include "report/alerts.h"

/* A string's text, or a scalar as it is written; cut to fit. */
static void
copy(const struct json_span *s, char *text, size_t size)
{
	memset(text, 0, size);
	if (s->type == JSON_STRING) {
		json_text(s, text, size);
	} else {
		size_t n = s->len < size ? s->len : size - 1;

		memcpy(text, s->p, n);
	}
}

/* Whether the table's name is what the span, with its quotes, says. */
static int
is_named(const char *name, const struct json_span *s)
{
	size_t n = strlen(name);

	return s->len == n + 2 && memcmp(s->p + 1, name, n) == 0;
}

/* The number of a test; guess is where it stood the last time. */
static size_t
number_of(struct alerts *a, const struct json_span *detector,
    const struct json_span *field, size_t guess)
{
	for (size_t k = 0; k < a->n; k++) {
		size_t i = (guess + k) % a->n;

		if (is_named(a->test[i].field, field) &&
		    is_named(a->test[i].detector, detector))
			return i;
	}
	if (a->n == BUCKETS_TESTS || field->len > ALERTS_TEXT ||
	    detector->len > ALERTS_TEXT || memchr(field->p, '\\', field->len) ||
	    memchr(detector->p, '\\', detector->len)) {
		a->over = 1;
		return BUCKETS_TESTS;
	}
	memset(&a->test[a->n], 0, sizeof(*a->test));
	a->test[a->n].peak = NAN;
	copy(field, a->test[a->n].field, ALERTS_TEXT);
	copy(detector, a->test[a->n].detector, ALERTS_TEXT);
	return a->n++;
}

static double
number(const struct json_span *s)
{
	double x;

	return s->type == JSON_NUMBER && json_number(s, &x) == 0 ? x : NAN;
}

/* One of what contributed most: a class of chi2, a field of a vector. */
static void
read_top(const struct json_span *object, struct alerts_event *e, size_t i)
{
	struct json_span key, value;
	const char *at = NULL;

	e->top[i].share = e->top[i].observed = e->top[i].expected = NAN;
	while (json_next(object, &at, &key, &value)) {
		if (json_equals(&key, "class", 5) ||
		    json_equals(&key, "field", 5))
			copy(&value, e->top[i].what, ALERTS_TEXT);
		else if (json_equals(&key, "direction", 9))
			copy(&value, e->top[i].direction, 8);
		else if (json_equals(&key, "share", 5))
			e->top[i].share = number(&value);
		else if (json_equals(&key, "observed", 8))
			e->top[i].observed = number(&value);
		else if (json_equals(&key, "expected", 8))
			e->top[i].expected = number(&value);
	}
}

static void
read_tops(const struct json_span *array, struct alerts_event *e)
{
	struct json_span value;
	const char *at = NULL;
	size_t i = 0;

	if (array->type != JSON_ARRAY)
		return;
	while (i < ALERTS_TOP && json_next(array, &at, NULL, &value))
		if (value.type == JSON_OBJECT)
			read_top(&value, e, i++);
}

/* What a test says beside what detread reads; e->record is set. */
static void
read_test(const struct json_span *test, struct alerts_event *e)
{
	struct json_span key, value;
	const char *at = NULL;

	while (json_next(test, &at, &key, &value)) {
		if (json_equals(&key, "direction", 9)) {
			copy(&value, e->direction, sizeof(e->direction));
		} else if (json_equals(&key, "since", 5)) {
			double back = number(&value);

			if (back >= 1 && back <= (double)e->record)
				e->since = e->record + 1 -
					   (unsigned long long)back;
		} else if (json_equals(&key, "top", 3)) {
			read_tops(&value, e);
		}
	}
}

/* Finds the detector's i-th test in the line. */
static void
read_details(const char *line, const struct json_span *detector, size_t i,
    struct alerts_event *e)
{
	struct json_span whole = {line + strspn(line, " \t\r"), 0, JSON_OBJECT};
	struct json_span key, value, tests, test;
	const char *at = NULL, *in = NULL, *on = NULL;

	while (json_next(&whole, &at, &key, &value))
		if (key.p == detector->p)
			break;
	while (
	    value.type == JSON_OBJECT && json_next(&value, &in, &key, &tests))
		if (json_equals(&key, "tests", 5) && tests.type == JSON_ARRAY)
			while (json_next(&tests, &on, NULL, &test))
				if (i-- == 0 && test.type == JSON_OBJECT)
					read_test(&test, e);
}

static void
raise(struct alerts *a, const struct alerts_event *e)
{
	a->events++;
	a->test[e->test].events++;
	if (a->events_kept < ALERTS_EVENTS)
		a->event[a->events_kept++] = *e;
}

/* The event of one test; its estimated change point, or 0. */
static unsigned long long
add_event(struct alerts *a, const struct alerts_event *at, const char *line,
    const struct detread_member *m, size_t i)
{
	struct alerts_event e = *at;

	read_details(line, &m->name, i, &e);
	raise(a, &e);
	return e.since;
}

static void
begin_episode(
    struct alerts *a, const struct alerts_event *at, unsigned long long since)
{
	struct alerts_episode *last = a->episodes_kept > 0
					  ? &a->episode[a->episodes_kept - 1]
					  : NULL;

	if (last != NULL && since > 0 && since <= last->end) {
		last->end = 0;
		last->ended = NAN;
		return;
	}
	if (a->episodes_kept == ALERTS_EPISODES)
		memmove(a->episode, a->episode + 1,
		    --a->episodes_kept * sizeof(*a->episode));
	a->episode[a->episodes_kept++] = (struct alerts_episode){
	    .begin = at->record,
	    .since = at->record,
	    .begun = at->time,
	    .ended = NAN,
	    .since_time = NAN};
	a->episodes++;
}

static void
follow_episode(struct alerts *a, int alarm, unsigned long long since,
    size_t events, const struct alerts_event *at)
{
	struct alerts_episode *e;

	if (alarm && !a->alarm)
		begin_episode(a, at, since);
	if (a->episodes_kept > 0) {
		e = &a->episode[a->episodes_kept - 1];
		e->events += events;
		if (alarm && since > 0 && !e->estimated) {
			e->estimated = 1;
			e->since = since < e->begin ? since : e->begin;
			e->since_time = NAN;
		}
		if (!alarm && a->alarm) {
			e->end = at->record;
			e->ended = at->time;
		}
	}
	a->alarm = alarm;
}

/* The place of a record, and what its tests have said so far. */
struct said {
	struct alerts_event at;
	unsigned long long since; /* the earliest, or 0 */
	size_t events, next;      /* next: where the next test probably is */
	int alarm;
};

/* The last numbers of a test; whether it raised an event. */
static int
follow_test(struct alerts_test *test, const struct detread_test *t)
{
	test->stat = number(&t->stat);
	test->limit = number(&t->limit);
	test->p = number(&t->p);
	test->alarm = t->alarm.type == JSON_TRUE;
	test->estimates |= t->accuracy[0].type == JSON_NUMBER;
	return t->event.type == JSON_STRING &&
	       json_equals(&t->event, "drift", 5);
}

static void
add_test(struct alerts *a, struct said *said, const char *line,
    const struct detread_member *m, size_t k)
{
	size_t id = number_of(a, &m->name, &m->test[k].field, said->next);
	struct alerts_test *test = &a->test[id];
	unsigned long long since;

	said->at.test = id;
	if (id == BUCKETS_TESTS)
		return;
	said->next = id + 1;
	if (follow_test(test, &m->test[k])) {
		said->at.stat = test->stat;
		said->at.limit = test->limit;
		since = add_event(a, &said->at, line, m, k);
		if (said->since == 0 || (since > 0 && since < said->since))
			said->since = since;
		said->events++;
	}
	said->alarm |= test->alarm;
}

void
alerts_add(struct alerts *a, const struct detread *read, const char *line,
    unsigned long long record, double time, struct buckets *buckets,
    struct bucket *bucket)
{
	struct said said = {.at = {.record = record, .time = time, .seq = NAN}};

	for (size_t i = 0; i < read->members; i++)
		for (size_t k = 0; k < read->member[i].n; k++) {
			struct alerts_test *test;
			double ratio;

			add_test(a, &said, line, &read->member[i], k);
			if (said.at.test == BUCKETS_TESTS)
				continue;
			test = &a->test[said.at.test];
			ratio = test->stat / test->limit;
			if (!(test->limit > 0) || isnan(ratio))
				continue;
			buckets_test(buckets, bucket, said.at.test, ratio);
			if (!(test->peak >= ratio))
				test->peak = ratio;
		}
	bucket->alarms += (unsigned long long)said.alarm;
	bucket->events += said.events;
	if (read->members > 0)
		follow_episode(
		    a, said.alarm, said.since, said.events, &said.at);
}
