#include <string.h>

#include "prom.h"

/* clang-format off */
const struct prom_desc prom_table[PROM_METRICS] = {
	[DRIFT_FEATURE_MEAN] = {
	    "drift_feature_mean", PROM_GAUGE, {"feature"},
	    "Mean of the feature over its latest window."},
	[DRIFT_FEATURE_STDDEV] = {
	    "drift_feature_stddev", PROM_GAUGE, {"feature"},
	    "Standard deviation of the feature over its latest window."},
	[DRIFT_FEATURE_WINDOW_SAMPLES] = {
	    "drift_feature_window_samples", PROM_GAUGE, {"feature"},
	    "Samples in the latest window of the feature."},
	[DRIFT_DETECTED] = {
	    "drift_detected", PROM_GAUGE, {"feature", "detector"},
	    "Whether the detector is in drift (1) or not (0) at its last "
	    "sample."},
	[DRIFT_STATISTIC] = {
	    "drift_statistic", PROM_GAUGE, {"feature", "detector"},
	    "Test statistic of the detector at its last sample."},
	[DRIFT_THRESHOLD] = {
	    "drift_threshold", PROM_GAUGE, {"feature", "detector"},
	    "Threshold that the statistic is compared with."},
	[DRIFT_P_VALUE] = {
	    "drift_p_value", PROM_GAUGE, {"feature", "detector"},
	    "P-value of the last test, for the detectors that have one."},
	[DRIFT_ALARMS_TOTAL] = {
	    "drift_alarms_total", PROM_COUNTER, {"feature", "detector"},
	    "Drift alarms raised."},
	[DRIFT_SAMPLES_TOTAL] = {
	    "drift_samples_total", PROM_COUNTER, {"feature", "detector"},
	    "Samples read by the detector."},
	[DRIFT_LAST_ALARM_TIMESTAMP_SECONDS] = {
	    "drift_last_alarm_timestamp_seconds", PROM_GAUGE,
	    {"feature", "detector"},
	    "Time of the latest alarm, in seconds since the epoch; absent "
	    "until there is one."},
	[DRIFT_LAST_SAMPLE_TIMESTAMP_SECONDS] = {
	    "drift_last_sample_timestamp_seconds", PROM_GAUGE,
	    {"feature", "detector"},
	    "Time of the latest sample, in seconds since the epoch."},
	[IMGCLS_PREDICTIONS_TOTAL] = {
	    "imgcls_predictions_total", PROM_COUNTER, {"model", "class"},
	    "Images classified, by predicted class."},
	[IMGCLS_CONFIDENCE_RATIO] = {
	    "imgcls_confidence_ratio", PROM_HISTOGRAM, {"model"},
	    "Confidence of the predicted class."},
	[IMGCLS_ERRORS_TOTAL] = {
	    "imgcls_errors_total", PROM_COUNTER, {"model", "reason"},
	    "Images that could not be classified, by reason."},
	[IMGCLS_MODEL_INFO] = {
	    "imgcls_model_info", PROM_GAUGE, {"model", "version", "digest"},
	    "The model in use; always 1."},
	[PROMTEXT_BUILD_INFO] = {
	    "promtext_build_info", PROM_GAUGE, {"version", "revision"},
	    "The promtext that wrote this file; always 1."},
	[PROMTEXT_LAST_SUCCESS_TIMESTAMP_SECONDS] = {
	    "promtext_last_success_timestamp_seconds", PROM_GAUGE, {NULL},
	    "Time of the last run that wrote this file, in seconds since "
	    "the epoch."},
	[PROMTEXT_LAST_RUN_DURATION_SECONDS] = {
	    "promtext_last_run_duration_seconds", PROM_GAUGE, {NULL},
	    "Duration of the run that wrote this file."},
	[PROMTEXT_INPUT_RECORDS_TOTAL] = {
	    "promtext_input_records_total", PROM_COUNTER, {"type"},
	    "Records read, by type."},
	[PROMTEXT_INPUT_ERRORS_TOTAL] = {
	    "promtext_input_errors_total", PROM_COUNTER, {"reason"},
	    "Input lines not used, by reason."},
	[PROMTEXT_OUTPUT_SERIES] = {
	    "promtext_output_series", PROM_GAUGE, {NULL},
	    "Series in this file."},
	[PROMTEXT_SERIES_DROPPED_TOTAL] = {
	    "promtext_series_dropped_total", PROM_COUNTER, {"reason"},
	    "Series left out, by reason."},
};
/* clang-format on */

const double prom_bounds[PROM_BOUNDS] = {
    .1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .99, 1};

static int
is_ours(const char *name)
{
	/* The first three are set by Prometheus, or have a meaning to it. */
	static const char *const others[] = {
	    "job", "instance", "quantile", "le", "stream"};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strcmp(name, others[i]) == 0)
			return 1;
	for (int m = 0; m < PROM_METRICS; m++)
		for (int i = 0; i < PROM_LABELS; i++)
			if (prom_table[m].label[i] != NULL &&
			    strcmp(name, prom_table[m].label[i]) == 0)
				return 1;
	return 0;
}

const char *
prom_name_check(const char *name)
{
	/* Not by ctype.h: a locale has no say in this. */
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
				      "0123456789";

	if (*name == '\0' || (*name >= '0' && *name <= '9') ||
	    name[strspn(name, letters)] != '\0')
		return "not a label name";
	if (strncmp(name, "__", 2) == 0)
		return "names that begin with '__' are reserved";
	return is_ours(name) ? "the name has a meaning already" : NULL;
}
