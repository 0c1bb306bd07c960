/*
 * The Kolmogorov-Smirnov distance of two adjacent windows that both move: the
 * last m values of a stream, and the n values before them. Part of iks, whose
 * verbs call these.
 *
 * A treap holds one node for each distinct value, with its count a in the
 * reference and b in the window, so that ties are exact. Over a subtree, in
 * units of 1/(n m), with hi and lo 0 for an empty one:
 *
 *     own = m a - n b
 *     sum = L.sum + own + R.sum
 *     hi  = max(L.hi, L.sum + own + R.hi)
 *     lo  = min(L.lo, L.sum + own + R.lo)
 *
 * and n m D+ and -n m D- are hi and lo of the root. A record costs a search
 * and three walks to the root: its own, that of the value which passes from
 * the window to the reference, and that of the value which leaves. Priorities
 * are a hash of the value: the tree's form is a function of the values alone,
 * and its expected depth is 2 ln(n + m). All memory is taken at the start.
 */
#ifndef IKS_SLIDE_H
#define IKS_SLIDE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/store.h"

struct iks_slide_node {
	double value;
	int64_t own, sum, hi, lo;
	uint32_t child[2], parent; /* 0: none */
	uint32_t priority;
	uint32_t count; /* a + b */
	uint32_t pad;   /* to a cache line */
};

struct iks_slide {
	size_t n, m;
	struct iks_slide_node *node; /* n + m, and node 0, which stays 0 */
	uint32_t root;
	uint32_t *spare; /* the nodes that are not in use ... */
	size_t spares;   /* ... and how many these are */
	uint32_t *ring;  /* n + m: the node of each record, in time's order, */
	size_t oldest;   /* the reference from here on, */
	size_t middle;   /* the window from here on, */
	size_t next;     /* where the next record goes */
	size_t held;     /* records in the window */
	struct buf_again place; /* where D was last */
};

/* ref[] in the order of its records. NULL, or why not. */
const char *iks_slide_init(
    struct iks_slide *d, const double *ref, size_t n, size_t m);

/* With the reference of another one, which no record has moved. */
const char *iks_slide_share(struct iks_slide *d, const struct iks_slide *other);

/* While the window fills, the reference stays. */
void iks_slide_add(struct iks_slide *d, double x);

/* n m D+ and -n m D-; the window is full. */
void iks_slide_extremes(const struct iks_slide *d, int64_t *hi, int64_t *lo);

/* The smallest value at which hi (up) or lo is attained. */
double iks_slide_at(const struct iks_slide *d, int up);

/*
 * How often each distinct value of both windows occurs, in rising order: at
 * most n + m. Returns how many there are.
 */
size_t iks_slide_ties(const struct iks_slide *d, int64_t *block);

/* Empties the window; the reference is as it was, O(m log(n + m)). */
void iks_slide_reset(struct iks_slide *d);

/* The reference and the window, as they have moved. */
void iks_slide_state(struct iks_slide *d, struct store *s);

void iks_slide_free(struct iks_slide *d);

#endif
