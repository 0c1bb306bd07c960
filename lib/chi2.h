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
 * Cells are made so that each is expected min_expected times in the window,
 * m a / n, and has as many in the reference. A class of twice that is a cell.
 * The others are dealt out one after the other, and a cell is closed when it
 * has enough: what is chosen by the luck of the reference would differ from the
 * window without drift, if many were pooled that had the same. Classes that the
 * reference lacks are dealt to these cells in turn. Where there are none, they
 * have one, with what was too little for one; but with Pearson's statistic,
 * which is erratic there, and with n < m, when nothing is known of it, it is
 * the smallest of several.
 *
 * A record changes two terms of the sum, which is kept in whole numbers: no
 * rounding builds up, and equal counts give equal statistics in any order.
 */
#ifndef CHI2_H
#define CHI2_H

#include <stddef.h>
#include <stdint.h>

#include "rng.h"
#include "store.h"

enum { CHI2_WINDOW = 200, CHI2_TOP = 3 };

enum chi2_statistic { CHI2_G, CHI2_PEARSON };

struct chi2_params {
	enum chi2_statistic statistic;
	size_t window;       /* m > 0 */
	double min_expected; /* >= 0; at 0 only unseen classes are pooled */
	size_t classes;      /* codes are below that */
};

struct chi2_cell {
	uint32_t a, b;
};

struct chi2 {
	struct chi2_params p;
	size_t n, m;
	uint32_t *ref;        /* by class: records of the reference, */
	uint32_t *count;      /* of the window, */
	uint32_t *home;       /* and the cell */
	struct chi2_cell *in; /* the cells, those of one class first */
	size_t own, cells;    /* how many these are, and all */
	uint32_t *ring;       /* m: the window's classes */
	size_t next, held;    /* of ring */
	size_t unseen;        /* records of classes that the reference lacks */
	int64_t sum, base;    /* terms, and what they lack to the statistic */
	double scale, unit;   /* of the whole numbers */
	int64_t *xlnx;        /* x ln x for x < tabled */
	size_t tabled;
};

struct chi2_stat {
	double stat;
	size_t df;     /* cells that are not empty, less one */
	size_t unseen; /* records in classes that the reference lacks */
};

/* A class, and its own term of the sum as if it shared its cell with none. */
struct chi2_class {
	size_t code, observed; /* in the window */
	double expected;       /* m a / n */
	double contribution;
};

/*
 * Learns the reference: n codes, which are whole. NULL, or why not; then there
 * is nothing to free.
 */
const char *chi2_init(
    struct chi2 *d, const struct chi2_params *p, const double *ref, size_t n);

void chi2_add(struct chi2 *d, size_t code);

/* 1 with *s filled, 0 while the window is not full. */
int chi2_stat(const struct chi2 *d, struct chi2_stat *s);

/*
 * The classes that contribute most, of all or of those that the reference
 * lacks, falling; how many, up to CHI2_TOP.
 */
size_t chi2_top(const struct chi2 *d, struct chi2_class *top, int only_unseen);

/* Empties the window and keeps the reference. */
void chi2_reset(struct chi2 *d);

/* The window, to be read by one that has learnt the same reference. */
void chi2_state(struct chi2 *d, struct store *s);

void chi2_free(struct chi2 *d);

/*
 * By how many cells the limit is found: as many as the reference has records
 * in, at least two, and beyond 16 a little more, so that different references
 * share a limit.
 */
size_t chi2_law(const struct chi2 *d);

/*
 * The largest statistic of one life without drift: a new reference of n and
 * horizon records, all drawn from chi2_law(d) even classes, each a cell.
 * -INFINITY when the window never fills, NAN on failure.
 *
 * It stands for all frequencies: those of cells that are expected often enough
 * hardly matter to the law of the statistic, as its limit is chi-square in
 * every window, and the windows overlap in the same way.
 */
double chi2_simulate(
    const struct chi2 *d, unsigned long long horizon, struct rng *r);

#endif
