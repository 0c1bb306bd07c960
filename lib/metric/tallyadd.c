#include <math.h>
#include <string.h>

#include "json/jsonscan.h"
#include "metric/tallyadd.h"

/*
 * Times of the years 1 to 9999, in seconds since 1970. So one in milliseconds
 * is out of range.
 */
static const double FIRST_TIME = -62135596800, LAST_TIME = 253402300799;

/* The stream that the record is of; NULL when it is left out. */
static struct tallystream *
find_stream(struct tally *t, int *schema)
{
	struct tallystream *s;

	if (t->setup.group != NULL)
		s = tallygroup_value(&t->group, &t->found[0], schema);
	else
		s = tallygroup_first(&t->group);
	t->failed |= t->group.failed;
	return s;
}

/* 0 when memory ends. */
static int
count_test(struct tally *t, struct tallypair *p,
    const struct detread_test *test, double time, int *range)
{
	struct tallypair_limit *last = &t->last[test - t->read->test];

	if (tallypair_test(p, test, last, time, range) < 0)
		t->failed = 1;
	return !t->failed;
}

/* Counts the series of a test that is over a limit, or whose stream is. */
static void
leave_out(struct tally *t, const struct detread_member *m, size_t i,
    double time, int no_stream)
{
	char feature[DETREAD_TEXT], detector[DETREAD_TEXT];
	const char *values[] = {feature, detector};
	struct tallypair pair = {0};
	int range = 0;

	detread_text(&m->test[i].field, feature);
	detread_text(&m->name, detector);
	prom_stream(&t->left_out.store, t->group.label);
	if (count_test(t, &pair, &m->test[i], time, &range))
		tallypair_put(&t->left_out.store, values, &pair, 0);
	tallypair_free(&pair);
	/* Mean and deviation may not have been there. */
	if (no_stream)
		prom_at(
		    &t->left_out.store, DRIFT_FEATURE_WINDOW_SAMPLES, values);
}

/* The series of a detector that has no number, or whose stream has none. */
static void
leave_out_detector(struct tally *t, const struct detread_member *m)
{
	char name[DETREAD_TEXT];
	const char *value = name;

	detread_text(&m->name, name);
	prom_stream(&t->left_out.store, t->group.label);
	prom_at(&t->left_out.store, DRIFT_LEARNING, &value);
	prom_at(&t->left_out.store, DRIFT_REFERENCE_MISMATCH, &value);
}

/*
 * Counts something skipped. The words are from outside, so their number has a
 * limit.
 */
static void
count_skipped(struct tally *t, const char *tool, const char *reason)
{
	const char *values[] = {tool, reason};

	if (t->skipped.series.n + 1 >= t->skipped.limit &&
	    !prom_has(&t->skipped, DRIFT_SKIPPED_TOTAL, values))
		values[0] = values[1] = "other";
	prom_add(&t->skipped, DRIFT_SKIPPED_TOTAL, values, 1);
	t->failed |= t->skipped.failed;
}

/*
 * A record that a detector skipped (driftpipe-records(5)): why, one group too
 * many or another word that it gives; NULL where it did not.
 */
static const char *
why_skipped(const struct detread_member *m, char text[DETREAD_TEXT])
{
	if (m->n > 0 || m->state.type != JSON_STRING ||
	    !json_equals(&m->state, "skipped", 7))
		return NULL;
	if (m->reason.type != JSON_STRING)
		return "groups";
	detread_text(&m->reason, text);
	return text;
}

/* A record that the detector passed over. */
static void
add_skipping(struct tally *t, struct tallystream *s,
    const struct detread_member *m, const char *why, size_t guess, double time)
{
	char name[DETREAD_TEXT];
	long detector;

	detread_text(&m->name, name);
	count_skipped(t, name, why);
	if (strcmp(why, "model") != 0)
		return;
	detector = s ? tally_detector(t, &m->name, guess) : -1;
	if (detector < 0)
		leave_out_detector(t, m);
	else if (tallystream_refuses(s, (size_t)detector, time) < 0)
		t->failed = 1;
}

/* What member i of a record says. */
static void
add_member(
    struct tally *t, struct tallystream *s, size_t i, double time, int *range)
{
	const struct detread_member *m = &t->read->member[i];
	char text[DETREAD_TEXT];
	const char *why = why_skipped(m, text);
	long detector;

	if (why != NULL) {
		add_skipping(t, s, m, why, i, time);
		return;
	}
	detector = s ? tally_detector(t, &m->name, i) : -1;
	if (detector < 0)
		leave_out_detector(t, m);
	for (size_t k = 0; k < m->n; k++) {
		struct tallypair *p;
		long feature = -1;

		if (detector >= 0)
			feature = tally_feature(t, &m->test[k].field, k);
		if (feature < 0) {
			leave_out(t, m, k, time, s == NULL);
			continue;
		}
		p = tallystream_pair(s, (size_t)feature, (size_t)detector, k);
		if (p == NULL || tallystream_watch(s, (size_t)feature,
				     m->test[k].df.type <= JSON_NULL) < 0)
			t->failed = 1;
		else
			count_test(t, p, &m->test[k], time, range);
	}
	if (detector >= 0 && m->n == 0 &&
	    tallystream_waits(s, (size_t)detector, time) < 0)
		t->failed = 1;
}

/* The latest values of the fields that detectors name, or that count always. */
static void
add_values(struct tally *t, struct tallystream *s, int *range)
{
	for (size_t i = 0; i < t->feature.n; i++) {
		double x;

		if (t->path[i] < 0 ||
		    (!t->always[i] && !tallystream_counts(s, i)))
			continue;
		x = detread_number(
		    &t->found[t->path[i]], -INFINITY, INFINITY, range);
		if (!isnan(x) &&
		    (tallystream_watch(s, i, 1) < 0 ||
			tallystream_value(s, i, x, t->setup.window) < 0))
			t->failed = 1;
	}
}

/* false and null say that there is none. */
static enum tally_type
type_of(const struct detread *r)
{
	if (r->field[DETREAD_ERROR].type > JSON_FALSE)
		return TALLY_ERROR;
	if (r->field[DETREAD_TRAILER].type > JSON_FALSE)
		return TALLY_TRAILER;
	return r->field[DETREAD_CLASS].type == JSON_NUMBER ? TALLY_PREDICTION
							   : TALLY_OTHER;
}

/* What a filter for duplicates says, if there is one. */
static void
add_repeat(struct tally *t, struct tallystream *s, double time, int *range)
{
	const struct json_span *part = t->read->part;
	double distance;

	if (part[DETREAD_DUPLICATE].type == JSON_NONE)
		return;
	distance = detread_number(&part[DETREAD_DISTANCE], 0, INFINITY, range);
	if (s != NULL && tallystream_repeats(s) == NULL) {
		t->failed = 1;
		return;
	}
	if (s != NULL) {
		repeats_add(s->repeats,
		    part[DETREAD_DUPLICATE].type == JSON_TRUE, distance, time);
		return;
	}
	prom_stream(&t->left_out.store, t->group.label);
	prom_at(&t->left_out.store, DRIFT_DUPLICATES_TOTAL, NULL);
	prom_at(&t->left_out.store, DRIFT_UNCHANGED_SECONDS, NULL);
}

/* What the record says of images, if it does. */
static void
add_image(struct tally *t, struct tallystream *s, enum tally_type type,
    int *schema, int *range)
{
	int image = type == TALLY_PREDICTION || type == TALLY_ERROR;
	struct imgtally *images = tally_images(t, s, image);

	if (type == TALLY_PREDICTION)
		imgtally_prediction(
		    images, s ? &s->image : NULL, t->read, schema, range);
	else if (type == TALLY_ERROR)
		imgtally_error(images, t->read);
}

/*
 * Counts what stands in the place of input that was skipped; whether the
 * record is such.
 */
static int
add_skipped(struct tally *t)
{
	const struct json_span *part = t->read->part;
	char tool[DETREAD_TEXT], reason[DETREAD_TEXT];

	if (part[DETREAD_TOOL].type != JSON_STRING ||
	    part[DETREAD_REASON].type != JSON_STRING)
		return 0;
	detread_text(&part[DETREAD_TOOL], tool);
	detread_text(&part[DETREAD_REASON], reason);
	count_skipped(t, tool, reason);
	return 1;
}

/*
 * The time of the record, or of the clock if it has none; notes that there was
 * one. A camera's clock may be ahead: what is to come is not the latest yet.
 */
static double
time_of(struct tally *t, struct tallystream *s, enum tally_type type,
    double time, double (*now)(void))
{
	int image = s != NULL && type != TALLY_TRAILER;
	double clock;

	if (!isnan(time) && !(image && time > s->image.gaps.last))
		return time;
	clock = now();
	if (isnan(time))
		time = clock;
	if (image && gaps_add(&s->image.gaps, time < clock ? time : clock) < 0)
		t->failed = 1;
	return time;
}

void
tallyadd(struct tally *t, const char *line, size_t len,
    const struct json_line *scan, double (*now)(void))
{
	struct detread *r = t->read;
	const struct json_span *clock = &r->field[DETREAD_TIME];
	struct tallystream *s;
	struct json_line scanned;
	size_t paths = t->paths.n;
	int schema, range = 0;
	enum tally_type type;
	double time;

	if (t->failed)
		return;
	detread(r, line, scan);
	if (r->field[DETREAD_SKIPPED].type == JSON_OBJECT && add_skipped(t))
		return;
	schema = r->bad > 0 ||
		 (clock->type > JSON_NULL && clock->type != JSON_NUMBER);
	s = find_stream(t, &schema);
	time = detread_number(clock, FIRST_TIME, LAST_TIME, &range);
	type = type_of(r);
	time = time_of(t, s, type, time, now);
	for (size_t i = 0; i < r->members && !t->failed; i++)
		add_member(t, s, i, time, &range);
	add_repeat(t, s, time, &range);
	t->records[type]++;
	t->trailer = type == TALLY_TRAILER;
	add_image(t, s, type, &schema, &range);
	/* A field that was new: this line has not been searched for it. */
	if (t->paths.n > paths)
		jsonscan_line(line, len, &t->paths, t->found, &scanned);
	if (type != TALLY_ERROR && s != NULL && !t->failed)
		add_values(t, s, &range);
	t->errors[TALLY_SCHEMA] += schema != 0;
	t->errors[TALLY_RANGE] += range != 0;
}
