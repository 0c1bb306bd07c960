#include <stdlib.h>
#include <string.h>

#include "metric/promstate.h"
#include "metric/tally.h"

enum { MOST_SKIPPED = 100 }; /* series of what was skipped */

struct imgtally *
tally_images(struct tally *t, struct tallystream *s, int image)
{
	struct imgtally *images = s ? &t->images : &t->left_out;
	int begins = (image || t->setup.images.known) && !(s && s->image.begun);

	images->stream = t->group.label;
	if (begins)
		imgtally_begin(images, s ? &s->image : NULL);
	if (s != NULL && begins)
		s->image.begun = 1;
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
	prom_init(&t->skipped, setup->stream, MOST_SKIPPED);
	tallygroup_init(&t->group, setup->groups + 1);
	t->images.models = t->left_out.models = &t->group.models;
	if (setup->group != NULL)
		jsonpath_add(&t->paths, setup->group);
	tallyname_init(&t->feature, TALLY_FEATURES);
	tallyname_init(&t->detector, TALLY_DETECTORS);
	t->read = calloc(1, sizeof(*t->read));
	if (t->read == NULL)
		t->failed = 1;
	else
		tally_images(t, tallygroup_find(&t->group, setup->stream), 0);
	t->failed |= t->group.failed;
}

/* The number of the field of that name; below 0 when there are too many. */
long
tally_feature(struct tally *t, const struct json_span *name, size_t guess)
{
	size_t n = t->feature.n;
	long i = tallyname_find(&t->feature, name, guess);

	t->failed |= i == TALLYNAME_NO_MEMORY;
	if (t->feature.n > n)
		t->path[n] = jsonpath_add(&t->paths, t->feature.text[n]);
	return i;
}

int
tally_watch(struct tally *t, const struct json_span *name)
{
	long i = tally_feature(t, name, t->feature.n);

	if (i < 0 || t->path[i] < 0)
		return -1;
	t->always[i] = 1;
	return 0;
}

long
tally_detector(struct tally *t, const struct json_span *name, size_t guess)
{
	long i = tallyname_find(&t->detector, name, guess);

	t->failed |= i == TALLYNAME_NO_MEMORY;
	return i;
}

static void
names_state(struct tally *t, struct store *s)
{
	size_t features = t->feature.n, detectors = t->detector.n;

	store_size(s, "features", &features, 0, TALLY_FEATURES);
	store_size(s, "detectors", &detectors, 0, TALLY_DETECTORS);
	store_open(s, "names", '[');
	for (size_t i = 0; i < features && s->why == NULL; i++)
		tallyname_state(&t->feature, i, s);
	for (size_t i = 0; i < detectors && s->why == NULL; i++)
		tallyname_state(&t->detector, i, s);
	store_close(s, ']');
	if (!store_reading(s))
		return;
	for (size_t i = 0; i < t->feature.n; i++)
		t->path[i] = jsonpath_add(&t->paths, t->feature.text[i]);
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
	promstate(&t->images.store, "images", s);
	promstate(&t->left_out.store, "left_out", s);
	if (store_optional(s, "skipped", t->skipped.series.n > 0))
		promstate(&t->skipped, "skipped", s);
	t->failed |= t->group.failed;
}

void
tally_free(struct tally *t)
{
	tallyname_free(&t->feature);
	tallyname_free(&t->detector);
	free(t->read);
	tallygroup_free(&t->group);
	imgtally_free(&t->images);
	imgtally_free(&t->left_out);
	prom_free(&t->skipped);
}
