#include <string.h>

#include "metric/promtab.h"

/* clang-format off */
const struct promtab promtab[PROMTAB_METRICS] = {
	[DRIFT_FEATURE_MEAN] = {
	    "drift_feature_mean", PROMTAB_GAUGE, {"feature"},
	    "Mean of the feature over its latest window."},
	[DRIFT_FEATURE_STDDEV] = {
	    "drift_feature_stddev", PROMTAB_GAUGE, {"feature"},
	    "Standard deviation of the feature over its latest window."},
	[DRIFT_FEATURE_WINDOW_SAMPLES] = {
	    "drift_feature_window_samples", PROMTAB_GAUGE, {"feature"},
	    "Samples in the latest window of the feature."},
	[DRIFT_DETECTED] = {
	    "drift_detected", PROMTAB_GAUGE, {"feature", "detector"},
	    "Whether the detector is in drift (1) or not (0) at its last "
	    "sample."},
	[DRIFT_STATISTIC] = {
	    "drift_statistic", PROMTAB_GAUGE, {"feature", "detector"},
	    "Test statistic of the detector at its last sample."},
	[DRIFT_THRESHOLD] = {
	    "drift_threshold", PROMTAB_GAUGE, {"feature", "detector"},
	    "Threshold that the statistic is compared with."},
	[DRIFT_P_VALUE] = {
	    "drift_p_value", PROMTAB_GAUGE, {"feature", "detector"},
	    "P-value of the last test, for the detectors that have one."},
	[DRIFT_ALARMS_TOTAL] = {
	    "drift_alarms_total", PROMTAB_COUNTER, {"feature", "detector"},
	    "Drift alarms raised."},
	[DRIFT_SAMPLES_TOTAL] = {
	    "drift_samples_total", PROMTAB_COUNTER, {"feature", "detector"},
	    "Samples read by the detector."},
	[DRIFT_LAST_ALARM_TIMESTAMP_SECONDS] = {
	    "drift_last_alarm_timestamp_seconds", PROMTAB_GAUGE,
	    {"feature", "detector"},
	    "Time of the latest alarm, in seconds since the epoch; absent "
	    "until there is one."},
	[DRIFT_LAST_SAMPLE_TIMESTAMP_SECONDS] = {
	    "drift_last_sample_timestamp_seconds", PROMTAB_GAUGE,
	    {"feature", "detector"},
	    "Time of the latest sample, in seconds since the epoch."},
	[IMGCLS_PREDICTIONS_TOTAL] = {
	    "imgcls_predictions_total", PROMTAB_COUNTER, {"model", "class"},
	    "Images classified, by predicted class."},
	[IMGCLS_CONFIDENCE_RATIO] = {
	    "imgcls_confidence_ratio", PROMTAB_HISTOGRAM, {"model"},
	    "Confidence of the predicted class."},
	[IMGCLS_ERRORS_TOTAL] = {
	    "imgcls_errors_total", PROMTAB_COUNTER, {"model", "reason"},
	    "Images that could not be classified, by reason."},
	[IMGCLS_MODEL_INFO] = {
	    "imgcls_model_info", PROMTAB_GAUGE, {"model", "version", "digest"},
	    "The model in use; always 1."},
	[PROMTEXT_BUILD_INFO] = {
	    "promtext_build_info", PROMTAB_GAUGE, {"version", "revision"},
	    "The promtext that wrote this file; always 1."},
	[PROMTEXT_LAST_SUCCESS_TIMESTAMP_SECONDS] = {
	    "promtext_last_success_timestamp_seconds", PROMTAB_GAUGE, {NULL},
	    "Time of the last run that wrote this file, in seconds since "
	    "the epoch."},
	[PROMTEXT_LAST_RUN_DURATION_SECONDS] = {
	    "promtext_last_run_duration_seconds", PROMTAB_GAUGE, {NULL},
	    "Duration of the run that wrote this file."},
	[PROMTEXT_INPUT_RECORDS_TOTAL] = {
	    "promtext_input_records_total", PROMTAB_COUNTER, {"type"},
	    "Records read, by type."},
	[PROMTEXT_INPUT_ERRORS_TOTAL] = {
	    "promtext_input_errors_total", PROMTAB_COUNTER, {"reason"},
	    "Input lines not used, by reason."},
	[PROMTEXT_OUTPUT_SERIES] = {
	    "promtext_output_series", PROMTAB_GAUGE, {NULL},
	    "Series in this file."},
	[PROMTEXT_SERIES_DROPPED_TOTAL] = {
	    "promtext_series_dropped_total", PROMTAB_COUNTER, {"reason"},
	    "Series left out, by reason."},
	[DRIFT_LEARNING] = {
	    "drift_learning", PROMTAB_GAUGE, {"detector"},
	    "Whether the detector learns its reference or fills its window "
	    "(1) or tests (0) at its last sample."},
	[DRIFT_SKIPPED_TOTAL] = {
	    "drift_skipped_total", PROMTAB_COUNTER, {"tool", "reason"},
	    "Input skipped in the pipeline, by tool and reason."},
	[IMGCLS_IMAGES_DAMAGED_TOTAL] = {
	    "imgcls_images_damaged_total", PROMTAB_COUNTER, {"model"},
	    "Images classified though they are damaged."},
	[DRIFT_FIELD_SHARE] = {
	    "drift_field_share", PROMTAB_GAUGE, {"feature", "detector"},
	    "Share of the statistic that a field contributes, of those that "
	    "an alarm names."},
	[DRIFT_REFERENCE_MISMATCH] = {
	    "drift_reference_mismatch", PROMTAB_GAUGE, {"detector"},
	    "Whether the last record was of another model than the detector's "
	    "reference (1) or not (0)."},
	[IMGCLS_LAST_IMAGE_TIMESTAMP_SECONDS] = {
	    "imgcls_last_image_timestamp_seconds", PROMTAB_GAUGE, {NULL},
	    "Time of the latest image, in seconds since the epoch, whether it "
	    "could be classified or not."},
	[IMGCLS_USUAL_GAP_SECONDS] = {
	    "imgcls_usual_gap_seconds", PROMTAB_GAUGE, {NULL},
	    "Second longest time between two images in the last two weeks."},
	[DRIFT_REFERENCE_MEAN] = {
	    "drift_reference_mean", PROMTAB_GAUGE, {"feature"},
	    "Mean of the feature over the reference."},
	[DRIFT_REFERENCE_STDDEV] = {
	    "drift_reference_stddev", PROMTAB_GAUGE, {"feature"},
	    "Standard deviation of the feature over the reference."},
	[IMGCLS_REFERENCE_SHARE] = {
	    "imgcls_reference_share", PROMTAB_GAUGE, {"class"},
	    "Share of the class among the images of the reference."},
	[DRIFT_REFERENCE_INFO] = {
	    "drift_reference_info", PROMTAB_GAUGE, {"digest", "model"},
	    "The reference in use, by the digest of its file, and the model "
	    "that it is of; always 1."},
	[DRIFT_DUPLICATES_TOTAL] = {
	    "drift_duplicates_total", PROMTAB_COUNTER, {NULL},
	    "Records marked as near-duplicates of an earlier one."},
	[DRIFT_UNCHANGED_SECONDS] = {
	    "drift_unchanged_seconds", PROMTAB_GAUGE, {NULL},
	    "Time since a record differed from the one before, at the latest "
	    "record."},
	[DRIFT_ESTIMATED_ACCURACY_RATIO] = {
	    "drift_estimated_accuracy_ratio", PROMTAB_GAUGE, {"detector"},
	    "Estimated accuracy of the classifier in the latest window."},
	[DRIFT_ESTIMATED_ACCURACY_LOW_RATIO] = {
	    "drift_estimated_accuracy_low_ratio", PROMTAB_GAUGE, {"detector"},
	    "Lower end of the estimated accuracy's 90 % interval."},
	[DRIFT_ESTIMATED_ACCURACY_HIGH_RATIO] = {
	    "drift_estimated_accuracy_high_ratio", PROMTAB_GAUGE, {"detector"},
	    "Upper end of the estimated accuracy's 90 % interval."},
};
/* clang-format on */

const double promtab_bounds[PROMTAB_BOUNDS] = {
    .1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .99, 1};

const char *
promtab_type_name(enum promtab_type type)
{
	static const char *const names[] = {"gauge", "counter", "histogram"};

	return names[type];
}

size_t
promtab_lines(enum promtab_metric m)
{
	return promtab[m].type == PROMTAB_HISTOGRAM ? PROMTAB_BOUNDS + 3 : 1;
}

int
promtab_labels(enum promtab_metric m)
{
	int n = 0;

	while (n < PROMTAB_LABELS && promtab[m].label[n] != NULL)
		n++;
	return n;
}

int
promtab_has_label(const char *name)
{
	for (int m = 0; m < PROMTAB_METRICS; m++)
		for (int i = 0; i < PROMTAB_LABELS; i++)
			if (promtab[m].label[i] != NULL &&
			    strcmp(name, promtab[m].label[i]) == 0)
				return 1;
	return 0;
}

void
promtab_put(struct buf *out)
{
	for (int m = 0; m < PROMTAB_METRICS; m++) {
		const struct promtab *d = &promtab[m];

		buf_str(out, d->name);
		buf_str(out, "\t");
		buf_str(out, promtab_type_name(d->type));
		buf_str(out, "\tstream");
		for (int i = 0; i < PROMTAB_LABELS && d->label[i]; i++) {
			buf_str(out, ",");
			buf_str(out, d->label[i]);
		}
		buf_str(out, "\t");
		buf_str(out, d->help);
		buf_str(out, "\n");
	}
}
