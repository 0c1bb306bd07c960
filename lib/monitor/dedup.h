/*
 * The stream of the filter that marks near-duplicates: a record that lies no
 * farther from the last one that was kept, the last that is no duplicate, than
 * records lie that have nothing to do with each other (stats/pairs.h). Each
 * group that -g tells apart has a last record of its own.
 */
#ifndef DEDUP_H
#define DEDUP_H

#include "tool/opt.h"

struct dedup_plan {
	const struct tool *tool;
	struct opt_list fields; /* of the vector */
	const char *group;      /* NULL: all are one */
	const char *reference;  /* a file; NULL: the first records */
	size_t reference_size;
	size_t max_groups;
	double quantile; /* of the reference's distances */
	double distance; /* a fixed limit in its place, or NAN */
	int skip_bad;
};

/* Runs the stream, from the n files or standard input. */
void dedup_run(const struct dedup_plan *plan, char **files, int n);

#endif
