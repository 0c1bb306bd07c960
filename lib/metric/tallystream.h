/*
 * What the detectors say of one stream, and the latest values of the fields
 * that they watch (features). Part of tally.h, where fields and detectors have
 * their names: here they are small numbers, and memory is for those that have
 * been seen.
 */
#ifndef TALLYSTREAM_H
#define TALLYSTREAM_H

#include "metric/detread.h"
#include "metric/imgtally.h"
#include "metric/prom.h"
#include "metric/repeats.h"

enum { TALLYSTREAM_NAME = 64 };

/* A field that an alarm names; a share of NAN: none. */
struct tallystream_top {
	char field[TALLYSTREAM_NAME];
	double share;
};

/* What a detector says of one field. */
struct tallystream_pair {
	int seen, alarm;
	double stat, limit, p; /* NAN when there is none */
	double time, alarm_time;
	unsigned long long alarms, samples;
	/* What limit was read from, and its length; 0 when it is not known. */
	char limit_text[24];
	size_t limit_len;
	struct tallystream_top top[DETREAD_TOP];
	size_t tops;
	int estimates; /* the accuracy: these are numbers */
	double accuracy[DETREAD_ACCURACY];
};

/* For tallystream.c and tallyjoin.c: of a field, and of a detector. */
struct tallystream_feature {
	int counts;
	double *x; /* the window, a ring */
	size_t n, room, at;
	double mean, square; /* without a window: of all; sum of squares */
};

struct tallystream_detector {
	unsigned long long waiting; /* records with only a state */
	int seen, learning;         /* whether the last one was such */
	int foreign;                /* or of another model */
	struct tallystream_pair *pair;
	size_t pairs;
};

struct tallystream {
	struct imgtally_stream image;
	struct repeats repeats;
	struct tallystream_feature *feature;
	struct tallystream_detector *detector;
	size_t features, detectors;
};

/* One test; sets *range when a number can't be. */
void tallystream_test(struct tallystream_pair *p,
    const struct detread_test *test, double time, int *range);

/* Where the tests of a detector in a field are counted. NULL when memory ends. */
struct tallystream_pair *tallystream_pair(
    struct tallystream *s, size_t feature, size_t detector);

/* A record in which the detector had only a state: -1 when memory ends. */
int tallystream_waits(struct tallystream *s, size_t detector, double time);

/* A record that is of another model than its reference: the same. */
int tallystream_refuses(struct tallystream *s, size_t detector, double time);

/* From here on values of the field count, or no longer: -1 when memory ends. */
int tallystream_watch(struct tallystream *s, size_t feature, int counts);

/* Whether they do. */
int tallystream_counts(const struct tallystream *s, size_t feature);

/*
 * A value of such a field, in a window of that many, or with 0 among all; for
 * one and the same always: -1 when memory ends.
 */
int tallystream_value(
    struct tallystream *s, size_t feature, double x, size_t window);

/* Puts a test into the store, values being the names of field and detector. */
void tallystream_put(struct prom *p, const char *const *values,
    const struct tallystream_pair *pair, unsigned long long waiting);

/*
 * Puts what there is of one field and detector; of one detector; of the values
 * of one field, in a window; of all of its values, as a reference.
 */
void tallystream_put_pair(const struct tallystream *s, size_t feature,
    size_t detector, const char *const *values, struct prom *p);
void tallystream_put_detector(const struct tallystream *s, size_t detector,
    const char *name, struct prom *p);
void tallystream_put_values(const struct tallystream *s, size_t feature,
    const char *name, struct prom *p);
void tallystream_put_reference(const struct tallystream *s, size_t feature,
    const char *name, struct prom *p);

/* Fields, detectors and the window have to be below these numbers. */
void tallystream_state(struct tallystream *s, size_t features, size_t detectors,
    size_t window, struct store *to);

void tallystream_free(struct tallystream *s);

#endif
