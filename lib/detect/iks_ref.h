/*
 * The reference of iks.h, sorted, with what all streams that are compared with
 * it have in common.
 *
 * v_1 < ... < v_K are its distinct values, and C_j is how many of its n values
 * are up to v_j, C_0 = 0. Of a value x no more is needed than its code:
 *
 *     2 j - 1   x = v_j
 *     2 j       v_j < x < v_j+1, where v_0 is below and v_K+1 above all values
 *
 * Codes are in the order of the values; C[code / 2] of the reference are below
 * x, and C[(code + 1) / 2] are not above it.
 */
#ifndef IKS_REF_H
#define IKS_REF_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "stats/rank.h"

struct iks_ref {
	size_t users; /* that iks_ref_free is to be called by */
	size_t n;
	struct rank rank;       /* of the K values, rising */
	uint32_t *upto;         /* C, K + 1 */
	uint32_t *slot;         /* by C_j: j; NULL when it is C_j */
	void *steps;            /* iks_sorted.h's; or NULL */
	struct buf_again place; /* where D was last */
};

/*
 * For one user. The values need not be sorted and are not kept, 0 < n < 2^30.
 * NULL without memory.
 */
struct iks_ref *iks_ref_new(const double *value, size_t n);

/* x is finite. */
static inline uint32_t
iks_ref_code(const struct iks_ref *r, double x)
{
	size_t j = rank_of(&r->rank, x);

	return (uint32_t)(2 * j - (j > 0 && r->rank.value[j - 1] == x));
}

/* The j of C_j. */
static inline size_t
iks_ref_slot(const struct iks_ref *r, size_t count)
{
	return r->slot != NULL ? r->slot[count] : count;
}

/* How many of its values are not above one of them, or below. */
size_t iks_ref_share(const struct iks_ref *r, double value, int below);

/* The last user's call frees it. May be NULL. */
void iks_ref_free(struct iks_ref *r);

#endif
