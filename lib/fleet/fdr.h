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
 *
 * That is for a number of streams K that stays. Where it grows from K_1 to K_2,
 * who was shown may leave the list. Let U be all that were ever shown: stream i
 * entered among k of them, at K_i streams, with e_i >= K_i / (A k) and k <= |U|,
 * so that the false share of U is at most the sum over the false ones of
 * A e_i / K_i; and K_i is no less than what it was when i was new. Its mean is
 * A (1 + sum of 1 / K, K = K_1 + 1 .. K_2) <= A (1 + ln (K_2 / K_1)) at most.
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
