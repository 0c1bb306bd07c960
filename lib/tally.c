#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jsonval.h"
#include "stat.h"
#include "tally.h"

/* A field that detectors watch. */
struct tally_feature {
	struct buf raw; /* its name as the record spells it */
	char *name;
	int path;  /* index in paths, or -1 */
	double *x; /* the window, a ring */
	size_t n, at;
};

/* What a detector says of one field. */
struct pair {
	int seen, alarm;
	double stat, limit, p; /* NAN when there is none */
	double time, alarm_time;
	unsigned long long alarms, samples;
};

struct tally_detector {
	struct buf raw;
	char *name;
	unsigned long long waiting; /* records with only a state */
	struct pair pair[TALLY_FEATURES];
};

/* A string's text in memory of its own; NULL when that ends. */
static char *
name_of(const struct json_span *s)
{
	char text[DETREAD_TEXT];

	detread_text(s, text);
	return strdup(text);
}

void
tally_init(struct tally *t, size_t window, struct imgtally_setup images)
{
	*t = (struct tally){.window = window};
	imgtally_init(&t->images, &images);
	prom_init(&t->left_out, "", 0);
	t->feature = calloc(TALLY_FEATURES, sizeof(*t->feature));
	t->detector = calloc(TALLY_DETECTORS, sizeof(*t->detector));
	t->read = calloc(1, sizeof(*t->read));
	t->failed = !t->feature || !t->detector || !t->read;
}

static int
is_raw(const struct buf *raw, const struct json_span *s)
{
	return raw->len == s->len && memcmp(raw->p, s->p, s->len) == 0;
}

/* A name for good. */
static int
keep(struct buf *raw, char **name, const struct json_span *s)
{
	buf_put(raw, s->p, s->len);
	*name = name_of(s);
	return raw->failed || *name == NULL;
}

/* The field of that name; NULL when there are too many. */
static struct tally_feature *
feature_of(struct tally *t, const struct json_span *s, size_t guess)
{
	struct tally_feature *f;

	if (guess < t->features && is_raw(&t->feature[guess].raw, s))
		return &t->feature[guess];
	for (f = t->feature; f < t->feature + t->features; f++)
		if (is_raw(&f->raw, s))
			return f;
	if (t->features == TALLY_FEATURES)
		return NULL;
	t->features++;
	f->x = calloc(t->window, sizeof(*f->x));
	if (keep(&f->raw, &f->name, s) || f->x == NULL)
		t->failed = 1;
	else
		f->path = json_path(&t->paths, f->name);
	return f;
}

static struct tally_detector *
detector_of(struct tally *t, const struct json_span *s)
{
	struct tally_detector *d = t->detector;

	for (; d < t->detector + t->detectors; d++)
		if (is_raw(&d->raw, s))
			return d;
	if (t->detectors == TALLY_DETECTORS)
		return NULL;
	t->detectors++;
	t->failed |= keep(&d->raw, &d->name, s);
	return d;
}

static void
leave_out(struct tally *t, const struct detread_member *m, size_t i)
{
	char feature[DETREAD_TEXT], detector[DETREAD_TEXT];
	const char *values[] = {feature, detector};

	detread_text(&m->test[i].field, feature);
	detread_text(&m->name, detector);
	for (int k = DRIFT_DETECTED; k <= DRIFT_SAMPLES_TOTAL; k++)
		prom_at(&t->left_out, (enum prom_metric)k, values);
}

static void
add_test(
    struct pair *p, const struct detread_test *test, double time, int *range)
{
	p->seen = 1;
	p->samples++;
	p->time = time;
	p->alarm = test->alarm.type == JSON_TRUE;
	p->stat = detread_number(&test->stat, -INFINITY, INFINITY, range);
	p->limit = detread_number(&test->limit, -INFINITY, INFINITY, range);
	p->p = detread_number(&test->p, 0, 1, range);
	if (test->event.type != JSON_STRING)
		return;
	p->alarms++;
	p->alarm_time = time;
}

static void
add_member(
    struct tally *t, const struct detread_member *m, double time, int *range)
{
	struct tally_detector *d = detector_of(t, &m->name);

	for (size_t i = 0; i < m->n; i++) {
		struct tally_feature *f = NULL;

		if (d != NULL)
			f = feature_of(t, &m->test[i].field, i);
		if (f != NULL)
			add_test(
			    &d->pair[f - t->feature], &m->test[i], time, range);
		else
			leave_out(t, m, i);
	}
	if (d == NULL || m->n > 0)
		return;
	d->waiting++;
	for (size_t i = 0; i < t->features; i++) {
		struct pair *p = &d->pair[i];

		p->alarm = 0;
		p->stat = p->limit = p->p = NAN;
		p->time = time;
	}
}

/* The latest values of the fields that detectors name. */
static void
add_values(struct tally *t, int *range)
{
	for (size_t i = 0; i < t->features; i++) {
		struct tally_feature *f = &t->feature[i];
		double x = NAN;

		if (f->path >= 0)
			x = detread_number(
			    &t->found[f->path], -INFINITY, INFINITY, range);
		if (isnan(x))
			continue;
		f->x[f->at] = x;
		f->at = f->at + 1 < t->window ? f->at + 1 : 0;
		f->n += f->n < t->window;
	}
}

static enum tally_type
type_of(const struct detread *r)
{
	if (r->field[DETREAD_ERROR].type > JSON_NULL)
		return TALLY_ERROR;
	if (r->field[DETREAD_TRAILER].type > JSON_NULL)
		return TALLY_TRAILER;
	return r->field[DETREAD_CLASS].type == JSON_NUMBER ? TALLY_PREDICTION
							   : TALLY_OTHER;
}

void
tally_add(struct tally *t, const char *line, size_t len, double now)
{
	struct detread *r = t->read;
	const struct json_span *clock;
	struct json_line scanned;
	size_t paths = t->paths.n;
	int schema, range = 0;
	enum tally_type type;
	double time;

	if (t->failed)
		return;
	detread(r, line);
	clock = &r->field[DETREAD_TIME];
	schema = r->bad > 0 ||
		 (clock->type > JSON_NULL && clock->type != JSON_NUMBER);
	time = detread_number(clock, -INFINITY, INFINITY, &range);
	for (size_t i = 0; i < r->members && !t->failed; i++)
		add_member(t, &r->member[i], isnan(time) ? now : time, &range);
	type = type_of(r);
	t->records[type]++;
	t->trailer = type == TALLY_TRAILER;
	if (type == TALLY_PREDICTION)
		imgtally_prediction(&t->images, r, &schema, &range);
	else if (type == TALLY_ERROR)
		imgtally_error(&t->images, r);
	/* A field that was new: this line has not been searched for it. */
	if (t->paths.n > paths)
		json_scan(line, len, &t->paths, t->found, &scanned);
	if (type != TALLY_ERROR && !t->failed)
		add_values(t, &range);
	t->errors[TALLY_SCHEMA] += schema != 0;
	t->errors[TALLY_RANGE] += range != 0;
}

/* What has no value has no series: NaN would poison sums and means. */
static void
gauge(struct prom *p, int m, const char *const *values, double x)
{
	if (isfinite(x))
		prom_set(p, (enum prom_metric)m, values, x);
}

static void
put_pair(struct prom *p, const char *const *values, const struct pair *x,
    unsigned long long waiting)
{
	gauge(p, DRIFT_DETECTED, values, x->alarm);
	gauge(p, DRIFT_STATISTIC, values, x->stat);
	gauge(p, DRIFT_THRESHOLD, values, x->limit);
	gauge(p, DRIFT_P_VALUE, values, x->p);
	prom_add(p, DRIFT_ALARMS_TOTAL, values, (double)x->alarms);
	prom_add(
	    p, DRIFT_SAMPLES_TOTAL, values, (double)(x->samples + waiting));
	if (x->alarms > 0)
		gauge(p, DRIFT_LAST_ALARM_TIMESTAMP_SECONDS, values,
		    x->alarm_time);
	gauge(p, DRIFT_LAST_SAMPLE_TIMESTAMP_SECONDS, values, x->time);
}

static void
put_feature(struct prom *p, const struct tally_feature *f)
{
	const char *values[] = {f->name};
	struct stat s;

	stat_of(&s, f->x, f->n);
	gauge(p, DRIFT_FEATURE_MEAN, values, s.mean);
	gauge(p, DRIFT_FEATURE_STDDEV, values, s.std);
	gauge(p, DRIFT_FEATURE_WINDOW_SAMPLES, values, (double)f->n);
}

void
tally_put(const struct tally *t, struct prom *p)
{
	static const char *const types[TALLY_TYPES] = {
	    "prediction", "error", "trailer", "other"};
	static const char *const reasons[TALLY_REASONS] = {
	    "parse", "schema", "range", "truncated"};

	for (int i = 0; i < TALLY_TYPES; i++)
		prom_add(p, PROMTEXT_INPUT_RECORDS_TOTAL, &types[i],
		    (double)t->records[i]);
	for (int i = 0; i < TALLY_REASONS; i++)
		prom_add(p, PROMTEXT_INPUT_ERRORS_TOTAL, &reasons[i],
		    (double)t->errors[i]);
	for (size_t i = 0; i < t->features; i++)
		for (size_t k = 0; k < t->detectors; k++) {
			const struct tally_detector *d = &t->detector[k];
			const char *values[] = {t->feature[i].name, d->name};

			if (d->pair[i].seen)
				put_pair(p, values, &d->pair[i], d->waiting);
		}
	for (size_t i = 0; i < t->features; i++)
		put_feature(p, &t->feature[i]);
	p->dropped += t->left_out.dropped;
	prom_merge(p, &t->images.store);
	p->failed |= t->failed | t->left_out.failed;
}

void
tally_free(struct tally *t)
{
	for (size_t i = 0; i < t->features; i++) {
		buf_free(&t->feature[i].raw);
		free(t->feature[i].name);
		free(t->feature[i].x);
	}
	for (size_t i = 0; i < t->detectors; i++) {
		buf_free(&t->detector[i].raw);
		free(t->detector[i].name);
	}
	free(t->feature);
	free(t->detector);
	free(t->read);
	imgtally_free(&t->images);
	prom_free(&t->left_out);
}
