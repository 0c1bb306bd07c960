#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/stat.h"
#include "metric/tallystream.h"
#include "base/memory.h"

/* An array with an item i, new ones zero, of *n then; NULL, nothing changed. */
static void *
reach(void *array, size_t *n, size_t i, size_t size)
{
	char *grown;

	if (i < *n)
		return array;
	grown = realloc(array, (i + 1) * size);
	if (grown == NULL)
		return NULL;
	memset(grown + *n * size, 0, (i + 1 - *n) * size);
	*n = i + 1;
	return grown;
}

static struct tallystream_detector *
detector_of(struct tallystream *s, size_t i)
{
	struct tallystream_detector *d = reach(
	    s->detector, &s->detectors, i, sizeof(*d));

	if (d == NULL)
		return NULL;
	s->detector = d;
	return &d[i];
}

/* The limit, which seldom changes: to compare its text is less than to read. */
static void
read_limit(
    struct tallystream_pair *p, const struct json_span *limit, int *range)
{
	if (limit->type == JSON_NUMBER && limit->len == p->limit_len &&
	    memcmp(limit->p, p->limit_text, limit->len) == 0)
		return;
	p->limit = detread_number(limit, -INFINITY, INFINITY, range);
	p->limit_len = 0;
	if (isnan(p->limit) || limit->len > sizeof(p->limit_text))
		return;
	memcpy(p->limit_text, limit->p, limit->len);
	p->limit_len = limit->len;
}

/* Fields that the test names; a longer name than there is room is left out. */
static void
read_top(
    struct tallystream_pair *p, const struct detread_test *test, int *range)
{
	char text[DETREAD_TEXT];

	p->tops = 0;
	for (size_t i = 0; i < DETREAD_TOP; i++) {
		struct tallystream_top *t = &p->top[p->tops];

		if (test->top[i].type != JSON_STRING ||
		    test->top[i].len > TALLYSTREAM_NAME)
			continue;
		t->share = detread_number(
		    &test->share[i], -INFINITY, INFINITY, range);
		detread_text(&test->top[i], text);
		memcpy(t->field, text, TALLYSTREAM_NAME);
		p->tops += isfinite(t->share);
	}
}

static void
read_accuracy(
    struct tallystream_pair *p, const struct detread_test *test, int *range)
{
	p->estimates = 1;
	for (int i = 0; i < DETREAD_ACCURACY; i++) {
		p->accuracy[i] = detread_number(
		    &test->accuracy[i], 0, 1, range);
		p->estimates &= !isnan(p->accuracy[i]);
	}
}

void
tallystream_test(struct tallystream_pair *p, const struct detread_test *test,
    double time, int *range)
{
	p->seen = 1;
	p->samples++;
	p->time = time;
	p->alarm = test->alarm.type == JSON_TRUE;
	p->stat = detread_number(&test->stat, -INFINITY, INFINITY, range);
	read_limit(p, &test->limit, range);
	p->p = detread_number(&test->p, 0, 1, range);
	read_top(p, test, range);
	read_accuracy(p, test, range);
	if (test->event.type != JSON_STRING)
		return;
	p->alarms++;
	p->alarm_time = time;
}

struct tallystream_pair *
tallystream_pair(struct tallystream *s, size_t feature, size_t detector)
{
	struct tallystream_detector *d = detector_of(s, detector);
	struct tallystream_pair *p;

	if (d == NULL)
		return NULL;
	p = reach(d->pair, &d->pairs, feature, sizeof(*p));
	if (p == NULL)
		return NULL;
	d->pair = p;
	d->seen = 1;
	d->learning = d->foreign = 0;
	return &p[feature];
}

/* No test has a value. */
static void
clear_pairs(struct tallystream_detector *d, double time)
{
	for (size_t i = 0; i < d->pairs; i++) {
		struct tallystream_pair *p = &d->pair[i];

		p->alarm = 0;
		p->stat = p->limit = p->p = NAN;
		p->limit_len = p->tops = 0;
		p->estimates = 0;
		p->time = time;
	}
}

int
tallystream_waits(struct tallystream *s, size_t detector, double time)
{
	struct tallystream_detector *d = detector_of(s, detector);

	if (d == NULL)
		return -1;
	d->waiting++;
	d->seen = d->learning = 1;
	d->foreign = 0;
	clear_pairs(d, time);
	return 0;
}

int
tallystream_refuses(struct tallystream *s, size_t detector, double time)
{
	struct tallystream_detector *d = detector_of(s, detector);

	if (d == NULL)
		return -1;
	d->seen = d->foreign = 1;
	d->learning = 0;
	clear_pairs(d, time);
	return 0;
}

int
tallystream_watch(struct tallystream *s, size_t feature, int counts)
{
	struct tallystream_feature *f;

	if (feature < s->features && s->feature[feature].counts == counts)
		return 0;
	f = reach(s->feature, &s->features, feature, sizeof(*f));
	if (f == NULL)
		return -1;
	s->feature = f;
	f[feature].counts = counts;
	return 0;
}

int
tallystream_counts(const struct tallystream *s, size_t feature)
{
	return feature < s->features && s->feature[feature].counts;
}

int
tallystream_value(
    struct tallystream *s, size_t feature, double x, size_t window)
{
	struct tallystream_feature *f = &s->feature[feature];

	if (window == 0) {
		double before = x - f->mean;

		f->mean += before / (double)++f->n;
		f->square += before * (x - f->mean);
		return 0;
	}
	if (f->n == f->room && f->room < window) {
		size_t room = f->room ? f->room * 2 : 16;
		double *grown;

		room = room < window ? room : window;
		grown = realloc(f->x, room * sizeof(*grown));
		if (grown == NULL)
			return -1;
		f->x = grown;
		f->room = room;
		f->at = f->n;
	}
	f->x[f->at] = x;
	f->at = f->at + 1 < f->room ? f->at + 1 : 0;
	f->n += f->n < f->room;
	return 0;
}

/* What has no value has no series: NaN would poison sums and means. */
static void
set_gauge(struct prom *p, int m, const char *const *values, double x)
{
	if (isfinite(x))
		prom_set(p, (enum promtab_metric)m, values, x);
}

void
tallystream_put(struct prom *p, const char *const *values,
    const struct tallystream_pair *x, unsigned long long waiting)
{
	set_gauge(p, DRIFT_DETECTED, values, x->alarm);
	set_gauge(p, DRIFT_STATISTIC, values, x->stat);
	set_gauge(p, DRIFT_THRESHOLD, values, x->limit);
	set_gauge(p, DRIFT_P_VALUE, values, x->p);
	prom_add(p, DRIFT_ALARMS_TOTAL, values, (double)x->alarms);
	prom_add(
	    p, DRIFT_SAMPLES_TOTAL, values, (double)(x->samples + waiting));
	if (x->alarms > 0)
		set_gauge(p, DRIFT_LAST_ALARM_TIMESTAMP_SECONDS, values,
		    x->alarm_time);
	set_gauge(p, DRIFT_LAST_SAMPLE_TIMESTAMP_SECONDS, values, x->time);
	for (size_t i = 0; i < x->tops; i++) {
		const char *const named[] = {x->top[i].field, values[1]};

		set_gauge(p, DRIFT_FIELD_SHARE, named, x->top[i].share);
	}
	for (int i = 0; i < DETREAD_ACCURACY && x->estimates; i++)
		prom_set(p,
		    (enum promtab_metric)(DRIFT_ESTIMATED_ACCURACY_RATIO + i),
		    &values[1], x->accuracy[i]);
}

void
tallystream_put_pair(const struct tallystream *s, size_t feature,
    size_t detector, const char *const *values, struct prom *p)
{
	const struct tallystream_detector *d;

	if (detector >= s->detectors)
		return;
	d = &s->detector[detector];
	if (feature < d->pairs && d->pair[feature].seen)
		tallystream_put(p, values, &d->pair[feature], d->waiting);
}

void
tallystream_put_detector(const struct tallystream *s, size_t detector,
    const char *name, struct prom *p)
{
	const struct tallystream_detector *d;

	if (detector >= s->detectors || !s->detector[detector].seen)
		return;
	d = &s->detector[detector];
	prom_set(p, DRIFT_LEARNING, &name, d->learning);
	prom_set(p, DRIFT_REFERENCE_MISMATCH, &name, d->foreign);
}

void
tallystream_put_reference(const struct tallystream *s, size_t feature,
    const char *name, struct prom *p)
{
	const struct tallystream_feature *f;

	if (!tallystream_counts(s, feature))
		return;
	f = &s->feature[feature];
	if (f->n > 0)
		set_gauge(p, DRIFT_REFERENCE_MEAN, &name, f->mean);
	if (f->n > 1)
		set_gauge(p, DRIFT_REFERENCE_STDDEV, &name,
		    sqrt(f->square / (double)(f->n - 1)));
}

void
tallystream_put_values(const struct tallystream *s, size_t feature,
    const char *name, struct prom *p)
{
	const struct tallystream_feature *f;
	struct stat stat;

	if (!tallystream_counts(s, feature))
		return;
	f = &s->feature[feature];
	stat_of(&stat, f->x, f->n);
	set_gauge(p, DRIFT_FEATURE_MEAN, &name, stat.mean);
	set_gauge(p, DRIFT_FEATURE_STDDEV, &name, stat.std);
	set_gauge(p, DRIFT_FEATURE_WINDOW_SAMPLES, &name, (double)f->n);
}

static void
top_state(struct tallystream_top *t, struct store *s)
{
	struct buf name = {0};

	store_open(s, NULL, '{');
	if (!store_reading(s))
		buf_put(&name, t->field, strlen(t->field));
	store_bytes(s, "field", &name);
	if (store_reading(s) && s->why == NULL) {
		if (name.len >= TALLYSTREAM_NAME)
			store_refuse(s, "too long a name");
		else if (name.len > 0)
			memcpy(t->field, name.p, name.len);
	}
	store_real(s, "share", &t->share);
	store_close(s, '}');
	buf_free(&name);
}

static void
pair_state(struct tallystream_pair *p, struct store *s)
{
	store_open(s, NULL, '{');
	store_int(s, "seen", &p->seen, 0, 1);
	store_int(s, "alarm", &p->alarm, 0, 1);
	store_real(s, "stat", &p->stat);
	store_real(s, "limit", &p->limit);
	store_real(s, "p", &p->p);
	store_real(s, "time", &p->time);
	store_real(s, "alarm_time", &p->alarm_time);
	store_count(s, "alarms", &p->alarms);
	store_count(s, "samples", &p->samples);
	if (store_optional(s, "tops", p->tops > 0)) {
		store_size(s, "tops", &p->tops, 0, DETREAD_TOP);
		store_open(s, "top", '[');
		for (size_t i = 0; i < p->tops && s->why == NULL; i++)
			top_state(&p->top[i], s);
		store_close(s, ']');
	}
	if (store_optional(s, "accuracy", p->estimates)) {
		p->estimates = 1;
		store_reals(s, "accuracy", p->accuracy, DETREAD_ACCURACY);
	}
	store_close(s, '}');
}

/* The ring as it lies: sums depend on the order. */
static void
feature_state(struct tallystream_feature *f, size_t window, struct store *s)
{
	store_open(s, NULL, '{');
	store_int(s, "counts", &f->counts, 0, 1);
	store_size(s, "room", &f->room, 0, window);
	store_size(s, "n", &f->n, 0, f->room);
	store_size(s, "at", &f->at, 0, f->room > 0 ? f->room - 1 : 0);
	if (store_reading(s) && s->why == NULL && f->room > 0)
		f->x = calloc(f->room, sizeof(*f->x));
	if (f->room > 0 && f->x == NULL)
		store_refuse(s, NO_MEMORY);
	if (s->why == NULL)
		store_reals(s, "x", f->x, f->n);
	store_close(s, '}');
}

/* Reading: an array of n items, unless it can't be. */
static void *
make_room(struct store *s, void *array, size_t n, size_t size)
{
	if (!store_reading(s) || s->why != NULL || n == 0)
		return array;
	array = calloc(n, size);
	if (array == NULL)
		store_refuse(s, NO_MEMORY);
	return array;
}

static void
detector_state(struct tallystream_detector *d, size_t features, struct store *s)
{
	store_open(s, NULL, '{');
	store_count(s, "waiting", &d->waiting);
	store_size(s, "n", &d->pairs, 0, features);
	d->pair = make_room(s, d->pair, d->pairs, sizeof(*d->pair));
	store_open(s, "pairs", '[');
	for (size_t i = 0; i < d->pairs && s->why == NULL; i++)
		pair_state(&d->pair[i], s);
	store_close(s, ']');
	if (store_optional(s, "learning", d->learning))
		store_int(s, "learning", &d->learning, 0, 1);
	if (store_optional(s, "foreign", d->foreign))
		store_int(s, "foreign", &d->foreign, 0, 1);
	if (store_reading(s))
		d->seen = d->waiting > 0 || d->pairs > 0 || d->foreign;
	store_close(s, '}');
}

void
tallystream_state(struct tallystream *t, size_t features, size_t detectors,
    size_t window, struct store *s)
{
	store_open(s, NULL, '{');
	store_int(s, "begun", &t->image.begun, 0, 1);
	store_size(s, "named", &t->image.named, 0, SIZE_MAX);
	recmodel_state(&t->image.model, s);
	gaps_state(&t->image.gaps, s);
	repeats_state(&t->repeats, s);
	store_size(s, "features", &t->features, 0, features);
	t->feature = make_room(s, t->feature, t->features, sizeof(*t->feature));
	store_open(s, "feature", '[');
	for (size_t i = 0; i < t->features && s->why == NULL; i++)
		feature_state(&t->feature[i], window, s);
	store_close(s, ']');
	store_size(s, "detectors", &t->detectors, 0, detectors);
	t->detector = make_room(
	    s, t->detector, t->detectors, sizeof(*t->detector));
	store_open(s, "detector", '[');
	for (size_t i = 0; i < t->detectors && s->why == NULL; i++)
		detector_state(&t->detector[i], features, s);
	store_close(s, ']');
	store_close(s, '}');
}

void
tallystream_free(struct tallystream *s)
{
	for (size_t i = 0; i < s->features; i++)
		free(s->feature[i].x);
	for (size_t i = 0; i < s->detectors; i++)
		free(s->detector[i].pair);
	free(s->feature);
	free(s->detector);
	imgtally_stream_free(&s->image);
}
