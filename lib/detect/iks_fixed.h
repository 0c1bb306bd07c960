/*
 * The last m values of a stream, and their distance (iks.h) from a reference
 * that stays: by their order alone (iks_sorted.h), or by a tree on the
 * reference (iks_tree.h).
 */
#ifndef IKS_FIXED_H
#define IKS_FIXED_H

#include <stddef.h>
#include <stdint.h>

#include "base/store.h"
#include "detect/iks_ref.h"
#include "detect/iks_sorted.h"
#include "detect/iks_tree.h"

struct iks_fixed {
	struct iks_ref *ref; /* shared */
	void *ring;          /* m codes (codes.h) */
	double *recent;      /* m: beside ring, the values; or NULL */
	union {
		struct iks_sorted sorted;
		struct iks_tree *tree; /* instead */
	};
	uint32_t m, next; /* next: of ring, where the next record goes */
	uint32_t held;    /* records in the window */
	uint8_t by_tree;
};

/*
 * The reference, 0 < n < 2^30, need not be sorted and is not kept; m is below
 * 2^32. values: the window's are kept, for iks_fixed_ties. NULL, or why not;
 * then there is nothing to free.
 */
const char *iks_fixed_init(
    struct iks_fixed *d, const double *ref, size_t n, size_t m, int values);

/* With the reference, and its sizes, of another one. */
const char *iks_fixed_share(struct iks_fixed *d, const struct iks_fixed *other);

/* x is finite. */
void iks_fixed_add(struct iks_fixed *d, double x);

/*
 * Whether the last record, of which there is one, is below a value of the
 * reference; with equal, or is that.
 */
int iks_fixed_last_is_below(const struct iks_fixed *d, double x, int equal);

/* n m D+ and -n m D-, of a full window; 0, or -1 without memory. */
int iks_fixed_extremes(const struct iks_fixed *d, int64_t *hi, int64_t *lo);

/*
 * The value of the reference at which D+ (up) is hi, or just below which D- is,
 * with lo; the smallest if there are several.
 */
double iks_fixed_at(const struct iks_fixed *d, int up, int64_t extreme);

/*
 * How often each value of reference and window together occurs, rising, into
 * block, which has room for n + m; how many these are. The window is full and
 * its values are kept; they are sorted in window, which has room for m.
 */
size_t iks_fixed_ties(
    const struct iks_fixed *d, double *window, int64_t *block);

/* Empties the window. */
void iks_fixed_reset(struct iks_fixed *d);

/* The window, to be read by one that has learnt the same reference. */
void iks_fixed_state(struct iks_fixed *d, struct store *s);

void iks_fixed_free(struct iks_fixed *d);

#endif
