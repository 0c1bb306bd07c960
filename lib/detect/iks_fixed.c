#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "detect/codes.h"
#include "detect/iks_fixed.h"
#include "stats/sort.h"

/* Of a code in ring. */
static unsigned
bits(const struct iks_fixed *d)
{
	return codes_bits(2 * d->ref->rank.n);
}

static uint32_t
code_at(const struct iks_fixed *d, size_t i)
{
	return codes_at(d->ring, bits(d), i);
}

static void
set_code(struct iks_fixed *d, size_t i, uint32_t code)
{
	codes_set(d->ring, bits(d), i, code);
}

/*
 * Whether the order of the window is to be used: it takes the least memory, and
 * no more time where the window is short and nothing ties. A stream that has
 * the reference to itself can spend memory.
 */
static int
by_order(const struct iks_ref *r, size_t m)
{
	if (m > IKS_SORTED_MOST)
		return 0;
	return r->users > 1 || (m <= IKS_SORTED_FAST && r->slot == NULL);
}

/* An empty window, for a reference that is there. */
static const char *
begin(struct iks_fixed *d, size_t m, int values)
{
	int tree = !by_order(d->ref, m);

	d->m = (uint32_t)m;
	d->ring = malloc(codes_size(bits(d), m));
	if (values)
		d->recent = malloc(m * sizeof(*d->recent));
	d->by_tree = tree != 0;
	if (tree)
		d->tree = iks_tree_new(d->ref, m);
	if (d->ring && (d->recent || !values) && (!tree || d->tree) &&
	    (tree || iks_sorted_prepare(d->ref, m) == 0))
		return NULL;
	iks_fixed_free(d);
	return NO_MEMORY;
}

const char *
iks_fixed_init(
    struct iks_fixed *d, const double *ref, size_t n, size_t m, int values)
{
	*d = (struct iks_fixed){.ref = iks_ref_new(ref, n)};
	return d->ref != NULL ? begin(d, m, values) : NO_MEMORY;
}

const char *
iks_fixed_share(struct iks_fixed *d, const struct iks_fixed *other)
{
	*d = (struct iks_fixed){.ref = other->ref};
	d->ref->users++;
	return begin(d, other->m, other->recent != NULL);
}

/* Sorts a full window. */
static void
sort_window(struct iks_fixed *d)
{
	uint32_t code[IKS_SORTED_MOST];

	for (size_t i = 0; i < d->m; i++)
		code[i] = code_at(d, i);
	iks_sorted_fill(&d->sorted, d->ref, code, d->m);
}

void
iks_fixed_add(struct iks_fixed *d, double x)
{
	uint32_t come = iks_ref_code(d->ref, x), gone = come;
	int full = d->held == d->m;

	if (full)
		gone = code_at(d, d->next);
	else
		d->held++;
	set_code(d, d->next, come);
	if (d->recent)
		d->recent[d->next] = x;
	d->next = d->next + 1 == d->m ? 0 : d->next + 1;
	if (d->by_tree) {
		iks_tree_shift(d->tree, come, 1);
		if (full)
			iks_tree_shift(d->tree, gone, -1);
		iks_tree_carry(d->tree, gone, come);
		if (full)
			iks_tree_expect(d->tree, code_at(d, d->next));
	} else if (full && iks_sorted_takes(&d->sorted, come)) {
		iks_sorted_slide(&d->sorted, d->ref, d->m, gone, come);
	} else if (d->held == d->m) {
		sort_window(d);
	}
}

double
iks_fixed_at(const struct iks_fixed *d, int up, int64_t extreme)
{
	size_t slot, last = d->ref->rank.n - 1;

	if (d->by_tree)
		slot = iks_tree_slot(d->tree, up);
	else
		slot = iks_sorted_slot(&d->sorted, d->ref, d->m, up, extreme);
	if (up && slot > 0)
		slot--;
	return d->ref->rank.value[slot < last ? slot : last];
}

int
iks_fixed_last_is_below(const struct iks_fixed *d, double x, int equal)
{
	uint32_t last = code_at(d, (d->next > 0 ? d->next : d->m) - 1);
	uint32_t code = iks_ref_code(d->ref, x);

	return equal ? last <= code : last < code;
}

int
iks_fixed_extremes(const struct iks_fixed *d, int64_t *hi, int64_t *lo)
{
	if (d->by_tree)
		iks_tree_extremes(d->tree, hi, lo);
	else if (d->sorted.counts != NULL)
		iks_sorted_extremes(&d->sorted, d->ref, d->m, hi, lo);
	else
		return -1;
	return 0;
}

/* The window's values in order, merged with the reference's. */
size_t
iks_fixed_ties(const struct iks_fixed *d, double *window, int64_t *block)
{
	const struct iks_ref *r = d->ref;
	size_t k = 0, i = 0, j = 0;
	int64_t equal;

	memcpy(window, d->recent, d->m * sizeof *window);
	sort_reals(window, d->m);
	for (; i < d->m || j < r->rank.n; block[k++] = equal) {
		int of_ref = j < r->rank.n &&
			     (i == d->m || r->rank.value[j] <= window[i]);
		double x = of_ref ? r->rank.value[j] : window[i];

		for (equal = 0; i < d->m && window[i] == x; i++)
			equal++;
		if (of_ref) {
			equal += r->upto[j + 1] - r->upto[j];
			j++;
		}
	}
	return k;
}

void
iks_fixed_reset(struct iks_fixed *d)
{
	for (size_t i = 0; d->by_tree && i < d->held; i++)
		iks_tree_shift(d->tree, code_at(d, i), -1);
	if (d->by_tree)
		iks_tree_build(d->tree);
	d->held = d->next = 0;
	if (!d->by_tree)
		iks_sorted_free(&d->sorted);
}

/* As they are written: 2 j, and 2 j + 1 for v_j itself. */
static void
ring_state(struct iks_fixed *d, struct store *s)
{
	store_open(s, "ring", '[');
	for (size_t i = 0; i < d->held && s->why == NULL; i++) {
		size_t code = 0;

		if (!store_reading(s)) {
			code = code_at(d, i);
			code += 2 * (code & 1);
		}
		store_size(s, NULL, &code, 0, 2 * d->ref->rank.n + 1);
		if (code == 1)
			store_refuse(s, "no place in the reference");
		if (store_reading(s) && s->why == NULL)
			set_code(d, i, (uint32_t)(code - 2 * (code & 1)));
	}
	store_close(s, ']');
}

static void
length_state(const char *name, uint32_t *x, size_t max, struct store *s)
{
	size_t y = *x;

	store_size(s, name, &y, 0, max);
	*x = (uint32_t)y;
}

void
iks_fixed_state(struct iks_fixed *d, struct store *s)
{
	length_state("held", &d->held, d->m, s);
	length_state("next", &d->next, d->m - 1, s);
	ring_state(d, s);
	if (d->recent != NULL)
		store_reals(s, "recent", d->recent, d->held);
	if (store_reading(s) && d->held < d->m && d->next != d->held)
		store_refuse(s, "a window that is not full begins elsewhere");
	if (!store_reading(s) || s->why != NULL)
		return;
	for (size_t i = 0; d->by_tree && i < d->held; i++)
		iks_tree_shift(d->tree, code_at(d, i), 1);
	if (d->by_tree)
		iks_tree_build(d->tree);
	else if (d->held == d->m)
		sort_window(d);
}

void
iks_fixed_free(struct iks_fixed *d)
{
	iks_ref_free(d->ref);
	if (d->by_tree)
		iks_tree_free(d->tree);
	else
		iks_sorted_free(&d->sorted);
	free(d->ring);
	free(d->recent);
	*d = (struct iks_fixed){0};
}
