/* The options that all detectors have. */
#ifndef DETOPT_H
#define DETOPT_H

#include "tool/opt.h"

/* What they are set to. */
struct detopt {
	struct opt_list fields, context;
	const char *group, *unless, *reference;
	long long max_groups, reference_size, horizon, block, runs;
	double fap, arl0;
	int family, after, dependence, calibrate, exit_status, skip_bad;
};

extern struct detopt detopt;

/* To stand in the tool's tables. */
extern const struct opt detopt_table[];
/* And in those of detectors whose values are numbers. */
extern const struct opt detopt_context[];

/*
 * The tool that runs: its main fills it in and parses it, since -n stores the
 * name of the instance there.
 */
extern struct tool detopt_tool;

/* What -f is by default, where that is not feat.mean and feat.std. */
void detopt_watch(const char *field);

/*
 * Dies of options that would be ignored, or that contradict each other. The
 * detector has no reference (by_itself), its limit is fixed by an option.
 */
void detopt_check(int by_itself, int fixed);

#endif
