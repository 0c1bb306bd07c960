/*
 * Of many streams, the list of those that a person is shown: each stream has an
 * e-value from its detectors' last tests, the mean of 10^stat, and the list is
 * theirs by stats/ebh.h. It is made at looks, at moments that the values have
 * no part in.
 *
 * A period has so many looks. The stream's e-value in it is the sum of those at
 * its looks so far, over the number of looks of a whole period: on average it
 * is 1 or less at the end of the period, and it only grows until then. So the
 * bound on the share of false alarms is for all that has been shown in the
 * period, whenever one reads it.
 */
#ifndef FDR_H
#define FDR_H

#include "tool/opt.h"

struct fdr_plan {
	const struct tool *tool;
	struct opt_list detectors; /* names of members */
	const char *group;         /* the field that tells streams apart */
	size_t max_groups;
	double share;
	unsigned long long looks;   /* of a period */
	unsigned long long every;   /* records from look to look; 0: one */
	unsigned long long streams; /* that there are, if more than are seen */
	int all;                    /* also those that are not in alarm */
	int skip_bad;
};

/* Runs over the n files or standard input; how many streams entered. */
unsigned long long fdr_run(const struct fdr_plan *plan, char **files, int n);

#endif
