#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "metric/tallypair.h"

static void
read_limit(struct tallypair *p, const struct json_span *limit,
    struct tallypair_limit *last, int *range)
{
	if (limit->type != JSON_NUMBER || limit->len != last->len ||
	    memcmp(limit->p, last->text, limit->len) != 0) {
		last->limit = detread_number(limit, -INFINITY, INFINITY, range);
		last->len = 0;
		if (!isnan(last->limit) && limit->len <= sizeof(last->text)) {
			memcpy(last->text, limit->p, limit->len);
			last->len = limit->len;
		}
	}
	p->limit = last->limit;
}

/* Room for what few tests have; NULL when memory ends. */
static struct tallypair_more *
more_of(struct tallypair *p)
{
	if (p->more == NULL)
		p->more = calloc(1, sizeof(*p->more));
	return p->more;
}

/* Fields that the test names; a longer name than there is room is left out. */
static int
read_top(struct tallypair *p, const struct detread_test *test, int *range)
{
	char text[DETREAD_TEXT];

	p->tops = 0;
	for (size_t i = 0; i < DETREAD_TOP; i++) {
		struct tallypair_top *t;

		if (test->top[i].type != JSON_STRING ||
		    test->top[i].len > TALLYPAIR_NAME)
			continue;
		if (more_of(p) == NULL)
			return -1;
		t = &p->more->top[p->tops];
		t->share = detread_number(
		    &test->share[i], -INFINITY, INFINITY, range);
		detread_text(&test->top[i], text);
		memcpy(t->field, text, TALLYPAIR_NAME);
		p->tops = (uint8_t)(p->tops + (isfinite(t->share) != 0));
	}
	return 0;
}

static int
read_accuracy(struct tallypair *p, const struct detread_test *test, int *range)
{
	double accuracy[DETREAD_ACCURACY];
	int good = 1;

	for (int i = 0; i < DETREAD_ACCURACY; i++) {
		accuracy[i] = detread_number(&test->accuracy[i], 0, 1, range);
		good &= !isnan(accuracy[i]);
	}
	p->estimates = good != 0;
	if (!good)
		return 0;
	if (more_of(p) == NULL)
		return -1;
	memcpy(p->more->accuracy, accuracy, sizeof(accuracy));
	return 0;
}

int
tallypair_test(struct tallypair *p, const struct detread_test *test,
    struct tallypair_limit *last, double time, int *range)
{
	p->seen = 1;
	p->samples++;
	p->time = time;
	p->alarm = test->alarm.type == JSON_TRUE;
	p->stat = detread_number(&test->stat, -INFINITY, INFINITY, range);
	read_limit(p, &test->limit, last, range);
	p->p = detread_number(&test->p, 0, 1, range);
	if (test->event.type == JSON_STRING) {
		if (more_of(p) == NULL)
			return -1;
		p->more->alarms++;
		p->more->alarm_time = time;
	}
	if (read_top(p, test, range) < 0 || read_accuracy(p, test, range) < 0)
		return -1;
	return 0;
}

void
tallypair_clear(struct tallypair *p, double time)
{
	p->alarm = 0;
	p->stat = p->limit = p->p = NAN;
	p->tops = 0;
	p->estimates = 0;
	p->time = time;
}

/* All but the counts is the second's; so is the time of an alarm, if any. */
int
tallypair_join(struct tallypair *p, const struct tallypair *next)
{
	struct tallypair_more before = {0};
	struct tallypair sum = *next;

	sum.more = p->more;
	sum.field = p->field;
	sum.samples += p->samples;
	if (sum.more != NULL)
		before = *sum.more;
	if (next->more != NULL) {
		if (more_of(&sum) == NULL)
			return -1;
		*sum.more = *next->more;
		sum.more->alarms += before.alarms;
		if (next->more->alarms == 0)
			sum.more->alarm_time = before.alarm_time;
	}
	*p = sum;
	return 0;
}

void
tallypair_put(struct prom *p, const char *const *values,
    const struct tallypair *x, unsigned long long waiting)
{
	unsigned long long alarms = x->more != NULL ? x->more->alarms : 0;

	tallypair_gauge(p, DRIFT_DETECTED, values, x->alarm);
	tallypair_gauge(p, DRIFT_STATISTIC, values, x->stat);
	tallypair_gauge(p, DRIFT_THRESHOLD, values, x->limit);
	tallypair_gauge(p, DRIFT_P_VALUE, values, x->p);
	prom_add(p, DRIFT_ALARMS_TOTAL, values, (double)alarms);
	prom_add(
	    p, DRIFT_SAMPLES_TOTAL, values, (double)(x->samples + waiting));
	if (alarms > 0)
		tallypair_gauge(p, DRIFT_LAST_ALARM_TIMESTAMP_SECONDS, values,
		    x->more->alarm_time);
	tallypair_gauge(
	    p, DRIFT_LAST_SAMPLE_TIMESTAMP_SECONDS, values, x->time);
	for (size_t i = 0; i < x->tops; i++) {
		const char *const named[] = {x->more->top[i].field, values[1]};

		tallypair_gauge(
		    p, DRIFT_FIELD_SHARE, named, x->more->top[i].share);
	}
	for (int i = 0; i < DETREAD_ACCURACY && x->estimates; i++)
		prom_set(p,
		    (enum promtab_metric)(DRIFT_ESTIMATED_ACCURACY_RATIO + i),
		    &values[1], x->more->accuracy[i]);
}

/* Whether there is room for what was read. */
static int
has_more(struct tallypair *p, struct store *s)
{
	if (s->why == NULL && more_of(p) == NULL)
		store_no_memory(s);
	return s->why == NULL;
}

static void
flag_state(uint8_t *flag, const char *name, int max, struct store *s)
{
	int x = *flag;

	store_int(s, name, &x, 0, max);
	*flag = (uint8_t)x;
}

static void
top_state(struct tallypair_top *t, struct store *s)
{
	struct buf name = {0};

	store_open(s, NULL, '{');
	if (!store_reading(s))
		buf_put(&name, t->field, strlen(t->field));
	store_bytes(s, "field", &name);
	if (store_reading(s) && s->why == NULL) {
		if (name.len >= TALLYPAIR_NAME)
			store_refuse(s, "too long a name");
		else if (name.len > 0)
			memcpy(t->field, name.p, name.len);
	}
	store_real(s, "share", &t->share);
	store_close(s, '}');
	buf_free(&name);
}

/* Zeros, as what was never seen is written. */
static int
is_empty(const struct tallypair *p)
{
	const double number[] = {p->stat, p->limit, p->p, p->time};

	for (size_t i = 0; i < sizeof(number) / sizeof(*number); i++)
		if (number[i] != 0 || signbit(number[i]))
			return 0;
	return !p->alarm && p->samples == 0 && !p->tops && !p->estimates &&
	       p->more == NULL;
}

void
tallypair_state(struct tallypair *p, struct store *s)
{
	unsigned long long alarms = p->more != NULL ? p->more->alarms : 0;
	double alarm_time = p->more != NULL ? p->more->alarm_time : 0;

	store_open(s, NULL, '{');
	flag_state(&p->seen, "seen", 1, s);
	flag_state(&p->alarm, "alarm", 1, s);
	store_real(s, "stat", &p->stat);
	store_real(s, "limit", &p->limit);
	store_real(s, "p", &p->p);
	store_real(s, "time", &p->time);
	store_real(s, "alarm_time", &alarm_time);
	store_count(s, "alarms", &alarms);
	if (store_reading(s) &&
	    (alarms > 0 || alarm_time != 0 || signbit(alarm_time)) &&
	    has_more(p, s)) {
		p->more->alarm_time = alarm_time;
		p->more->alarms = alarms;
	}
	store_count(s, "samples", &p->samples);
	if (store_optional(s, "tops", p->tops > 0)) {
		flag_state(&p->tops, "tops", DETREAD_TOP, s);
		store_open(s, "top", '[');
		for (size_t i = 0; i < p->tops && has_more(p, s); i++)
			top_state(&p->more->top[i], s);
		store_close(s, ']');
	}
	if (store_optional(s, "accuracy", p->estimates)) {
		p->estimates = has_more(p, s) != 0;
		if (p->estimates)
			store_reals(
			    s, "accuracy", p->more->accuracy, DETREAD_ACCURACY);
	}
	if (store_reading(s) && !p->seen && !is_empty(p))
		store_refuse(s, "a test that was never made");
	store_close(s, '}');
}

void
tallypair_free(struct tallypair *p)
{
	free(p->more);
	p->more = NULL;
}
