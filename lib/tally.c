#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "jsonval.h"
#include "tally.h"
#include "version.h"

/* A field that detectors watch. */
struct tally_feature {
	struct buf raw; /* its name as the record spells it */
	char *name;
	int path; /* index in paths, or -1 */
};

struct tally_detector {
	struct buf raw;
	char *name;
};

/* A string's text in memory of its own; NULL when that ends. */
static char *
name_of(const struct json_span *s)
{
	char text[DETREAD_TEXT];

	detread_text(s, text);
	return strdup(text);
}

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

/*
 * Where the images of that stream are counted, the one that was found last;
 * its series begin with the first image or, if the model is known, before it.
 */
static struct imgtally *
images_of(struct tally *t, struct tallystream *s, int image)
{
	struct imgtally *images = s ? &t->images : &t->left_out;
	int begins = (image || t->setup.images.known) && !(s && s->image.begun);

	images->stream = t->group.label;
	if (begins)
		imgtally_begin(images, s ? &s->image : NULL);
	if (s != NULL)
		s->image.begun |= begins;
	return images;
}

void
tally_init(struct tally *t, const struct tally_setup *setup)
{
	struct imgtally_setup none = setup->images;

	none.limit = 0;
	*t = (struct tally){.setup = *setup};
	imgtally_init(&t->images, &setup->images);
	imgtally_init(&t->left_out, &none);
	tallygroup_init(&t->group, setup->groups + 1);
	if (setup->group != NULL)
		json_path(&t->paths, setup->group);
	t->barrier = (size_t)json_path(&t->paths, "barrier.generation");
	t->feature = calloc(TALLY_FEATURES, sizeof(*t->feature));
	t->detector = calloc(TALLY_DETECTORS, sizeof(*t->detector));
	t->read = calloc(1, sizeof(*t->read));
	if (!t->feature || !t->detector || !t->read)
		t->failed = 1;
	else
		images_of(t, tallygroup_find(&t->group, setup->stream), 0);
	t->failed |= t->group.failed;
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
	if (keep(&f->raw, &f->name, s))
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

/* Counts the series of a test that is over a limit, or whose stream is. */
static void
leave_out(struct tally *t, const struct detread_member *m, size_t i,
    double time, int no_stream)
{
	char feature[DETREAD_TEXT], detector[DETREAD_TEXT];
	const char *values[] = {feature, detector};
	struct tallystream_pair pair = {0};
	int range = 0;

	detread_text(&m->test[i].field, feature);
	detread_text(&m->name, detector);
	prom_stream(&t->left_out.store, t->group.label);
	tallystream_test(&pair, &m->test[i], time, &range);
	tallystream_put(&t->left_out.store, values, &pair, 0);
	/* Mean and deviation may not have been there. */
	if (no_stream)
		prom_at(
		    &t->left_out.store, DRIFT_FEATURE_WINDOW_SAMPLES, values);
}

static void
add_member(struct tally *t, struct tallystream *s,
    const struct detread_member *m, double time, int *range)
{
	struct tally_detector *d = s ? detector_of(t, &m->name) : NULL;

	for (size_t i = 0; i < m->n; i++) {
		struct tallystream_pair *p;
		struct tally_feature *f = NULL;

		if (d != NULL)
			f = feature_of(t, &m->test[i].field, i);
		if (f == NULL) {
			leave_out(t, m, i, time, s == NULL);
			continue;
		}
		p = tallystream_pair(
		    s, (size_t)(f - t->feature), (size_t)(d - t->detector));
		if (p == NULL)
			t->failed = 1;
		else
			tallystream_test(p, &m->test[i], time, range);
	}
	if (d != NULL && m->n == 0 &&
	    tallystream_waits(s, (size_t)(d - t->detector), time) < 0)
		t->failed = 1;
}

/* The latest values of the fields that detectors name. */
static void
add_values(struct tally *t, struct tallystream *s, int *range)
{
	for (size_t i = 0; i < t->features; i++) {
		const struct tally_feature *f = &t->feature[i];
		double x;

		if (f->path < 0 || !tallystream_counts(s, i))
			continue;
		x = detread_number(
		    &t->found[f->path], -INFINITY, INFINITY, range);
		if (!isnan(x) &&
		    tallystream_value(s, i, x, t->setup.window) < 0)
			t->failed = 1;
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

/* What the record says of images, if it does. */
static void
add_image(struct tally *t, struct tallystream *s, enum tally_type type,
    int *schema, int *range)
{
	int image = type == TALLY_PREDICTION || type == TALLY_ERROR;
	struct imgtally *images = images_of(t, s, image);

	if (type == TALLY_PREDICTION)
		imgtally_prediction(
		    images, s ? &s->image : NULL, t->read, schema, range);
	else if (type == TALLY_ERROR)
		imgtally_error(images, t->read);
}

void
tally_add(struct tally *t, const char *line, size_t len,
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
	schema = r->bad > 0 ||
		 (clock->type > JSON_NULL && clock->type != JSON_NUMBER);
	s = find_stream(t, &schema);
	time = detread_number(clock, -INFINITY, INFINITY, &range);
	if (isnan(time) && r->members > 0)
		time = now();
	for (size_t i = 0; i < r->members && !t->failed; i++)
		add_member(t, s, &r->member[i], time, &range);
	type = type_of(r);
	t->records[type]++;
	t->trailer = type == TALLY_TRAILER;
	add_image(t, s, type, &schema, &range);
	/* A field that was new: this line has not been searched for it. */
	if (t->paths.n > paths)
		json_scan(line, len, &t->paths, t->found, &scanned);
	if (type != TALLY_ERROR && s != NULL && !t->failed)
		add_values(t, s, &range);
	t->errors[TALLY_SCHEMA] += schema != 0;
	t->errors[TALLY_RANGE] += range != 0;
}

static void
put_run(const struct tally *t, double now, double seconds, struct prom *p)
{
	static const char *const types[TALLY_TYPES] = {
	    "prediction", "error", "trailer", "other"};
	static const char *const reasons[TALLY_REASONS] = {
	    "parse", "schema", "range", "truncated"};
	const char *build[] = {version, revision};

	prom_set(p, PROMTEXT_BUILD_INFO, build, 1);
	prom_set(p, PROMTEXT_LAST_SUCCESS_TIMESTAMP_SECONDS, NULL, now);
	prom_set(p, PROMTEXT_LAST_RUN_DURATION_SECONDS, NULL, seconds);
	for (int i = 0; i < TALLY_TYPES; i++)
		prom_add(p, PROMTEXT_INPUT_RECORDS_TOTAL, &types[i],
		    (double)t->records[i]);
	for (int i = 0; i < TALLY_REASONS; i++)
		prom_add(p, PROMTEXT_INPUT_ERRORS_TOTAL, &reasons[i],
		    (double)t->errors[i]);
}

static void
put_pairs(const struct tally *t, const struct tallystream *s, struct prom *p)
{
	for (size_t i = 0; i < t->features; i++)
		for (size_t k = 0; k < t->detectors; k++) {
			const char *values[] = {
			    t->feature[i].name, t->detector[k].name};

			tallystream_put_pair(s, i, k, values, p);
		}
}

/* In the order of what is to be left out last. */
void
tally_put(const struct tally *t, double now, double seconds, struct prom *p)
{
	const char *limit[] = {"limit"};

	p->failed |= t->failed | t->left_out.store.failed;
	if (p->failed)
		return;
	prom_stream(p, t->setup.stream);
	put_run(t, now, seconds, p);
	prom_set(p, PROMTEXT_OUTPUT_SERIES, NULL, 0);
	prom_set(p, PROMTEXT_SERIES_DROPPED_TOTAL, limit, 0);
	for (size_t k = 0; k < t->group.n; k++) {
		prom_stream(p, tallygroup_label(&t->group, k));
		put_pairs(t, &t->group.stream[k], p);
	}
	for (size_t k = 0; k < t->group.n; k++) {
		prom_stream(p, tallygroup_label(&t->group, k));
		for (size_t i = 0; i < t->features; i++)
			tallystream_put_values(
			    &t->group.stream[k], i, t->feature[i].name, p);
	}
	imgtally_put(&t->images, p);
	p->dropped += t->left_out.store.dropped;
	prom_stream(p, t->setup.stream);
	prom_set(p, PROMTEXT_OUTPUT_SERIES, NULL, (double)p->lines);
	prom_set(p, PROMTEXT_SERIES_DROPPED_TOTAL, limit, (double)p->dropped);
}

/* A name as a record spells it, with its quotes. */
static int
is_name(struct buf *raw, struct json_span *span)
{
	static const char head[] = "{\"\":";
	struct buf line = {0};
	struct json_paths none = {0};
	struct json_line end;
	int good;

	buf_str(&line, head);
	buf_put(&line, raw->p, raw->len);
	buf_put(&line, "}", 2);
	good = !line.failed && raw->len > 0 && raw->p[0] == '"' &&
	       json_scan(line.p, line.len - 1, &none, span, &end) == 0;
	buf_free(&line);
	*span = (struct json_span){raw->p, raw->len, JSON_STRING};
	return good;
}

static void
names_state(struct tally *t, struct store *s)
{
	size_t features = t->features, detectors = t->detectors;
	struct json_span span[JSON_PATHS];
	struct buf raw = {0};

	store_size(s, "features", &features, 0, TALLY_FEATURES);
	store_size(s, "detectors", &detectors, 0, TALLY_DETECTORS);
	store_open(s, "names", '[');
	for (size_t i = 0; i < features + detectors && s->why == NULL; i++) {
		size_t k = i - features;

		if (!store_reading(s)) {
			store_bytes(s, NULL,
			    i < features ? &t->feature[i].raw
					 : &t->detector[k].raw);
			continue;
		}
		store_bytes(s, NULL, &raw);
		if (s->why == NULL && !is_name(&raw, span))
			store_refuse(s, "no name");
		else if (s->why == NULL && i < features)
			feature_of(t, span, i);
		else if (s->why == NULL)
			detector_of(t, span);
	}
	store_close(s, ']');
	if (t->features != features || t->detectors != detectors)
		store_refuse(s, "a name that is there twice");
	buf_free(&raw);
}

void
tally_state(struct tally *t, struct store *s)
{
	for (int i = 0; i < TALLY_TYPES; i++)
		store_count(s, "records", &t->records[i]);
	for (int i = 0; i < TALLY_REASONS; i++)
		store_count(s, "errors", &t->errors[i]);
	names_state(t, s);
	if (s->why == NULL)
		tallygroup_state(&t->group, TALLY_FEATURES, TALLY_DETECTORS,
		    t->setup.window, s);
	prom_state(&t->images.store, "images", s);
	prom_state(&t->left_out.store, "left_out", s);
	t->failed |= t->group.failed;
}

void
tally_free(struct tally *t)
{
	for (size_t i = 0; i < t->features; i++) {
		buf_free(&t->feature[i].raw);
		free(t->feature[i].name);
	}
	for (size_t i = 0; i < t->detectors; i++) {
		buf_free(&t->detector[i].raw);
		free(t->detector[i].name);
	}
	free(t->feature);
	free(t->detector);
	free(t->read);
	tallygroup_free(&t->group);
	imgtally_free(&t->images);
	imgtally_free(&t->left_out);
}
