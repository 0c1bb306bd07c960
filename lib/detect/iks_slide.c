#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "detect/iks_slide.h"
#include "base/memory.h"

enum { CACHE_LINE = 64 };

static void
pull(struct iks_slide_node *node, uint32_t i)
{
	struct iks_slide_node *at = &node[i];
	const struct iks_slide_node *l = &node[at->child[0]],
				    *r = &node[at->child[1]];
	int64_t here = l->sum + at->own, hi = here + r->hi, lo = here + r->lo;

	at->sum = here + r->sum;
	at->hi = hi > l->hi ? hi : l->hi;
	at->lo = lo < l->lo ? lo : l->lo;
}

/* Carries the changes below three nodes to the root. Step by step together, so
 * that the processor overlaps them: where two paths meet, the one that comes
 * last finds what the others left. Node 0 is above the root and is harmless. */
static void
pull_three(struct iks_slide_node *node, uint32_t a, uint32_t b, uint32_t c)
{
	while (a | b | c) {
		pull(node, a);
		pull(node, b);
		pull(node, c);
		a = node[a].parent;
		b = node[b].parent;
		c = node[c].parent;
	}
}

/* Puts a node, or none, in the place of another below its parent. */
static void
replace(struct iks_slide *d, uint32_t old, uint32_t new)
{
	struct iks_slide_node *node = d->node;
	uint32_t up = node[old].parent;

	if (up)
		node[up].child[node[up].child[1] == old] = new;
	else
		d->root = new;
	node[new].parent = up;
	node[0].parent = 0;
}

/* Rotates a node above its parent. */
static void
lift(struct iks_slide *d, uint32_t i)
{
	struct iks_slide_node *node = d->node;
	uint32_t up = node[i].parent, inner;
	int side = node[up].child[1] == i;

	inner = node[i].child[!side];
	replace(d, up, i);
	node[i].child[!side] = up;
	node[up].parent = i;
	node[up].child[side] = inner;
	node[inner].parent = up;
	node[0].parent = 0;
}

static uint32_t
hash(double x)
{
	uint64_t z;

	memcpy(&z, &x, sizeof z);
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (uint32_t)(z >> 32);
}

/* The node of the value, made if there is none. */
static uint32_t
place(struct iks_slide *d, double x)
{
	struct iks_slide_node *node = d->node;
	uint32_t i = d->root, up = 0;
	int side = 0;

	x += 0.0; /* no -0 */
	while (i && node[i].value != x) {
		up = i;
		side = x > node[i].value;
		i = node[i].child[side];
	}
	if (i)
		return i;
	i = d->spare[--d->spares];
	node[i] = (struct iks_slide_node){
	    .value = x, .parent = up, .priority = hash(x)};
	if (up)
		node[up].child[side] = i;
	else
		d->root = i;
	for (; up && node[up].priority < node[i].priority;
	     up = node[i].parent) {
		lift(d, i);
		pull(node, up);
	}
	return i;
}

/* Takes an empty node out; returns the lowest node whose subtree changed. */
static uint32_t
cut(struct iks_slide *d, uint32_t i)
{
	struct iks_slide_node *node = d->node;
	uint32_t l, r;

	while ((l = node[i].child[0]) && (r = node[i].child[1]))
		lift(d, node[l].priority > node[r].priority ? l : r);
	replace(d, i, node[i].child[0] | node[i].child[1]);
	d->spare[d->spares++] = i;
	return node[i].parent;
}

/* One record less in a node. */
static uint32_t
leave(struct iks_slide *d, uint32_t i, int64_t by)
{
	d->node[i].own += by;
	return --d->node[i].count ? i : cut(d, i);
}

/* One record more. */
static uint32_t
enter(struct iks_slide *d, double x, int64_t by)
{
	uint32_t i = place(d, x);

	d->node[i].own += by;
	d->node[i].count++;
	return i;
}

static size_t
after(const struct iks_slide *d, size_t i)
{
	return i + 1 == d->n + d->m ? 0 : i + 1;
}

const char *
iks_slide_init(struct iks_slide *d, const double *ref, size_t n, size_t m)
{
	size_t all = n + m;

	*d = (struct iks_slide){.n = n, .m = m, .middle = n, .next = n};
	if (n >= (size_t)1 << 30 || m >= (size_t)1 << 30)
		return "the window or the reference is too large";
	d->node = aligned_alloc(CACHE_LINE, (all + 1) * sizeof *d->node);
	d->spare = malloc(all * sizeof *d->spare);
	d->ring = malloc(all * sizeof *d->ring);
	if (!d->node || !d->spare || !d->ring) {
		iks_slide_free(d);
		return NO_MEMORY;
	}
	d->node[0] = (struct iks_slide_node){0};
	for (; d->spares < all; d->spares++)
		d->spare[d->spares] = (uint32_t)(all - d->spares);
	for (size_t i = 0; i < n; i++) {
		d->ring[i] = enter(d, ref[i], (int64_t)m);
		pull_three(d->node, d->ring[i], 0, 0);
	}
	return NULL;
}

const char *
iks_slide_share(struct iks_slide *d, const struct iks_slide *other)
{
	double *ref = malloc(other->n * sizeof(*ref));
	const char *why = NO_MEMORY;

	for (size_t i = 0; ref != NULL && i < other->n; i++)
		ref[i] = other->node[other->ring[i]].value;
	if (ref != NULL)
		why = iks_slide_init(d, ref, other->n, other->m);
	free(ref);
	return why;
}

void
iks_slide_add(struct iks_slide *d, double x)
{
	uint32_t gone = 0, passed = 0, come;

	if (d->held < d->m) {
		d->held++;
	} else {
		passed = d->ring[d->middle];
		d->node[passed].own += (int64_t)(d->n + d->m);
		gone = leave(d, d->ring[d->oldest], -(int64_t)d->m);
		d->oldest = after(d, d->oldest);
		d->middle = after(d, d->middle);
	}
	come = enter(d, x, -(int64_t)d->n);
	d->ring[d->next] = come;
	d->next = after(d, d->next);
	pull_three(d->node, gone, passed, come);
}

void
iks_slide_extremes(const struct iks_slide *d, int64_t *hi, int64_t *lo)
{
	*hi = d->node[d->root].hi;
	*lo = d->node[d->root].lo;
}

double
iks_slide_at(const struct iks_slide *d, int up)
{
	const struct iks_slide_node *at = &d->node[d->root], *l;
	int64_t rest = up ? at->hi : at->lo;

	for (;;) {
		l = &d->node[at->child[0]];
		if (at->child[0] && (up ? l->hi : l->lo) == rest) {
			at = l;
			continue;
		}
		rest -= l->sum + at->own;
		if (rest == 0 || !at->child[1])
			return at->value;
		at = &d->node[at->child[1]];
	}
}

/* The outermost node below i on a side. */
static uint32_t
outermost(const struct iks_slide_node *node, uint32_t i, int side)
{
	while (node[i].child[side])
		i = node[i].child[side];
	return i;
}

size_t
iks_slide_ties(const struct iks_slide *d, int64_t *block)
{
	const struct iks_slide_node *node = d->node;
	uint32_t i = outermost(node, d->root, 0), from;
	size_t k = 0;

	while (i) {
		block[k++] = node[i].count;
		if (node[i].child[1]) {
			i = outermost(node, node[i].child[1], 0);
			continue;
		}
		do {
			from = i;
			i = node[i].parent;
		} while (i && node[i].child[1] == from);
	}
	return k;
}

void
iks_slide_reset(struct iks_slide *d)
{
	for (size_t i = d->middle; d->held > 0; d->held--, i = after(d, i))
		pull_three(d->node, leave(d, d->ring[i], (int64_t)d->n), 0, 0);
	d->next = d->middle;
}

void
iks_slide_state(struct iks_slide *d, struct store *s)
{
	size_t n = d->n, m = d->m, held = d->held, at = d->oldest;
	double *value;

	store_size(s, "held", &held, 0, m);
	value = calloc(n + held, sizeof(*value));
	if (value == NULL) {
		store_no_memory(s);
		return;
	}
	for (size_t i = 0; !store_reading(s) && i < n + held; i++) {
		value[i] = d->node[d->ring[at]].value;
		at = after(d, at);
	}
	store_reals(s, "values", value, n + held);
	for (size_t i = 0; store_reading(s) && i < n + held; i++)
		if (value[i] == 0 && signbit(value[i]))
			store_refuse(s, "a zero with a sign");
	if (store_reading(s) && s->why == NULL) {
		iks_slide_free(d);
		store_refuse(s, iks_slide_init(d, value, n, m));
		for (size_t i = n; s->why == NULL && i < n + held; i++)
			iks_slide_add(d, value[i]);
	}
	free(value);
}

void
iks_slide_free(struct iks_slide *d)
{
	free(d->node);
	free(d->spare);
	free(d->ring);
	*d = (struct iks_slide){0};
}
