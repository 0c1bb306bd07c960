/*
 * Metrics: the one table of what promtext writes, a store of their series,
 * and the text format of Prometheus (version 0.0.4) that node_exporter's
 * textfile collector reads.
 *
 * The format forgives nothing: one bad line and the collector drops the file,
 * one label name that begins with "__" and it crashes. So what comes from
 * outside passes through here: label values are cut and cleaned when a series
 * is made, names are checked with prom_name_check, and a series that is
 * asked for twice is one series.
 */
#ifndef PROM_H
#define PROM_H

#include <stddef.h>

#include "buf.h"
#include "store.h"

enum prom_type { PROM_GAUGE, PROM_COUNTER, PROM_HISTOGRAM };

/* In the order in which they are written. */
enum prom_metric {
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
	PROM_METRICS
};

enum {
	PROM_LABELS = 3,  /* at most, of a metric, beside stream */
	PROM_VALUE = 256, /* bytes of a label value at most */
	PROM_BOUNDS = 12  /* of a histogram's buckets, without +Inf */
};

struct prom_desc {
	const char *name;
	enum prom_type type;
	const char *label[PROM_LABELS]; /* beside stream; NULL ends */
	const char *help; /* frozen: files that differ in it lose series */
};

extern const struct prom_desc prom_table[PROM_METRICS];
extern const double prom_bounds[PROM_BOUNDS];

/* One series; for a histogram all of its series together. */
struct prom_series {
	enum prom_metric metric;
	double value;               /* of a histogram: the sum */
	unsigned long long *bucket; /* of a histogram: in each of them alone,
				     * PROM_BOUNDS + 1 */
	size_t size;                /* bytes of key */
	char key[];                 /* the label values and the stream, a NUL
				     * behind each */
};

struct prom {
	size_t limit;     /* lines with a sample, at most */
	size_t lines;     /* that the series take */
	size_t dropped;   /* lines left out, see prom_at */
	int failed;       /* memory ended: nothing can be trusted */
	struct buf fixed; /* names and values of the labels of every series but
			   * the stream, a NUL behind each */
	char stream[PROM_VALUE + 1]; /* of the series that are asked for */
	/* In the order in which they were made. */
	struct prom_series **series;
	size_t n;
	/* The rest is prom.c's own. */
	struct prom_series **index;
	size_t slots;
	unsigned char *left_out;
};

/*
 * Why the name can't be that of a constant label, or NULL: it is no name, is
 * reserved by Prometheus, or is one of the table's.
 */
const char *prom_name_check(const char *name);

/*
 * What a text becomes as a label's value, in out; it has PROM_VALUE + 1 bytes.
 * Returns its length. What it became stays as it is when it is given again.
 */
size_t prom_value(const char *text, char *out);

/* An empty store with room for that many lines. */
void prom_init(struct prom *p, const char *stream, size_t limit);

/* The stream of what is put into the store from here on. */
void prom_stream(struct prom *p, const char *stream);

/*
 * A label that every series carries: NULL, or why it can't be. A name can be
 * given once.
 */
const char *prom_constant(struct prom *p, const char *name, const char *value);

/*
 * The value of the stream's series with these label values, as many as the
 * metric has labels; made with 0 when there is none yet. NULL or "" leaves a label out.
 * A value that is not UTF-8 gets U+FFFD where it is not, and so do control
 * characters but the newline; one that is too long is cut and ends in "...".
 *
 * Over the limit the answer is NULL, and dropped counts the lines: once, but
 * in a fixed amount of memory, so that of very many it is an estimate from
 * below. NULL too when memory ends.
 */
double *prom_at(struct prom *p, enum prom_metric m, const char *const *values);

/* The series itself; both stand until prom_free. */
struct prom_series *prom_find(
    struct prom *p, enum prom_metric m, const char *const *values);

/* Whether there is that series already. */
int prom_has(
    const struct prom *p, enum prom_metric m, const char *const *values);

/* Finds the series as prom_at does; nothing happens when there is none. */
void prom_set(
    struct prom *p, enum prom_metric m, const char *const *values, double x);
void prom_add(
    struct prom *p, enum prom_metric m, const char *const *values, double x);

/* One more value of a histogram, NULL for none; x is finite. */
void prom_observe(struct prom_series *s, double x);

/*
 * Adds a series of another store, a counter or histogram, to the one that has
 * this key; a gauge becomes what the other is. Its constant labels are not
 * looked at.
 */
void prom_merge(struct prom *p, const struct prom_series *from, const char *key,
    size_t size);

/* Everything, in the order of the table, the series of a metric sorted. */
void prom_render(struct prom *p, struct buf *out);

/* The table as text: name, type, labels and help, a tab between two. */
void prom_metrics(struct buf *out);

/* The series, and what was left out; not the constant labels. */
void prom_state(struct prom *p, const char *name, struct store *s);

void prom_free(struct prom *p);

#endif
