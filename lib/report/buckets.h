/*
 * A stream over time in constant memory: each bucket sums up as many records as
 * any other, and when all are full, neighbours are joined two by two.
 */
#ifndef BUCKETS_H
#define BUCKETS_H

#include "report/estimated.h"
#include "report/grid.h"
#include "report/portrait.h"
#include "report/watched.h"

enum {
	BUCKETS_MOST = 64,
	BUCKETS_TESTS = 128, /* that are told apart */
	BUCKETS_PORTRAITS = 3,
	BUCKETS_CONFIDENCE = 10 /* bins of the probability */
};

/* Of one class, where the true class is known. */
struct bucket_quality {
	uint32_t truth, answers, right; /* right: of both */
};

struct bucket {
	unsigned long long records, errors, alarms, events;
	unsigned long long first; /* record, from 1 */
	double begin, end;        /* time; NAN when not known */
	struct grid_sums sums[WATCHED_MOST];
	uint32_t *cells[WATCHED_MOST]; /* GRID_CELLS, or NULL: no values */
	unsigned long long missing[WATCHED_MOST], outside[WATCHED_MOST];
	float *peak;     /* of each test: the largest statistic / limit */
	uint32_t *class; /* by class */
	size_t classes;  /* of these */
	unsigned long long classed;
	unsigned long long known, right; /* truth */
	struct bucket_quality *quality;  /* by class */
	size_t qualities;
	struct estimated_sums estimated;
	unsigned long long sure[BUCKETS_CONFIDENCE], hits[BUCKETS_CONFIDENCE];
	double prob[BUCKETS_CONFIDENCE]; /* sums, of those with truth */
	struct portrait furthest[BUCKETS_PORTRAITS];
};

struct buckets {
	size_t n;
	unsigned long long width; /* records in a bucket */
	struct bucket *bucket[BUCKETS_MOST];
	int failed; /* memory ended */
};

/* The bucket that the next record goes into; NULL when memory ends. */
struct bucket *buckets_next(struct buckets *b, unsigned long long record);

/* A value of a field that has a grid. */
void buckets_value(struct buckets *b, struct bucket *k, size_t field,
    const struct grid *g, double x);

void buckets_class(struct buckets *b, struct bucket *k, size_t class);
void buckets_truth(
    struct buckets *b, struct bucket *k, size_t truth, size_t class);
void buckets_test(
    struct buckets *b, struct bucket *k, size_t test, double ratio);

/* Makes one of all from one to before another. */
void buckets_fold(struct buckets *b, size_t from, size_t to);

/*
 * Takes over one, of any number of records, that comes next. Those after it
 * get as many records as the largest that was taken over.
 */
void buckets_append(struct buckets *b, struct bucket *k);

/* Adds all of those from one to before another to a zeroed bucket. */
void buckets_sum(struct buckets *b, size_t from, size_t to, struct bucket *sum);

void buckets_empty(struct bucket *k); /* frees what it has */
void buckets_free(struct buckets *b);

#endif
