/*
 * IKS: the Kolmogorov-Smirnov distance between a reference of n values and the
 * last m values of a stream, exact at every record, also with ties and with
 * n != m. (dos Reis, Flach, Matwin and Batista, KDD 2016, doi
 * 10.1145/2939672.2939836, call the first policy IKS-bdd; their treap
 * overestimates D on ties and wants n = m.)
 *
 *     D = sup |F_ref(x) - F_win(x)|,  D+ = sup (F_ref - F_win),
 *     D- = sup (F_win - F_ref),       D = max(D+, D-)
 *     V = D+ + D-                     (Kuiper)
 *
 * All are whole multiples of 1 / (n m) and are computed as whole numbers. D+
 * grows when the stream moves up, D- when it moves down, and V sees changes
 * of spread as well as shifts.
 *
 *     fixed     the reference stays; a test at every step-th record, from that
 *               on which fills the window. In between the statistic holds.
 *     tumbling  the same with a step of the window: windows don't overlap
 *     sliding   the reference is the n values before the window, and moves
 *               with it (iks_slide.h); at first it is the one that was learnt.
 *               What drifts more slowly than n + m records is not seen.
 *
 * A fixed reference is sorted once, and streams may share it (iks_fixed.h).
 *
 * D and V depend on ranks alone: their null distribution over time is
 * the same for every continuous distribution, and they are smaller on tied
 * data. So nothing here
 * knows a unit: values of 1e300 and those that differ in the last digit only
 * are as good as any. A reference whose values are all equal gives D the share
 * of records that differ from it, above or below, whichever is larger.
 */
#ifndef IKS_H
#define IKS_H

#include <stddef.h>
#include <stdint.h>

#include "detect/iks_fixed.h"
#include "detect/iks_slide.h"
#include "detect/kind.h"
#include "stats/ks.h"

enum { IKS_WINDOW = 100 };

enum iks_policy {
	IKS_FIXED,
	IKS_TUMBLING,
	IKS_SLIDING,
};

struct iks_params {
	size_t window; /* m; 0 stands for IKS_WINDOW */
	enum iks_policy policy;
	size_t step; /* records; 0 stands for 1; tumbling has no choice */
	int kuiper;  /* the statistic is V, not D */
	/* Where p-values are remembered, for many detectors; kept. NULL: no p,
	 * which costs O(m log m + n) a test, and O(n m) where it is new. */
	struct ks_memo *memo;
};

/* What streams with one reference have in common. */
struct iks_common {
	size_t users;        /* that iks_free is to be called by */
	struct iks_params p; /* without zeros */
	size_t n, m;
};

struct iks {
	struct iks_common *of;
	union {
		struct iks_fixed fixed;  /* fixed and tumbling */
		struct iks_slide *slide; /* sliding; owned */
	} u;
	size_t wait;    /* records until the next test */
	int64_t hi, lo; /* n m D+, -n m D- */
	double at;      /* with a step of 1 not stored, but found */
	double pvalue;
	uint8_t ready;  /* there was one, and it gave */
	uint8_t failed; /* memory ended */
};

struct iks_stat {
	double stat;        /* D, or V with kuiper */
	double ks, kuiper;  /* D, 0 .. 1, and V, D .. 1 */
	double plus, minus; /* D+, D- */
	int64_t num;        /* n m D */
	/* P(D >= this) for a single test without drift, given the ties of the
	 * reference and the window together; NAN when it is not asked for.
	 * Exact, as ks.h says. It is of D; there is none of V. */
	double p;
};

/* Learns the reference, which need not be sorted and is not kept; for sliding
 * it is in the order of its records. NULL, or a text that says why not; then
 * there is nothing to free. */
const char *iks_init(
    void *iks, const void *params, const double *ref, size_t n);

/* With the reference of another one, as it was learnt. NULL, or why not. */
const char *iks_share(void *iks, const void *other);

/* x is finite. */
void iks_add(void *iks, double x);

/* 1 with *s of the last test; 0 while the window fills. */
int iks_stat(const struct iks *d, struct iks_stat *s);

/* Its member stat alone, without the search for the place; NAN when memory has
 * ended. */
int iks_value(const void *iks, double *stat);

/*
 * Where D is attained: the value of the reference at which, for D- just below
 * which, it is; in sliding the value of either at which it is. The smallest if
 * there are several. To be asked after a test.
 */
double iks_at(const struct iks *d);

/* D+, D-, the place, and what the params ask for besides, for the record. */
void iks_print(void *iks, struct buf *out);

/* Empties the window and keeps the reference, in sliding that of the moment.
 * O(n), or O(m log(n + m)). */
void iks_reset(void *iks);

/* What came after the reference, to be read by one that has learnt the same. */
void iks_state(void *iks, struct store *s);

void iks_free(void *iks);

/* m */
size_t iks_window(const void *params);

/* The largest statistic of one simulated run. */
kind_simulation iks_simulate;

/* Names the params, for a kept limit. */
void iks_key(const void *params, size_t n, struct buf *out);

#endif
