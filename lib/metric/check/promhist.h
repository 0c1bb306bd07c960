/*
 * The histograms of a file: whether they rise and are whole.
 */
#ifndef PROMHIST_H
#define PROMHIST_H

#include "json/intern.h"
#include "metric/check/promsay.h"

enum promhist_part { PROMHIST_BUCKET, PROMHIST_SUM, PROMHIST_COUNT };

/* One sample of a histogram. */
struct promhist_point {
	long group; /* which histogram, by promhist_group */
	enum promhist_part part;
	double le, value; /* le of a bucket */
	size_t line;
};

struct promhist {
	/* promhist.c's own. */
	struct promsay *say;
	struct intern groups;
	struct promhist_point *point;
	size_t points, room;
};

void promhist_init(struct promhist *h, struct promsay *say);

/* The number of a histogram: its name, a comma and its labels but le. */
long promhist_group(struct promhist *h, const char *key, size_t len);

void promhist_add(struct promhist *h, const struct promhist_point *point);

/* At the end of a file: says what is wrong, and begins anew. */
void promhist_end(struct promhist *h);

void promhist_free(struct promhist *h);

#endif
