#include <math.h>
#include <string.h>

#include "report/sumalerts.h"
#include "report/sumtext.h"

static void
put_test(struct store *s, struct alerts_test *t)
{
	store_open(s, NULL, '{');
	sumtext(s, "detector", t->detector, sizeof(t->detector));
	sumtext(s, "field", t->field, sizeof(t->field));
	store_real(s, "stat", &t->stat);
	store_real(s, "limit", &t->limit);
	store_real(s, "p", &t->p);
	store_real(s, "peak", &t->peak);
	store_int(s, "alarm", &t->alarm, 0, 1);
	store_int(s, "estimates", &t->estimates, 0, 1);
	store_count(s, "events", &t->events);
	store_close(s, '}');
}

static void
put_tops(struct store *s, struct alerts_event *e)
{
	size_t n = ALERTS_TOP;

	while (n > 0 && e->top[n - 1].what[0] == '\0')
		n--;
	store_open(s, "top", '[');
	store_size(s, NULL, &n, 0, ALERTS_TOP);
	for (size_t i = 0; i < n && s->why == NULL; i++) {
		sumtext(s, NULL, e->top[i].what, sizeof(e->top[i].what));
		sumtext(
		    s, NULL, e->top[i].direction, sizeof(e->top[i].direction));
		store_real(s, NULL, &e->top[i].share);
		store_real(s, NULL, &e->top[i].observed);
		store_real(s, NULL, &e->top[i].expected);
	}
	store_close(s, ']');
	if (store_reading(s) && n > 0 && e->top[n - 1].what[0] == '\0')
		store_refuse(s, "a part of a statistic that has no name");
}

static void
put_event(struct store *s, struct alerts_event *e, size_t tests,
    unsigned long long records)
{
	store_open(s, NULL, '{');
	store_size(s, "test", &e->test, 0, tests > 0 ? tests - 1 : 0);
	sumtext_count(s, "record", &e->record, records);
	sumtext_count(s, "since", &e->since, e->record);
	store_real(s, "time", &e->time);
	store_real(s, "stat", &e->stat);
	store_real(s, "limit", &e->limit);
	sumtext(s, "direction", e->direction, sizeof(e->direction));
	put_tops(s, e);
	store_close(s, '}');
	if (store_reading(s) && (tests == 0 || e->record == 0))
		store_refuse(s, "an event of no test or record");
	if (store_reading(s))
		e->seq = NAN;
}

static void
put_episode(
    struct store *s, struct alerts_episode *e, unsigned long long records)
{
	store_open(s, NULL, '{');
	store_int(s, "estimated", &e->estimated, 0, 1);
	sumtext_count(s, "begin", &e->begin, records);
	sumtext_count(s, "since", &e->since, e->begin);
	sumtext_count(s, "end", &e->end, records);
	store_real(s, "since_time", &e->since_time);
	store_real(s, "begun", &e->begun);
	store_real(s, "ended", &e->ended);
	store_count(s, "events", &e->events);
	store_close(s, '}');
	if (store_reading(s) &&
	    (e->since == 0 || (e->end > 0 && e->end < e->begin)))
		store_refuse(s, "an alarm that never was");
}

void
sumalerts(struct store *s, struct alerts *a, unsigned long long records)
{
	store_open(s, "alerts", '{');
	store_int(s, "alarm", &a->alarm, 0, 1);
	store_int(s, "over", &a->over, 0, 1);
	store_count(s, "events", &a->events);
	store_count(s, "episodes", &a->episodes);
	store_size(s, "tests", &a->n, 0, BUCKETS_TESTS);
	store_open(s, "test", '[');
	for (size_t i = 0; i < a->n && s->why == NULL; i++)
		put_test(s, &a->test[i]);
	store_close(s, ']');
	store_size(s, "kept", &a->events_kept, 0, ALERTS_EVENTS);
	store_open(s, "event", '[');
	for (size_t i = 0; i < a->events_kept && s->why == NULL; i++)
		put_event(s, &a->event[i], a->n, records);
	store_close(s, ']');
	store_size(s, "last", &a->episodes_kept, 0, ALERTS_EPISODES);
	store_open(s, "episode", '[');
	for (size_t i = 0; i < a->episodes_kept && s->why == NULL; i++)
		put_episode(s, &a->episode[i], records);
	store_close(s, ']');
	store_close(s, '}');
	if (a->events < a->events_kept || a->episodes < a->episodes_kept ||
	    (a->episodes > a->episodes_kept &&
		a->episodes_kept < ALERTS_EPISODES) ||
	    (a->alarm && a->episodes_kept == 0))
		store_refuse(s, "counts of alarms that are not theirs");
}

static size_t
find_test(struct alerts *a, const struct alerts_test *t)
{
	for (size_t i = 0; i < a->n; i++)
		if (strcmp(a->test[i].field, t->field) == 0 &&
		    strcmp(a->test[i].detector, t->detector) == 0)
			return i;
	if (a->n == BUCKETS_TESTS) {
		a->over = 1;
		return BUCKETS_TESTS;
	}
	a->test[a->n] = *t;
	a->test[a->n].peak = NAN;
	a->test[a->n].events = 0;
	return a->n++;
}

static void
join_test(struct alerts *a, const struct alerts_test *t, size_t *number)
{
	struct alerts_test *to;

	*number = find_test(a, t);
	if (*number == BUCKETS_TESTS)
		return;
	to = &a->test[*number];
	to->stat = t->stat;
	to->limit = t->limit;
	to->p = t->p;
	to->alarm = t->alarm;
	to->estimates |= t->estimates;
	to->events += t->events;
	if (!(to->peak >= t->peak))
		to->peak = t->peak;
}

static void
join_events(struct alerts *a, const struct alerts *next,
    unsigned long long before, const size_t *test)
{
	a->events += next->events;
	for (size_t i = 0; i < next->events_kept; i++) {
		struct alerts_event *e = &a->event[a->events_kept];

		if (a->events_kept == ALERTS_EVENTS)
			return;
		*e = next->event[i];
		if (test[e->test] == BUCKETS_TESTS)
			continue;
		e->test = test[e->test];
		e->record += before;
		e->since += e->since > 0 ? before : 0;
		a->events_kept++;
	}
}

static struct alerts_episode
moved(const struct alerts_episode *e, unsigned long long before)
{
	struct alerts_episode to = *e;

	to.begin += before;
	to.since += before;
	to.end += to.end > 0 ? before : 0;
	return to;
}

/* The last alarm goes on as the next one, which begins at the first record. */
static void
go_on(struct alerts_episode *last, const struct alerts_episode *next)
{
	last->events += next->events;
	last->end = next->end;
	last->ended = next->ended;
	if (next->estimated && !last->estimated) {
		last->estimated = 1;
		last->since = next->since < last->begin ? next->since
							: last->begin;
		last->since_time = NAN;
	}
}

static void
join_episodes(struct alerts *a, const struct alerts *next,
    unsigned long long first, double time)
{
	size_t i = 0;
	int goes_on = a->alarm && next->episodes_kept > 0 &&
		      next->episodes == next->episodes_kept &&
		      next->episode[0].begin == 1;

	a->episodes += next->episodes;
	if (goes_on) {
		struct alerts_episode same = moved(
		    &next->episode[0], first - 1);

		go_on(&a->episode[a->episodes_kept - 1], &same);
		a->episodes--;
		i = 1;
	} else if (a->alarm && next->n > 0) {
		a->episode[a->episodes_kept - 1].end = first;
		a->episode[a->episodes_kept - 1].ended = time;
	}
	for (; i < next->episodes_kept; i++) {
		if (a->episodes_kept == ALERTS_EPISODES)
			memmove(a->episode, a->episode + 1,
			    --a->episodes_kept * sizeof(*a->episode));
		a->episode[a->episodes_kept++] = moved(
		    &next->episode[i], first - 1);
	}
	if (next->n > 0)
		a->alarm = next->alarm;
}

void
sumalerts_join(struct alerts *a, const struct alerts *next,
    unsigned long long first, double time, size_t *test)
{
	for (size_t i = 0; i < next->n; i++)
		join_test(a, &next->test[i], &test[i]);
	a->over |= next->over;
	join_events(a, next, first - 1, test);
	join_episodes(a, next, first, time);
}
