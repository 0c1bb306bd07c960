/*
 * What a file of promtext's says that records don't: what was counted since
 * the pipeline began, of which a journal keeps the last part alone, when there
 * was an image last, and which files of a model and a reference are in use.
 */
#ifndef METRICS_H
#define METRICS_H

#include <stddef.h>

#include "metric/promtab.h"

enum { METRICS_LABELS = 4, METRICS_TEXT = 257, METRICS_MOST = 10000 };

/* One sample; the label "stream" stands apart. */
struct metrics_sample {
	enum promtab_metric metric;
	double value;
	char *stream; /* or NULL */
	size_t labels;
	struct {
		char name[64], value[METRICS_TEXT];
	} label[METRICS_LABELS];
};

struct metrics {
	struct metrics_sample *sample; /* in the order of the table */
	size_t n;
	int full; /* there were more */
};

/* Adds a file's samples that a page shows. Trouble is a message and exit 2. */
void metrics_read(struct metrics *m, const char *path);

/* After the last file. */
void metrics_sort(struct metrics *m);

/* Whether it is about a stream of that name; NULL is any. */
int metrics_is_of(const struct metrics_sample *s, const char *stream);

void metrics_free(struct metrics *m);

#endif
