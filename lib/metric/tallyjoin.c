#include <stdlib.h>
#include <string.h>

#include "metric/tallyjoin.h"

/* The numbers that names of the second have in the first; -1: none. */
struct names {
	long feature[TALLY_FEATURES], detector[TALLY_DETECTORS];
};

static void
join_names(struct tally *t, const struct tally *next, struct names *of)
{
	/* A state may have room for more than have a name. */
	for (size_t i = 0; i < TALLY_FEATURES; i++)
		of->feature[i] = -1;
	for (size_t i = 0; i < TALLY_DETECTORS; i++)
		of->detector[i] = -1;
	for (size_t i = 0; i < next->feature.n; i++) {
		struct json_span name = {.type = JSON_STRING};

		name.p = intern_text(&next->feature.raw, i, &name.len);
		of->feature[i] = tally_feature(t, &name, i);
	}
	for (size_t i = 0; i < next->detector.n; i++) {
		struct json_span name = {.type = JSON_STRING};

		name.p = intern_text(&next->detector.raw, i, &name.len);
		of->detector[i] = tally_detector(t, &name, i);
	}
}

static int
join_features(struct tallystream *s, const struct tallystream *next,
    const struct names *of, size_t window)
{
	for (size_t i = 0; i < next->features; i++) {
		const struct tallystream_feature *f = &next->feature[i];
		long to = of->feature[i];

		int counts;

		if (to < 0)
			continue;
		/* One that the second has not seen is what it was. */
		counts = f->counts || f->window.n > 0
			     ? f->counts
			     : tallystream_counts(s, (size_t)to);
		if (tallystream_watch(s, (size_t)to, counts) < 0 ||
		    tallywindow_join(
			&s->feature[to].window, &f->window, window) < 0)
			return -1;
	}
	return 0;
}

/* A detector's tests of all fields, and its records with only a state. */
static int
join_detector(struct tallystream *s, size_t to,
    const struct tallystream_detector *next, const struct names *of,
    double time)
{
	/* It has waited: tests of before are over. */
	if (next->waiting > 0 && tallystream_waits(s, to, time) < 0)
		return -1;
	if (next->foreign && tallystream_refuses(s, to, time) < 0)
		return -1;
	for (size_t i = 0; i < next->pairs; i++) {
		long field = of->feature[next->pair[i].field];
		struct tallypair *p;

		if (field < 0)
			continue;
		p = tallystream_pair(s, (size_t)field, to, i);
		if (p == NULL || tallypair_join(p, &next->pair[i]) < 0)
			return -1;
	}
	if (to >= s->detectors || !next->seen)
		return 0;
	s->detector[to].waiting += next->waiting - (next->waiting > 0);
	s->detector[to].learning = next->learning;
	s->detector[to].foreign = next->foreign;
	return 0;
}

static int
join_stream(struct tallystream *s, const struct tallystream *next,
    const struct names *of, size_t window)
{
	s->image.begun |= next->image.begun;
	if (gaps_join(&s->image.gaps, &next->image.gaps) < 0)
		return -1;
	if (next->repeats != NULL && tallystream_repeats(s) == NULL)
		return -1;
	if (next->repeats != NULL)
		repeats_join(s->repeats, next->repeats);
	if (join_features(s, next, of, window) < 0)
		return -1;
	for (size_t i = 0; i < next->detectors; i++)
		if (of->detector[i] >= 0 &&
		    join_detector(s, (size_t)of->detector[i],
			&next->detector[i], of, next->image.gaps.last) < 0)
			return -1;
	return 0;
}

/* One too many: its detectors are counted as left out. */
static void
leave_out(
    struct tally *t, const struct tallystream *next, const struct names *of)
{
	struct prom *p = &t->left_out.store;

	prom_stream(p, t->group.label);
	for (size_t i = 0; i < next->detectors; i++) {
		const char *name = of->detector[i] < 0
				       ? ""
				       : t->detector.text[of->detector[i]];

		prom_at(p, DRIFT_LEARNING, &name);
	}
	prom_at(p, IMGCLS_LAST_IMAGE_TIMESTAMP_SECONDS, NULL);
}

/* The stream that one of the second is in the first; NULL: it is passed by. */
static const char *
picked(const struct tallyjoin_choice *c, const char *stream)
{
	return c != NULL ? c->pick(c->ctx, stream) : stream;
}

/* That of the second's last image, if it is known. */
static void
join_model(struct tally *t, struct tallystream *s, const struct tally *next,
    const struct tallystream *from)
{
	long number = recmodels_find(&t->group.models,
	    recmodels_at(&next->group.models, from->image.model));

	t->failed |= number < 0;
	if (number > 0)
		s->image.model = (uint32_t)number;
}

static void
join_streams(struct tally *t, const struct tally *next, const struct names *of,
    const struct tallyjoin_choice *choice)
{
	for (size_t i = 0; i < next->group.n && !t->failed; i++) {
		const struct tallystream *from = &next->group.stream[i];
		const char *label = picked(
		    choice, tallygroup_label(&next->group, i));
		struct tallystream *s;

		if (label == NULL)
			continue;
		s = tallygroup_find(&t->group, label);
		t->failed |= t->group.failed;
		if (s != NULL)
			join_model(t, s, next, from);
		if (s == NULL)
			leave_out(t, from, of);
		else if (join_stream(s, from, of, t->setup.window) < 0)
			t->failed = 1;
	}
}

/* Series of images; of a stream that is one too many they are left out. */
static void
join_images(struct tally *t, const struct prom *next,
    const struct tallyjoin_choice *choice)
{
	for (size_t i = 0; i < next->series.n && !t->failed; i++) {
		const char *label = picked(
		    choice, promseries_text(&next->series,
				promseries_at(&next->series, i)->stream));
		struct tallystream *s;
		struct imgtally *images;

		if (label == NULL)
			continue;
		s = tallygroup_find(&t->group, label);
		images = s ? &t->images : &t->left_out;
		t->failed |= t->group.failed;
		images->stream = t->group.label;
		imgtally_join(images, s ? &s->image : NULL, next, i);
	}
}

void
tallyjoin_streams(struct tally *t, const struct tally *next,
    const struct tallyjoin_choice *choice)
{
	struct names of;

	join_names(t, next, &of);
	join_streams(t, next, &of, choice);
	join_images(t, &next->images.store, choice);
	t->failed |= next->failed || t->images.store.failed;
}

void
tallyjoin_counts(struct tally *t, const struct tally *next)
{
	for (int i = 0; i < TALLY_TYPES; i++)
		t->records[i] += next->records[i];
	for (int i = 0; i < TALLY_REASONS; i++)
		t->errors[i] += next->errors[i];
	prom_merge(&t->left_out.store, &next->left_out.store);
	t->failed |= next->failed;
}

void
tallyjoin(struct tally *t, const struct tally *next)
{
	tallyjoin_counts(t, next);
	tallyjoin_streams(t, next, NULL);
	prom_merge(&t->skipped, &next->skipped);
}
