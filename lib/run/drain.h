/*
 * The end of a pipeline: records that come out of its last stage go to
 * standard output, and its barriers are committed (generation.h), with the
 * metrics, which appear where they are to be read.
 */
#ifndef DRAIN_H
#define DRAIN_H

#include "tool/rec.h"

struct drain {
	const char *output; /* the metrics' file, or NULL */
	int has_input;      /* the runner sends the barriers itself */
	int follow;         /* each barrier is committed, not only the last */
};

/* Until the stages end: the number of the last barrier, or 0. */
long long drain(const struct drain *d, struct rec *in);

/* Commits that generation, when it is not the current one already. */
void drain_commit(const struct drain *d, long long n);

/* The current generation's metrics, for the exporter to read. */
void drain_publish(const struct drain *d);

#endif
