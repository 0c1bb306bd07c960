#include <stdlib.h>
#include <string.h>

#include "metric/tallystream.h"

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

struct tallypair *
tallystream_find(
    const struct tallystream_detector *d, size_t feature, size_t guess)
{
	if (guess < d->pairs && d->pair[guess].field == feature)
		return &d->pair[guess];
	for (size_t i = 0; i < d->pairs; i++)
		if (d->pair[i].field == feature)
			return &d->pair[i];
	return NULL;
}

/* One more; NULL when memory ends. */
static struct tallypair *
add_pair(struct tallystream_detector *d, size_t feature)
{
	struct tallypair *grown = realloc(
	    d->pair, (d->pairs + 1u) * sizeof(*grown));

	if (grown == NULL)
		return NULL;
	d->pair = grown;
	grown[d->pairs] = (struct tallypair){.field = (uint8_t)feature};
	return &grown[d->pairs++];
}

struct tallypair *
tallystream_pair(
    struct tallystream *s, size_t feature, size_t detector, size_t guess)
{
	struct tallystream_detector *d = detector_of(s, detector);
	struct tallypair *p;

	if (d == NULL)
		return NULL;
	p = tallystream_find(d, feature, guess);
	if (p == NULL)
		p = add_pair(d, feature);
	d->seen = 1;
	d->learning = d->foreign = 0;
	return p;
}

/* No test has a value. */
static void
clear_pairs(struct tallystream_detector *d, double time)
{
	for (size_t i = 0; i < d->pairs; i++)
		tallypair_clear(&d->pair[i], time);
}

struct repeats *
tallystream_repeats(struct tallystream *s)
{
	if (s->repeats == NULL)
		s->repeats = calloc(1, sizeof(*s->repeats));
	return s->repeats;
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
	f[feature].counts = counts != 0;
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
	double before;

	f->all = window == 0;
	if (!f->all)
		return tallywindow_add(&f->window, x, window);
	before = x - f->every.mean;
	f->every.mean += before / (double)++f->every.n;
	f->every.square += before * (x - f->every.mean);
	return 0;
}

static void
flag_state(uint8_t *flag, const char *name, struct store *s)
{
	int x = *flag;

	store_int(s, name, &x, 0, 1);
	*flag = (uint8_t)x;
}

static void
feature_state(struct tallystream_feature *f, size_t window, struct store *s)
{
	store_open(s, NULL, '{');
	flag_state(&f->counts, "counts", s);
	tallywindow_state(&f->window, window, s);
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
		store_no_memory(s);
	return array;
}

/* As if all fields up to the last one had a pair. */
static void
pairs_state(struct tallystream_detector *d, size_t features, struct store *s)
{
	size_t n = 0;

	for (size_t i = 0; i < d->pairs; i++)
		if (d->pair[i].field >= n)
			n = d->pair[i].field + 1u;
	store_size(s, "n", &n, 0, features);
	store_open(s, "pairs", '[');
	for (size_t i = 0; i < n && s->why == NULL; i++) {
		struct tallypair none = {.field = (uint8_t)i}, *own;
		struct tallypair *p = tallystream_find(d, i, i);

		tallypair_state(p != NULL ? p : &none, s);
		own = p == NULL && none.seen ? add_pair(d, i) : NULL;
		if (p == NULL && none.seen && own == NULL)
			store_no_memory(s);
		if (own != NULL)
			*own = none;
		else
			tallypair_free(&none);
		if (i + 1 == n && p == NULL && own == NULL && s->why == NULL)
			store_refuse(s, "a last test that was never made");
	}
	store_close(s, ']');
}

static void
detector_state(struct tallystream_detector *d, size_t features, struct store *s)
{
	store_open(s, NULL, '{');
	store_count(s, "waiting", &d->waiting);
	pairs_state(d, features, s);
	if (store_optional(s, "learning", d->learning))
		flag_state(&d->learning, "learning", s);
	if (store_optional(s, "foreign", d->foreign))
		flag_state(&d->foreign, "foreign", s);
	if (store_reading(s))
		d->seen = d->waiting > 0 || d->pairs > 0 || d->foreign;
	store_close(s, '}');
}

/* What few streams have. */
static void
filter_state(struct tallystream *t, struct store *s)
{
	struct repeats r = {0};

	repeats_state(t->repeats != NULL ? t->repeats : &r, s);
	if (r.records > 0 && tallystream_repeats(t) == NULL)
		store_no_memory(s);
	else if (r.records > 0)
		*t->repeats = r;
}

static void
image_state(
    struct imgtally_stream *t, struct recmodels *models, struct store *s)
{
	struct recmodel model = *recmodels_at(models, t->model);
	size_t named = t->named;
	long number;

	flag_state(&t->begun, "begun", s);
	store_size(s, "named", &named, 0, UINT32_MAX);
	recmodel_state(&model, s);
	number = recmodels_find(models, &model);
	if (number < 0)
		store_no_memory(s);
	else
		t->model = (uint32_t)number;
	t->named = (uint32_t)named;
	gaps_state(&t->gaps, s);
}

void
tallystream_state(struct tallystream *t, struct recmodels *models,
    size_t features, size_t detectors, size_t window, struct store *s)
{
	store_open(s, NULL, '{');
	image_state(&t->image, models, s);
	filter_state(t, s);
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
		if (!s->feature[i].all)
			tallywindow_free(&s->feature[i].window);
	for (size_t i = 0; i < s->detectors; i++) {
		for (size_t k = 0; k < s->detector[i].pairs; k++)
			tallypair_free(&s->detector[i].pair[k]);
		free(s->detector[i].pair);
	}
	free(s->repeats);
	free(s->feature);
	free(s->detector);
	imgtally_stream_free(&s->image);
}
