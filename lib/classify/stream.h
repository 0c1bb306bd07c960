/*
 * A stream of images through a classifier: taken in, predicted in batches,
 * written as records; with a state, barriers go out between them, after all
 * that was taken in has been answered.
 */
#ifndef STREAM_H
#define STREAM_H

#include "classify/intake.h"
#include "classify/record.h"
#include "input/source.h"
#include "json/recmodel.h"

struct tool;

struct stream_setup {
	const struct tool *tool;
	struct intake_setup intake;
	struct opt_list given; /* of given.h */
	/* Seconds between barriers; 0: one at the end; NaN: none. */
	double barrier;
	int trailer, allow_errors;
};

struct stream {
	struct stream_setup setup;
	struct source *source; /* kept */
	struct intake in;
	struct record out;
	long long generation;               /* of the last barrier */
	double next;                        /* clock of the next one */
	unsigned long long records, errors; /* of earlier runs */
	struct recmodel model;              /* of the last run */
};

/* Takes the state over, if there is one. The source and the model are open. */
void stream_open(struct stream *s, struct source *source,
    struct classify *model, const struct stream_setup *setup);

/* Until the input ends. */
void stream_run(struct stream *s);

/*
 * The end: trailer, last barrier and state, and standard output is closed.
 * What was wrong with the input, or with images, is a message and exit 2.
 */
void stream_close(struct stream *s);

#endif
