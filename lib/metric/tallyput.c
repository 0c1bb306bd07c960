#include "metric/tallyput.h"
#include "metric/tallystream_put.h"
#include "tool/version.h"

/* What is put of each stream: of tests and filters, of values, of images. */
static const enum promtab_metric of_tests[] = {DRIFT_DETECTED, DRIFT_STATISTIC,
    DRIFT_THRESHOLD, DRIFT_P_VALUE, DRIFT_ALARMS_TOTAL, DRIFT_SAMPLES_TOTAL,
    DRIFT_LAST_ALARM_TIMESTAMP_SECONDS, DRIFT_LAST_SAMPLE_TIMESTAMP_SECONDS,
    DRIFT_LEARNING, DRIFT_FIELD_SHARE, DRIFT_REFERENCE_MISMATCH,
    DRIFT_DUPLICATES_TOTAL, DRIFT_UNCHANGED_SECONDS,
    DRIFT_ESTIMATED_ACCURACY_RATIO, DRIFT_ESTIMATED_ACCURACY_LOW_RATIO,
    DRIFT_ESTIMATED_ACCURACY_HIGH_RATIO};
static const enum promtab_metric of_values[] = {
    DRIFT_FEATURE_MEAN, DRIFT_FEATURE_STDDEV, DRIFT_FEATURE_WINDOW_SAMPLES};
static const enum promtab_metric of_images[] = {IMGCLS_MODEL_INFO,
    IMGCLS_LAST_IMAGE_TIMESTAMP_SECONDS, IMGCLS_USUAL_GAP_SECONDS};

static void
put_run(const struct tally *t, double now, double seconds, struct prom *p)
{
	static const char *const types[TALLY_TYPES] = {
	    "prediction", "error", "trailer", "other"};
	static const char *const reasons[TALLY_REASONS] = {
	    "parse", "schema", "range", "truncated"};
	const char *build[] = {version, version_revision};

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
	for (size_t i = 0; i < t->feature.n; i++)
		for (size_t k = 0; k < t->detector.n; k++) {
			const char *values[] = {
			    t->feature.text[i], t->detector.text[k]};

			tallystream_put_pair(s, i, k, values, p);
		}
	for (size_t k = 0; k < t->detector.n; k++)
		tallystream_put_detector(s, k, t->detector.text[k], p);
	if (s->repeats != NULL)
		repeats_put(s->repeats, p);
}

static void
put_values(const struct tally *t, const struct tallystream *s, struct prom *p)
{
	for (size_t i = 0; i < t->feature.n; i++)
		tallystream_put_values(s, i, t->feature.text[i], p);
}

static void
put_images(const struct tally *t, const struct tallystream *s, struct prom *p)
{
	imgtally_put_stream(&t->images, &s->image, p);
}

/* What put says of each stream, if the store takes any of these metrics. */
static void
put_streams(const struct tally *t,
    void (*put)(
	const struct tally *, const struct tallystream *, struct prom *),
    const enum promtab_metric *of, size_t n, struct prom *p)
{
	int taken = 0;

	for (size_t i = 0; i < n; i++)
		taken |= prom_takes(p, of[i]);
	for (size_t k = 0; k < t->group.n && taken; k++) {
		prom_stream(p, tallygroup_label(&t->group, k));
		put(t, &t->group.stream[k], p);
	}
}

/* In the order of what is to be left out last. */
void
tallyput(const struct tally *t, double now, double seconds, struct prom *p)
{
	const char *limit[] = {"limit"};

	p->failed |= t->failed | t->left_out.store.failed;
	if (p->failed)
		return;
	prom_stream(p, t->setup.stream);
	put_run(t, now, seconds, p);
	prom_merge(p, &t->skipped);
	prom_set(p, PROMTEXT_OUTPUT_SERIES, NULL, 0);
	prom_set(p, PROMTEXT_SERIES_DROPPED_TOTAL, limit, 0);
	put_streams(
	    t, put_pairs, of_tests, sizeof(of_tests) / sizeof(*of_tests), p);
	put_streams(t, put_values, of_values,
	    sizeof(of_values) / sizeof(*of_values), p);
	prom_merge(p, &t->images.store);
	put_streams(t, put_images, of_images,
	    sizeof(of_images) / sizeof(*of_images), p);
	p->dropped += t->left_out.store.dropped;
}

void
tallyput_end(
    const struct tally *t, size_t lines, size_t dropped, struct prom *p)
{
	const char *limit[] = {"limit"};

	prom_stream(p, t->setup.stream);
	prom_set(p, PROMTEXT_OUTPUT_SERIES, NULL, (double)lines);
	prom_set(p, PROMTEXT_SERIES_DROPPED_TOTAL, limit, (double)dropped);
}
