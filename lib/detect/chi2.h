/*
 * Has the mix of classes changed? The counts b_j of a window of m records
 * against the counts a_j of a reference of n, N = n + m, both samples:
 *
 *     G  = 2 sum_j  a_j ln(a_j N / (n (a_j + b_j)))
 *                 + b_j ln(b_j N / (m (a_j + b_j))),       0 ln 0 = 0
 *     X2 = sum_j (n b_j - m a_j)^2 / (n m (a_j + b_j)),    0/0 = 0
 *
 * the likelihood ratio and Pearson's statistic of a table of two rows. For a
 * single pair of samples either is about chi-square with one degree of freedom
 * less than there are cells that are not empty.
 *
 * Classes share cells (chi2_cells.h) so that each is expected min_expected
 * times in the window, m a / n, and has as many in the reference. Pooled
 * classes that are too few for a cell join another one where the statistic is
 * erratic with few, which is Pearson's, and where n < m.
 *
 * A record changes two terms of the sum, which is kept in whole numbers: no
 * rounding builds up, and equal counts give equal statistics in any order.
 */
#ifndef CHI2_H
#define CHI2_H

#include <stddef.h>
#include <stdint.h>

#include "detect/chi2_classes.h"
#include "detect/chi2_ref.h"
#include "detect/kind.h"

enum { CHI2_WINDOW = 200 };

struct chi2 {
	struct chi2_ref *ref;       /* shared */
	uint32_t *b;                /* by cell: records of the window; after it
				     * m classes (codes.h) */
	int64_t sum;                /* of the terms */
	const struct intern *names; /* of the classes; kept */
	double limit;               /* beyond it chi2_print names classes */
	uint32_t next, held;        /* of ring */
	uint32_t unseen; /* records of classes that the reference lacks */
	uint8_t bits;    /* of a code in ring: more when one needs it */
	uint8_t failed;  /* memory ended */
};

struct chi2_stat {
	double stat;
	size_t df;     /* cells that are not empty, less one */
	size_t unseen; /* records in classes that the reference lacks */
};

/*
 * Learns the reference: n codes, which are whole. NULL, or why not; then there
 * is nothing to free.
 */
const char *chi2_init(
    void *chi2, const void *params, const double *ref, size_t n);

/* With the reference of another one. NULL, or why not. */
const char *chi2_share(void *chi2, const void *other);

/* What chi2_print needs; the names are kept. */
void chi2_names(void *chi2, const struct intern *names);
void chi2_hold(void *chi2, double limit);

/* A code, which is whole. */
void chi2_add(void *chi2, double code);

/* The class of the last record; there is one. */
uint32_t chi2_last(const struct chi2 *d);

/* 1 with *s filled, its stat NAN when memory ended; 0 while the window fills. */
int chi2_stat(const struct chi2 *d, struct chi2_stat *s);

/* Its member stat alone. */
int chi2_value(const void *chi2, double *stat);

/*
 * The classes that contribute most, of all or of those that the reference
 * lacks, falling; how many, up to CHI2_CLASSES_TOP.
 */
size_t chi2_top(const struct chi2 *d, struct chi2_class *top, int only_unseen);

/* Empties the window and keeps the reference. */
void chi2_reset(void *chi2);

/* The window, to be read by one that has learnt the same reference. */
void chi2_state(void *chi2, struct store *s);

void chi2_free(void *chi2);

/* m */
size_t chi2_window(const void *params);

/*
 * By how many cells the limit is found: as many as the reference has records
 * in, at least two, and beyond 16 a little more, so that different references
 * share a limit.
 */
size_t chi2_null_cells(const struct chi2 *d);

/*
 * The largest statistic of one simulated run, from a detector that has learnt
 * n records: a new reference of n and horizon records, all drawn from
 * chi2_null_cells even classes, each a cell.
 *
 * It stands for all frequencies: those of cells that are expected often enough
 * hardly matter to the null distribution, as its limit is chi-square in every
 * window, and the windows overlap in the same way.
 */
kind_simulation chi2_simulate;

#endif
