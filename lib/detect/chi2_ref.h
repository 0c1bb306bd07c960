/*
 * What streams that chi2.h tests have in common: the reference, its cells, and
 * the terms of the sum.
 */
#ifndef CHI2_REF_H
#define CHI2_REF_H

#include <stddef.h>
#include <stdint.h>

#include "detect/chi2_cells.h"
#include "detect/chi2_terms.h"

enum chi2_statistic { CHI2_G, CHI2_PEARSON };

struct chi2_params {
	enum chi2_statistic statistic;
	size_t window;       /* m > 0 */
	double min_expected; /* >= 0; at 0 only unseen classes are pooled */
	size_t classes;      /* codes are below that */
};

struct chi2_ref {
	size_t users; /* that chi2_ref_free is to be called by */
	struct chi2_params p;
	size_t n, m;
	struct chi2_cells cells; /* with what the reference has */
	struct chi2_terms terms;
	int64_t empty, base; /* the sum of an empty window's terms, and what
				sums lack to the statistic */
};

/* For one user, from n codes. NULL, and *why says why not. */
struct chi2_ref *chi2_ref_new(
    const struct chi2_params *p, const double *ref, size_t n, const char **why);

/* Cells for the reference, which is counted in them; 0 without memory. */
int chi2_ref_cells(struct chi2_ref *r, double min_expected);

/* The last user's call frees it. May be NULL. */
void chi2_ref_free(struct chi2_ref *r);

#endif
