#include <stdlib.h>

#include "detect/iks_tree.h"

static void
pull(struct iks_tree_node *node, size_t i)
{
	const struct iks_tree_node *l = &node[2 * i], *r = l + 1;
	int64_t hi = l->sum + r->hi, lo = l->sum + r->lo;

	node[i].sum = l->sum + r->sum;
	node[i].hi = hi > l->hi ? hi : l->hi;
	node[i].lo = lo < l->lo ? lo : l->lo;
}

/* Carries the change of two leaves to the root. The walks are independent
 * until they meet, so that the processor overlaps them. */
static void
pull_two(struct iks_tree_node *node, size_t a, size_t b)
{
	for (a /= 2, b /= 2; a != b; a /= 2, b /= 2) {
		pull(node, a);
		pull(node, b);
	}
	for (; a; a /= 2)
		pull(node, a);
}

/* The leaf of a bucket, from its slots. */
static void
gather(struct iks_tree *t, size_t bucket)
{
	const struct iks_tree_slot *slot = &t->slot[bucket * IKS_TREE_BUCKET];
	int64_t sum = 0, hi = INT64_MIN, lo = INT64_MAX;

	for (size_t i = 0; i < IKS_TREE_BUCKET; i++) {
		sum += slot[i].at;
		hi = sum > hi ? sum : hi;
		sum += slot[i].beyond;
		lo = sum < lo ? sum : lo;
	}
	t->node[t->leaves + bucket] = (struct iks_tree_node){sum, hi, lo};
}

static size_t
slot_of(uint32_t code)
{
	return ((size_t)code + 1) / 2;
}

struct iks_tree *
iks_tree_new(const struct iks_ref *r, size_t m)
{
	struct iks_tree *t = calloc(1, sizeof(*t));

	if (t == NULL)
		return NULL;
	t->n = (int64_t)r->n;
	for (t->leaves = 1; t->leaves * IKS_TREE_BUCKET <= r->rank.n;)
		t->leaves *= 2;
	t->slot = calloc(t->leaves * IKS_TREE_BUCKET, sizeof(*t->slot));
	t->node = calloc(2 * t->leaves, sizeof(*t->node));
	if (t->slot == NULL || t->node == NULL) {
		iks_tree_free(t);
		return NULL;
	}
	for (size_t j = 1; j <= r->rank.n; j++)
		t->slot[j].at = (int64_t)m * (r->upto[j] - r->upto[j - 1]);
	iks_tree_build(t);
	return t;
}

void
iks_tree_shift(struct iks_tree *t, uint32_t code, int by)
{
	struct iks_tree_slot *slot = &t->slot[slot_of(code)];

	*(code & 1 ? &slot->at : &slot->beyond) -= by * t->n;
}

void
iks_tree_build(struct iks_tree *t)
{
	for (size_t i = 0; i < t->leaves; i++)
		gather(t, i);
	for (size_t i = t->leaves - 1; i > 0; i--)
		pull(t->node, i);
}

void
iks_tree_carry(struct iks_tree *t, uint32_t gone, uint32_t come)
{
	size_t a = slot_of(come) / IKS_TREE_BUCKET;
	size_t b = slot_of(gone) / IKS_TREE_BUCKET;

	gather(t, a);
	gather(t, b);
	pull_two(t->node, t->leaves + a, t->leaves + b);
}

void
iks_tree_expect(const struct iks_tree *t, uint32_t code)
{
	size_t slot = slot_of(code), bucket = slot / IKS_TREE_BUCKET;

	__builtin_prefetch(&t->slot[slot - slot % IKS_TREE_BUCKET]);
	__builtin_prefetch(&t->node[(t->leaves + bucket) & ~(size_t)1]);
}

void
iks_tree_extremes(const struct iks_tree *t, int64_t *hi, int64_t *lo)
{
	*hi = t->node[1].hi;
	*lo = t->node[1].lo;
}

/* Goes down from the root to the first slot at which the extreme arises. */
size_t
iks_tree_slot(const struct iks_tree *t, int up)
{
	const struct iks_tree_node *node = t->node;
	int64_t sum = 0;
	size_t i = 1, slot;

	while (i < t->leaves) {
		const struct iks_tree_node *above = &node[i],
					   *left = &node[i *= 2];

		i += up ? left->hi != above->hi : left->lo != above->lo;
	}
	for (slot = (i - t->leaves) * IKS_TREE_BUCKET;; slot++) {
		const struct iks_tree_slot *s = &t->slot[slot];

		sum += s->at;
		if (up && sum == node[i].hi)
			break;
		sum += s->beyond;
		if (!up && sum == node[i].lo)
			break;
	}
	return slot;
}

void
iks_tree_free(struct iks_tree *t)
{
	if (t == NULL)
		return;
	free(t->slot);
	free(t->node);
	free(t);
}
