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
 * A fixed reference has a segment tree on its distinct values v_1 < ... < v_K,
 * each occurring c_j times. Slot j holds the stream's values in [v_j, v_j+1),
 * e_j of them equal to v_j and g_j beyond it. With F_ref - F_win in units of
 * 1/(n m):
 *
 *     slot:  sum = m c_j - n (e_j + g_j),  hi = m c_j - n e_j,  lo = sum
 *     node:  sum = L.sum + R.sum
 *            hi = max(L.hi, L.sum + R.hi),  lo = min(L.lo, L.sum + R.lo)
 *
 * A leaf is a bucket of slots, which are summed up anew; that keeps a large
 * tree in the cache. A record costs a look-up of its rank (rank.h) and two walks
 * from leaf to root.
 * D and V depend on ranks alone: their law over time is the same for every
 * continuous distribution, and they are smaller on tied data. So nothing here
 * knows a unit: values of 1e300 and those that differ in the last digit only
 * are as good as any. A reference whose values are all equal gives D the share
 * of records that differ from it, above or below, whichever is larger.
 */
#ifndef IKS_H
#define IKS_H

#include <stddef.h>
#include <stdint.h>

#include "iks_slide.h"
#include "ks.h"
#include "rank.h"
#include "rng.h"

enum {
	IKS_WINDOW = 100,
	IKS_BUCKET = 4, /* slots of a leaf */
};

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

/* What a value v_j of the reference and those beyond it, before the next, add
 * to F_ref - F_win: m c_j - n e_j, -n g_j. */
struct iks_slot {
	int64_t at, beyond;
};

struct iks_node {
	int64_t sum, hi, lo;
};

struct iks {
	struct iks_params p; /* without zeros */
	size_t n, m;
	size_t distinct;        /* K */
	struct rank rank;       /* of the K values, rising */
	struct iks_slot *slot;  /* K + 1 and more; before the first, 0 */
	size_t leaves;          /* a power of two, each with its slots */
	struct iks_node *node;  /* 2 leaves; the root is 1 */
	uint32_t *ring;         /* m: 2 leaf + (equal to its value) */
	size_t next;            /* of ring, where the next record goes */
	size_t held;            /* records in the window */
	double *recent;         /* m: beside ring, the values; for p alone */
	struct iks_slide slide; /* sliding: instead of all from distinct on */
	size_t wait;            /* records until the next test */
	int ready;              /* there was one, and it gave */
	int64_t hi, lo;         /* n m D+, -n m D- */
	double at;              /* with a step of 1 not stored, but found */
	double pvalue;
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
    struct iks *d, const struct iks_params *p, const double *ref, size_t n);

/* x is finite. */
void iks_add(struct iks *d, double x);

/* 1 with *s of the last test; 0 while the window fills. */
int iks_stat(const struct iks *d, struct iks_stat *s);

/* Its member stat alone, without the search for the place. */
int iks_value(const struct iks *d, double *stat);
/*
 * Where D is attained: the value of the reference at which, for D- just below
 * which, it is; in sliding the value of either at which it is. The smallest if
 * there are several. To be asked after a test.
 */
double iks_at(const struct iks *d);

/* Empties the window and keeps the reference, in sliding that of the moment.
 * O(n), or O(m log(n + m)). */
void iks_reset(struct iks *d);

/* What came after the reference, to be read by one that has learnt the same. */
void iks_state(struct iks *d, struct store *s);

void iks_free(struct iks *d);

/* The largest statistic of one life without drift: a new reference of n
 * values, then horizon records. -INFINITY when the window never fills, NAN on
 * failure. */
double iks_simulate(const struct iks_params *p, size_t n,
    unsigned long long horizon, struct rng *r);

#endif
