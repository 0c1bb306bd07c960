/*
 * The one table of the metrics that promtext writes. Never change a HELP text:
 * if two files give one metric different HELP, node_exporter drops that metric
 * from one of them.
 */
#ifndef PROMTAB_H
#define PROMTAB_H

#include "base/buf.h"

enum promtab_type { PROMTAB_GAUGE, PROMTAB_COUNTER, PROMTAB_HISTOGRAM };

/*
 * In the order in which they are written. States keep these numbers: add at
 * the end.
 */
enum promtab_metric {
	DRIFT_FEATURE_MEAN,
	DRIFT_FEATURE_STDDEV,
	DRIFT_FEATURE_WINDOW_SAMPLES,
	DRIFT_DETECTED,
	DRIFT_STATISTIC,
	DRIFT_THRESHOLD,
	DRIFT_P_VALUE,
	DRIFT_ALARMS_TOTAL,
	DRIFT_SAMPLES_TOTAL,
	DRIFT_LAST_ALARM_TIMESTAMP_SECONDS,
	DRIFT_LAST_SAMPLE_TIMESTAMP_SECONDS,
	IMGCLS_PREDICTIONS_TOTAL,
	IMGCLS_CONFIDENCE_RATIO,
	IMGCLS_ERRORS_TOTAL,
	IMGCLS_MODEL_INFO,
	PROMTEXT_BUILD_INFO,
	PROMTEXT_LAST_SUCCESS_TIMESTAMP_SECONDS,
	PROMTEXT_LAST_RUN_DURATION_SECONDS,
	PROMTEXT_INPUT_RECORDS_TOTAL,
	PROMTEXT_INPUT_ERRORS_TOTAL,
	PROMTEXT_OUTPUT_SERIES,
	PROMTEXT_SERIES_DROPPED_TOTAL,
	DRIFT_LEARNING,
	DRIFT_SKIPPED_TOTAL,
	IMGCLS_IMAGES_DAMAGED_TOTAL,
	DRIFT_FIELD_SHARE,
	DRIFT_REFERENCE_MISMATCH,
	IMGCLS_LAST_IMAGE_TIMESTAMP_SECONDS,
	IMGCLS_USUAL_GAP_SECONDS,
	DRIFT_REFERENCE_MEAN,
	DRIFT_REFERENCE_STDDEV,
	IMGCLS_REFERENCE_SHARE,
	DRIFT_REFERENCE_INFO,
	DRIFT_DUPLICATES_TOTAL,
	DRIFT_UNCHANGED_SECONDS,
	DRIFT_ESTIMATED_ACCURACY_RATIO,
	DRIFT_ESTIMATED_ACCURACY_LOW_RATIO,
	DRIFT_ESTIMATED_ACCURACY_HIGH_RATIO,
	PROMTAB_METRICS
};

enum {
	PROMTAB_LABELS = 3, /* at most, of a metric, beside stream */
	PROMTAB_BOUNDS = 12 /* of a histogram's buckets, without +Inf */
};

struct promtab {
	const char *name;
	enum promtab_type type;
	const char *label[PROMTAB_LABELS]; /* beside stream; NULL ends */
	const char *help;
};

extern const struct promtab promtab[PROMTAB_METRICS];
extern const double promtab_bounds[PROMTAB_BOUNDS];

/* "gauge" and so on. */
const char *promtab_type_name(enum promtab_type type);

/* Lines that a series of the metric takes; and how many labels it has. */
size_t promtab_lines(enum promtab_metric m);
int promtab_labels(enum promtab_metric m);

/* Whether a metric has a label of that name. */
int promtab_has_label(const char *name);

/* The table as text: name, type, labels and help, a tab between two. */
void promtab_put(struct buf *out);

#endif
