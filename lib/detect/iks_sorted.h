/*
 * The distance of iks.h for a full window that is not too long: by the order
 * of its m values alone, without the tree on the reference that a long one has
 * (iks_tree.h).
 *
 * Of the i-th smallest of them, i = 0 .. m - 1, two counts matter: b_i values
 * of the reference are below it, and u_i are not above it. F_ref - F_win is
 * greatest just before one of them and least at one, so that in units of
 * 1/(n m)
 *
 *     hi = max(0, max over i of m b_i - n i)
 *     lo = min(0, min over i of m u_i - n (i + 1))
 *
 * also with ties, as the first or last of equal values gives the extreme. With
 * n i = m q_i + r_i, 0 <= r_i < m, this is m (b_i - q_i) - r_i: no number is
 * larger than n, and 16 bits are enough for n <= 32,767, else 32.
 *
 * The counts lie in blocks, sorted. A record shifts those between the one that
 * goes and the one that comes, and weighs their blocks again, a few vector
 * instructions each. u is the same as b until a value occurs in the reference,
 * and is kept apart only then.
 */
#ifndef IKS_SORTED_H
#define IKS_SORTED_H

#include <stddef.h>
#include <stdint.h>

#include "detect/iks_ref.h"

enum {
	IKS_SORTED_BLOCK = 64,
	IKS_SORTED_MOST = 1024, /* the longest window */
	IKS_SORTED_FAST = 128,  /* up to here it is as fast as a tree */
};

struct iks_sorted {
	void *counts; /* NULL: there is no window */
	int tied;     /* u is apart */
};

/*
 * Prepares a reference for windows of m <= IKS_SORTED_MOST, the same m for all
 * its users. -1 without memory.
 */
int iks_sorted_prepare(struct iks_ref *r, size_t m);

/*
 * A window of m codes, in any order, which are left sorted. -1 without memory;
 * then there is no window.
 */
int iks_sorted_fill(
    struct iks_sorted *s, const struct iks_ref *r, uint32_t *code, size_t m);

/* Whether a code can come without another iks_sorted_fill. */
static inline int
iks_sorted_takes(const struct iks_sorted *s, uint32_t code)
{
	return s->counts != NULL && (s->tied || !(code & 1));
}

/* One code, which the window has, goes, and one that it takes comes. */
void iks_sorted_slide(struct iks_sorted *s, const struct iks_ref *r, size_t m,
    uint32_t gone, uint32_t come);

void iks_sorted_extremes(const struct iks_sorted *s, const struct iks_ref *r,
    size_t m, int64_t *hi, int64_t *lo);

/* The least j at whose v_j (up) or just below whose v_j+1 there is hi or lo. */
size_t iks_sorted_slot(const struct iks_sorted *s, const struct iks_ref *r,
    size_t m, int up, int64_t extreme);

/* There is no window then. */
void iks_sorted_free(struct iks_sorted *s);

#endif
