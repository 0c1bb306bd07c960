/*
 * Exact p-values of the two-sample Kolmogorov-Smirnov test.
 *
 * D = sup |F(x) - G(x)| for samples of n and m values is always c / (n m) with
 * a whole number c. Both functions return P(D >= c / (n m)) when all orders of
 * the n + m values are equally likely:
 *
 *     P(i,j) = 1                                    if |i m - j n| >= c
 *              (i P(i-1,j) + j P(i,j-1)) / (i + j)  otherwise
 *     P(0,0) = 0,  p = P(n,m)
 *
 * Nothing is subtracted and nothing overflows, so that small p keep their full
 * relative accuracy, down to 1e-300; below that they become 0. The cost is
 * O(n m), less when c is small, and O(min(n, m)) of memory.
 *
 * T. Viehmann, Numerically more stable computation of the p-values for the
 * two-sample Kolmogorov-Smirnov test, arXiv 2102.08037, 2021. Ties: G. Schroer
 * and D. Trenkler, Computational Statistics and Data Analysis 20, 1995.
 * Compared with whole numbers, SciPy and R by scripts/oracle-ks.py.
 */
#ifndef KS_H
#define KS_H

#include <stddef.h>
#include <stdint.h>

enum {
	KS_MAX = 1 << 30, /* the largest sample */
	KS_MEMO = 4096,
};

/* Without ties; an upper bound when there are some. NAN when a size is not in
 * 1 .. KS_MAX or memory is short. */
double ks_pvalue(int64_t n, int64_t m, int64_t c);

/* Given the ties: block[] holds how often each distinct value of both samples
 * together occurs, in rising order of the values. NAN also when these are not
 * positive or do not add up to n + m. */
double ks_pvalue_ties(
    int64_t n, int64_t m, int64_t c, const int64_t *block, size_t blocks);

/*
 * Answers that were given, for streams that come back to the same few hundred
 * distances again and again. Zeroed at first.
 */
struct ks_memo {
	struct {
		uint64_t question; /* a digest of all the arguments */
		double p;
	} of[KS_MEMO];
};

/* ks_pvalue_ties, each answer computed once for as long as it is remembered. */
double ks_pvalue_memo(struct ks_memo *memo, int64_t n, int64_t m, int64_t c,
    const int64_t *block, size_t blocks);

/* The smallest c with ks_pvalue(n, m, c) <= alpha, n m + 1 when there is none;
 * -1 on an error as above or when alpha is not in (0, 1). */
int64_t ks_critical(int64_t n, int64_t m, double alpha);

#endif
