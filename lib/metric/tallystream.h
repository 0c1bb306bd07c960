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
#include "metric/tallypair.h"
#include "metric/tallywindow.h"

/* For tallystream.c and tallyjoin.c: of a field, and of a detector. */
struct tallystream_feature {
	union {
		struct tallywindow window;
		struct {
			double mean, square; /* sum of squares */
			size_t n;
		} every;
	};
	uint8_t counts;
	uint8_t all; /* there is no window */
};

struct tallystream_detector {
	unsigned long long waiting; /* records with only a state */
	struct tallypair *pair;     /* of the fields that it has tested */
	uint8_t pairs;
	uint8_t seen, learning; /* whether the last one was such */
	uint8_t foreign;        /* or of another model */
};

struct tallystream {
	struct imgtally_stream image;
	struct repeats *repeats; /* or NULL */
	struct tallystream_feature *feature;
	struct tallystream_detector *detector;
	size_t features, detectors;
};

/*
 * Where the tests of a detector in a field are counted; guess is which of its
 * fields it may well be. NULL when memory ends.
 */
struct tallypair *tallystream_pair(
    struct tallystream *s, size_t feature, size_t detector, size_t guess);

/* The same of a detector's own; NULL: there are none. */
struct tallypair *tallystream_find(
    const struct tallystream_detector *d, size_t feature, size_t guess);

/* What a filter says of it is counted here; NULL when memory ends. */
struct repeats *tallystream_repeats(struct tallystream *s);

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

/*
 * Fields, detectors and the window have to be below these numbers; models are
 * those of all streams.
 */
void tallystream_state(struct tallystream *s, struct recmodels *models,
    size_t features, size_t detectors, size_t window, struct store *to);

void tallystream_free(struct tallystream *s);

#endif
