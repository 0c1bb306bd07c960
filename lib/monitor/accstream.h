/* The stream of accest: a window for each group, and its member. */
#ifndef ACCSTREAM_H
#define ACCSTREAM_H

#include "accuracy/estimate.h"
#include "tool/opt.h"

struct accstream_setup {
	const struct tool *tool;
	const char *file; /* that the following was learnt from */
	const struct learnt *learnt;
	enum learnt_method method;
	size_t stride;
	double fall; /* of the accuracy, that is an alarm */
	const char *field, *group;
	const char *truth, *key,
	    *label; /* the file of truths, or NULL; paths */
	size_t max_groups;
	size_t ask; /* not 0: so many of each window are written, and no more */
	int skip_bad;
};

/*
 * Runs the stream. How many events there were; *estimated is set when there
 * was an estimate.
 */
unsigned long long accstream_run(
    const struct accstream_setup *setup, char **files, int n, int *estimated);

#endif
