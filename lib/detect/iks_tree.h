/*
 * The distance of iks.h for a long window, by a segment tree on the reference.
 *
 * Slot j, 0 .. K, holds the window's values in [v_j, v_j+1), e_j of them equal
 * to v_j and g_j beyond it; c_j values of the reference are v_j (iks_ref.h).
 * With F_ref - F_win in units of 1/(n m):
 *
 *     slot:  sum = m c_j - n (e_j + g_j),  hi = m c_j - n e_j,  lo = sum
 *     node:  sum = L.sum + R.sum
 *            hi = max(L.hi, L.sum + R.hi),  lo = min(L.lo, L.sum + R.lo)
 *
 * A leaf is a bucket of slots, which are summed up anew; that keeps a large
 * tree in the cache. A record costs two walks from leaf to root.
 */
#ifndef IKS_TREE_H
#define IKS_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "detect/iks_ref.h"

enum { IKS_TREE_BUCKET = 4 }; /* slots of a leaf */

/* What a value v_j of the reference and those beyond it, before the next, add
 * to F_ref - F_win: m c_j - n e_j, -n g_j. */
struct iks_tree_slot {
	int64_t at, beyond;
};

struct iks_tree_node {
	int64_t sum, hi, lo;
};

struct iks_tree {
	int64_t n;
	size_t leaves;              /* a power of two, each with its slots */
	struct iks_tree_slot *slot; /* K + 1 and more; before the first, 0 */
	struct iks_tree_node *node; /* 2 leaves; the root is 1 */
};

/* For an empty window of m. NULL without memory. */
struct iks_tree *iks_tree_new(const struct iks_ref *r, size_t m);

/* A code comes (by 1) or goes (by -1). */
void iks_tree_shift(struct iks_tree *t, uint32_t code, int by);

/* Sums up after one of each, or after any number. */
void iks_tree_carry(struct iks_tree *t, uint32_t gone, uint32_t come);
void iks_tree_build(struct iks_tree *t);

/* What will go next: it need not be waited for then. */
void iks_tree_expect(const struct iks_tree *t, uint32_t code);

/* As iks_sorted.h has them. */
void iks_tree_extremes(const struct iks_tree *t, int64_t *hi, int64_t *lo);
size_t iks_tree_slot(const struct iks_tree *t, int up);

/* May be NULL. */
void iks_tree_free(struct iks_tree *t);

#endif
