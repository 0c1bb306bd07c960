/*
 * All that is kept of one stream. A record is read by reading.h; here it is
 * summed up, in constant memory.
 */
#ifndef SUBJECT_H
#define SUBJECT_H

#include "report/alerts.h"
#include "report/buckets.h"
#include "report/earlier.h"
#include "report/reasons.h"
#include "report/usual.h"

enum {
	SUBJECT_RECENT = 256,
	SUBJECT_AFTER = 6, /* first images after a change */
	SUBJECT_GAPS = 5,
	SUBJECT_PAIRS = 1024 /* of truth and class */
};

/* One record, as far as it was understood. NAN or -1: not known. */
struct subject_record {
	const char *line;
	const struct detread *read;
	const double *value; /* of n fields */
	size_t n;
	double time, seq, prob;
	long class, truth;
	int right; /* 1, 0, or -1 */
	const char *image;
};

struct subject_pair {
	int truth, class; /* truth + 1; 0 is none */
	unsigned long long count;
};

struct subject {
	char *name;        /* NULL: the only one */
	struct buf source; /* its files, as a shell takes them, or "" */
	unsigned long long records; /* those with measurements, or errors */
	unsigned long long repeats; /* the same values as the one before */
	unsigned long long backwards, seq_gaps, seq_lost; /* time, seq */
	unsigned long long new_classes, timed;
	double begin, end, first_seq, last_seq, previous[WATCHED_MOST];
	const struct usual *file; /* the reference of a file, or NULL */
	struct usual own;         /* of the stream's first records */
	unsigned long long learn; /* how many those are, if none drifts */
	int learnt;
	struct grid *grid[WATCHED_MOST];
	struct buckets buckets;
	struct alerts alerts;
	struct estimated estimated;
	struct reasons errors, models;
	struct portrait recent[SUBJECT_RECENT];
	double recent_time[SUBJECT_RECENT]; /* by record, modulo their number */
	unsigned long long summed; /* the first records, which have none */
	struct portrait after[SUBJECT_AFTER];
	size_t afters;
	unsigned long long after_record; /* where it began */
	struct subject_gap {
		double from, to;
		unsigned long long record; /* the first after it */
	} gap[SUBJECT_GAPS];               /* the longest first */
	struct subject_pair pair[SUBJECT_PAIRS];
	unsigned long long pairs_over;
	double false_alarms;     /* for a record, at most; 0: not known */
	struct earlier *earlier; /* NULL: nothing of a journal */
	int failed;              /* memory ended */
};

/* learn: records that are the reference of fields that the file lacks. */
struct subject *subject_new(
    const char *name, const struct usual *file, unsigned long long learn);

void subject_add(struct subject *s, const struct subject_record *r);

/* An image that could not be read. */
void subject_error(struct subject *s, const struct subject_record *r,
    const char *stage, const char *reason);

/* The silence from one time to another, before that record. */
void subject_note_gap(
    struct subject *s, double from, double to, unsigned long long record);

/* The number of a record that comes next, in a stream that counts them. */
void subject_seq(struct subject *s, double seq);

/* So many mistakes of one class for another. */
void subject_mistake(
    struct subject *s, long truth, long class, unsigned long long count);

/* Ends the learning before there was a record. */
void subject_learnt(struct subject *s);

/* After the last record. */
void subject_end(struct subject *s);

/* The time of a record, as well as it is known; NAN. */
double subject_time(const struct subject *s, unsigned long long record);

/*
 * The i-th of the long silences, the longest first: a minute at least, and many
 * times the usual time between two records. NULL after the last.
 */
const struct subject_gap *subject_silence(const struct subject *s, size_t i);

void subject_free(struct subject *s);

#endif
