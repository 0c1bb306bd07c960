/*
 * Counts what records say, and puts it into a store of metrics (prom.h). Each
 * value of a field of theirs, if one is given, is a stream of its own, which
 * is counted as if it were alone; else all are one stream. Memory does not
 * grow with the records: what is new counts only up to fixed numbers of fields
 * and detectors and to limits of streams and series.
 *
 * What is counted in a stream, for each field that a detector's tests name
 * (feature), and for those of tally_watch:
 *
 *	mean, stddev   of its latest values, as featstat has them; not of classes
 *	statistic, threshold, p   of the last test; absent while the detector
 *		learns or fills its window
 *	alarms         tests with an event
 *	samples        records in which the detector tested the field, or had
 *		only a state, which is one for all of its fields
 */
#ifndef TALLY_H
#define TALLY_H

#include "metric/detread.h"
#include "metric/imgtally.h"
#include "metric/prom.h"
#include "metric/tallygroup.h"
#include "metric/tallyname.h"

/* Paths are also for what tells the streams apart. */
enum { TALLY_DETECTORS = DETREAD_MEMBERS, TALLY_FEATURES = JSON_PATHS - 2 };

enum tally_type {
	TALLY_PREDICTION, /* has a class */
	TALLY_ERROR,
	TALLY_TRAILER,
	TALLY_OTHER,
	TALLY_TYPES
};

enum tally_reason {
	TALLY_PARSE,     /* no JSON object; the caller counts these */
	TALLY_SCHEMA,    /* a member with wrong types */
	TALLY_RANGE,     /* a number that can't be */
	TALLY_TRUNCATED, /* a last line that was cut; the caller's too */
	TALLY_REASONS
};

/* Kept, not copied. */
struct tally_setup {
	size_t window;      /* values that mean and stddev are of; 0: all */
	const char *stream; /* of records without the field */
	const char *group;  /* a dotted path, valid; or NULL */
	size_t groups;      /* streams at most, beside that one */
	struct imgtally_setup images;
};

struct tally {
	/* To be found in each line before it is given to tallyadd. */
	struct json_paths paths;
	struct json_span found[JSON_PATHS];
	int failed;  /* memory ended: nothing can be trusted */
	int trailer; /* the last record was a trailer */
	unsigned long long records[TALLY_TYPES];
	unsigned long long errors[TALLY_REASONS];
	/* The rest is tally.c's own. */
	struct tally_setup setup;
	struct imgtally images;
	struct imgtally left_out; /* counts what is over a limit */
	struct prom skipped;      /* input that tools have skipped */
	struct tallygroup group;  /* the first is setup.stream */
	struct tallyname feature, detector;
	int path[TALLY_FEATURES];    /* by feature: index in paths, or -1 */
	char always[TALLY_FEATURES]; /* its values count without a test */
	struct detread *read;
	struct tallypair_limit last[DETREAD_TESTS]; /* of read's tests */
};

void tally_init(struct tally *t, const struct tally_setup *setup);

/*
 * From here on values of that field, a string of JSON, count in each stream, as
 * if a detector named it. After tally_state, if that is called. -1: there are
 * too many, or it is no dotted path.
 */
int tally_watch(struct tally *t, const struct json_span *name);

/*
 * The number of the field or detector of that name, a string of JSON; guess is
 * what it may well be. Below 0 when there are too many.
 */
long tally_feature(struct tally *t, const struct json_span *name, size_t guess);
long tally_detector(
    struct tally *t, const struct json_span *name, size_t guess);

/*
 * Where the images of that stream, or of one that there is no room for, are
 * counted: of the one that was found last. Its series begin with the first
 * image or, if the model is known, before it.
 */
struct imgtally *tally_images(
    struct tally *t, struct tallystream *s, int image);

/* All that has been counted. Reading: nothing may have been yet. */
void tally_state(struct tally *t, struct store *s);

void tally_free(struct tally *t);

#endif
