/*
 * IKS: the Kolmogorov-Smirnov distance between a fixed reference of n values
 * and the last m values of a stream, exact at every record, also with ties and
 * with n != m. (dos Reis, Flach, Matwin and Batista, KDD 2016, doi
 * 10.1145/2939672.2939836, call the policy IKS-bdd; their treap overestimates
 * D on ties and wants n = m.)
 *
 *     D = sup |F_ref(x) - F_win(x)|,  D+ = sup (F_ref - F_win),
 *     D- = sup (F_win - F_ref),       D = max(D+, D-)
 *
 * All three are whole multiples of 1 / (n m) and are computed as whole
 * numbers. D+ grows when the stream moves up, D- when it moves down.
 *
 * A segment tree stands on the distinct reference values v_1 < ... < v_K, each
 * occurring c_j times. Leaf j holds the stream's values in [v_j, v_j+1), e_j of
 * them equal to v_j and g_j beyond it. With F_ref - F_win in units of 1/(n m):
 *
 *     leaf:  sum = m c_j - n (e_j + g_j),  hi = m c_j - n e_j,  lo = sum
 *     node:  sum = L.sum + R.sum
 *            hi = max(L.hi, L.sum + R.hi),  lo = min(L.lo, L.sum + R.lo)
 *
 * A record costs one binary search and two walks from leaf to root.
 * D depends on ranks alone: its law over time is the same for every continuous
 * distribution, and smaller on tied data.
 */
#ifndef IKS_H
#define IKS_H

#include <stddef.h>
#include <stdint.h>

#include "rng.h"

enum {
	IKS_WINDOW = 100,
};

struct iks_params {
	size_t window; /* m; 0 stands for IKS_WINDOW */
};

struct iks_node {
	int64_t sum, hi, lo;
};

struct iks {
	size_t n, m;
	size_t distinct;       /* K */
	double *value;         /* K, rising */
	size_t leaves;         /* a power of two > K */
	struct iks_node *node; /* 2 leaves; the root is 1 */
	uint32_t *ring;        /* m: 2 leaf + (equal to its value) */
	size_t next;           /* of ring, where the next record goes */
	size_t held;           /* records in the window */
};

struct iks_stat {
	double stat;        /* D, 0 .. 1 */
	double plus, minus; /* D+, D- */
	int64_t num;        /* n m D, for ks_pvalue(n, m, num) */
	double
	    at; /* the reference value at which, for D- just below which, D is
		      attained; the smallest if there are several */
};

/* Learns the reference, which need not be sorted and is not kept. NULL, or a
 * text that says why not; then there is nothing to free. */
const char *iks_init(
    struct iks *d, const struct iks_params *p, const double *ref, size_t n);

/* x is finite. */
void iks_add(struct iks *d, double x);

/* 1 with *s filled, 0 while the window is not full. */
int iks_stat(const struct iks *d, struct iks_stat *s);

/* Empties the window and keeps the reference; O(n). */
void iks_reset(struct iks *d);

void iks_free(struct iks *d);

/* The largest D of one life without drift: a new reference of n values, then
 * horizon records. -INFINITY when the window never fills, NAN on failure. */
double iks_simulate(const struct iks_params *p, size_t n,
    unsigned long long horizon, struct rng *r);

#endif
