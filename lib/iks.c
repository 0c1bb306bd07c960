#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "iks.h"

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
pull(struct iks_node *node, size_t i)
{
	const struct iks_node *l = &node[2 * i], *r = l + 1;
	int64_t hi = l->sum + r->hi, lo = l->sum + r->lo;

	node[i].sum = l->sum + r->sum;
	node[i].hi = hi > l->hi ? hi : l->hi;
	node[i].lo = lo < l->lo ? lo : l->lo;
}

/* Carries the change of two leaves to the root. The walks are independent
 * until they meet, so that the processor overlaps them. */
static void
pull_two(struct iks_node *node, size_t a, size_t b)
{
	for (a /= 2, b /= 2; a != b; a /= 2, b /= 2) {
		pull(node, a);
		pull(node, b);
	}
	for (; a; a /= 2)
		pull(node, a);
}

/* One record more or less (by = -1) in a slot. */
static void
shift(struct iks *d, uint32_t code, int by)
{
	struct iks_slot *slot = &d->slot[code / 2];

	*(code & 1 ? &slot->at : &slot->beyond) -= by * (int64_t)d->n;
}

/* The leaf of a bucket, from its slots. */
static void
gather(struct iks *d, size_t bucket)
{
	const struct iks_slot *slot = &d->slot[bucket * IKS_BUCKET];
	int64_t sum = 0, hi = INT64_MIN, lo = INT64_MAX;

	for (size_t i = 0; i < IKS_BUCKET; i++) {
		sum += slot[i].at;
		hi = sum > hi ? sum : hi;
		sum += slot[i].beyond;
		lo = sum < lo ? sum : lo;
	}
	d->node[d->leaves + bucket] = (struct iks_node){sum, hi, lo};
}

/* Takes the distinct values of ref[], which is sorted, and how often each
 * occurs. ref[] is left with the former. */
static int
take_reference(struct iks *d, double *ref)
{
	size_t k = 1;

	for (size_t i = 1; i < d->n; i++)
		k += ref[i] != ref[i - 1];
	d->distinct = k;
	for (d->leaves = 1; d->leaves * IKS_BUCKET <= k;)
		d->leaves *= 2;
	d->slot = calloc(d->leaves * IKS_BUCKET, sizeof *d->slot);
	d->node = calloc(2 * d->leaves, sizeof *d->node);
	d->ring = calloc(d->m, sizeof *d->ring);
	if (d->p.memo)
		d->recent = calloc(d->m, sizeof *d->recent);
	if (!d->slot || !d->node || !d->ring || (d->p.memo && !d->recent))
		return 0;
	for (size_t i = k = 0; i < d->n; i++) {
		if (k == 0 || ref[k - 1] != ref[i])
			ref[k++] = ref[i] + 0.0; /* no -0 */
		d->slot[k].at += (int64_t)d->m;
	}
	return rank_init(&d->rank, ref, k) == 0;
}

/* The tree on an empty window. */
static void
build(struct iks *d)
{
	for (size_t i = 0; i < d->leaves; i++)
		gather(d, i);
	for (size_t i = d->leaves - 1; i > 0; i--)
		pull(d->node, i);
}

static struct iks_params
with_defaults(struct iks_params p)
{
	if (p.window == 0)
		p.window = IKS_WINDOW;
	if (p.policy == IKS_TUMBLING)
		p.step = p.window;
	else if (p.step == 0)
		p.step = 1;
	return p;
}

const char *
iks_init(struct iks *d, const struct iks_params *p, const double *ref, size_t n)
{
	double *sorted;
	int good;

	*d = (struct iks){.p = with_defaults(*p), .n = n};
	d->m = d->wait = d->p.window;
	if (n == 0)
		return "the reference is empty";
	if (n >= (size_t)1 << 30 || d->m > (size_t)1 << 32)
		return "window times reference size is too large";
	if (d->p.policy == IKS_SLIDING)
		return iks_slide_init(&d->slide, ref, n, d->m);
	sorted = malloc(n * sizeof *sorted);
	if (!sorted)
		return "out of memory";
	memcpy(sorted, ref, n * sizeof *ref);
	qsort(sorted, n, sizeof *sorted, compare);
	good = take_reference(d, sorted);
	free(sorted);
	if (good) {
		build(d);
		return NULL;
	}
	iks_free(d);
	return "out of memory";
}

static void
fixed_add(struct iks *d, double x)
{
	size_t leaf = rank_of(&d->rank, x), a, b;
	uint32_t code = (uint32_t)(2 * leaf), gone;

	code |= leaf > 0 && d->rank.value[leaf - 1] == x;
	gone = d->ring[d->next];
	if (d->held < d->m) {
		d->held++;
		gone = code;
	} else {
		shift(d, gone, -1);
	}
	shift(d, code, 1);
	a = code / 2 / IKS_BUCKET;
	b = gone / 2 / IKS_BUCKET;
	gather(d, a);
	gather(d, b);
	d->ring[d->next] = code;
	if (d->recent)
		d->recent[d->next] = x;
	d->next = d->next + 1 == d->m ? 0 : d->next + 1;
	pull_two(d->node, d->leaves + a, d->leaves + b);
	/* What goes next is known: it need not be waited for then. */
	gone = d->ring[d->next];
	__builtin_prefetch(&d->slot[gone / 2 & ~(IKS_BUCKET - 1u)]);
	__builtin_prefetch(
	    &d->node[(d->leaves + gone / 2 / IKS_BUCKET) & ~(size_t)1]);
}

/* Goes down from the root to the first slot at which the extreme arises. */
static double
fixed_at(const struct iks *d, int up)
{
	const struct iks_node *node = d->node;
	int64_t sum = 0;
	size_t i = 1, slot;

	while (i < d->leaves) {
		const struct iks_node *above = &node[i], *left = &node[i *= 2];

		i += up ? left->hi != above->hi : left->lo != above->lo;
	}
	for (slot = (i - d->leaves) * IKS_BUCKET;; slot++) {
		const struct iks_slot *s = &d->slot[slot];

		sum += s->at;
		if (up && sum == node[i].hi)
			break;
		sum += s->beyond;
		if (!up && sum == node[i].lo)
			break;
	}
	if (up && slot > 0)
		slot--;
	return d->rank.value[slot < d->distinct ? slot : d->distinct - 1];
}

static double
location(const struct iks *d)
{
	int up = d->hi >= -d->lo;

	return d->p.policy == IKS_SLIDING ? iks_slide_at(&d->slide, up)
					  : fixed_at(d, up);
}

/* The window's values in order, merged with the reference's. */
static size_t
fixed_ties(const struct iks *d, double *window, int64_t *block)
{
	int64_t equal, n = (int64_t)d->n, m = (int64_t)d->m;
	size_t k = 0, i = 0, j = 0;

	memcpy(window, d->recent, d->m * sizeof *window);
	qsort(window, d->m, sizeof *window, compare);
	for (; i < d->m || j < d->distinct; block[k++] = equal) {
		int of_ref = j < d->distinct &&
			     (i == d->m || d->rank.value[j] <= window[i]);
		double x = of_ref ? d->rank.value[j] : window[i];

		for (equal = 0; i < d->m && window[i] == x; i++)
			equal++;
		if (of_ref)
			equal += (d->slot[++j].at + n * equal) / m;
	}
	return k;
}

/* The window is full. */
static double
p_value(const struct iks *d)
{
	int64_t n = (int64_t)d->n, m = (int64_t)d->m;
	int64_t *block = malloc((d->n + d->m) * sizeof *block);
	double *window = malloc(d->m * sizeof *window), p = NAN;
	size_t blocks;

	if (block && window) {
		blocks = d->p.policy == IKS_SLIDING
			     ? iks_slide_ties(&d->slide, block)
			     : fixed_ties(d, window, block);
		p = ks_pvalue_memo(d->p.memo, n, m,
		    d->hi > -d->lo ? d->hi : -d->lo, block, blocks);
	}
	free(block);
	free(window);
	return p;
}

void
iks_add(struct iks *d, double x)
{
	if (d->p.policy == IKS_SLIDING)
		iks_slide_add(&d->slide, x);
	else
		fixed_add(d, x);
	if (--d->wait > 0)
		return;
	d->wait = d->p.step;
	d->ready = 1;
	if (d->p.policy == IKS_SLIDING) {
		iks_slide_extremes(&d->slide, &d->hi, &d->lo);
	} else {
		d->hi = d->node[1].hi;
		d->lo = d->node[1].lo;
	}
	if (d->p.step > 1)
		d->at = location(d);
	if (d->p.memo)
		d->pvalue = p_value(d);
}

/* n m times the statistic */
static int64_t
numerator(const struct iks *d)
{
	if (d->p.kuiper)
		return d->hi - d->lo;
	return d->hi > -d->lo ? d->hi : -d->lo;
}

int
iks_value(const struct iks *d, double *stat)
{
	if (d->ready)
		*stat = (double)numerator(d) / ((double)d->n * (double)d->m);
	return d->ready;
}

int
iks_stat(const struct iks *d, struct iks_stat *s)
{
	double unit = (double)d->n * (double)d->m;

	if (!d->ready)
		return 0;
	s->num = d->hi > -d->lo ? d->hi : -d->lo;
	s->ks = (double)s->num / unit;
	s->kuiper = (double)(d->hi - d->lo) / unit;
	s->stat = d->p.kuiper ? s->kuiper : s->ks;
	s->plus = (double)d->hi / unit;
	s->minus = (double)-d->lo / unit;
	s->p = d->p.memo ? d->pvalue : NAN;
	return 1;
}

double
iks_at(const struct iks *d)
{
	return d->p.step > 1 ? d->at : location(d);
}

void
iks_reset(struct iks *d)
{
	d->wait = d->m;
	d->ready = 0;
	if (d->p.policy == IKS_SLIDING) {
		iks_slide_reset(&d->slide);
		return;
	}
	for (size_t i = 0; i < d->held; i++)
		shift(d, d->ring[i], -1);
	d->held = d->next = 0;
	build(d);
}

static void
fixed_state(struct iks *d, struct store *s)
{
	store_size(s, "held", &d->held, 0, d->m);
	store_size(s, "next", &d->next, 0, d->m - 1);
	store_u32s(
	    s, "ring", d->ring, d->held, (uint32_t)(2 * d->distinct + 1));
	if (d->recent != NULL)
		store_reals(s, "recent", d->recent, d->held);
	if (!store_reading(s) || s->why != NULL)
		return;
	for (size_t i = 0; i < d->held; i++)
		shift(d, d->ring[i], 1);
	build(d);
}

void
iks_state(struct iks *d, struct store *s)
{
	store_size(s, "wait", &d->wait, 1, SIZE_MAX);
	store_int(s, "ready", &d->ready, 0, 1);
	store_i64(s, "hi", &d->hi);
	store_i64(s, "lo", &d->lo);
	store_real(s, "at", &d->at);
	store_real(s, "pvalue", &d->pvalue);
	if (d->p.policy == IKS_SLIDING)
		iks_slide_state(&d->slide, s);
	else
		fixed_state(d, s);
}

void
iks_free(struct iks *d)
{
	rank_free(&d->rank);
	free(d->slot);
	free(d->node);
	free(d->ring);
	free(d->recent);
	iks_slide_free(&d->slide);
	*d = (struct iks){0};
}

double
iks_simulate(const struct iks_params *p, size_t n, unsigned long long horizon,
    struct rng *r)
{
	double *ref = malloc((n + !n) * sizeof *ref);
	struct iks_params plain = *p;
	int64_t max = -1;
	double unit;
	struct iks d;

	if (!ref)
		return NAN;
	for (size_t i = 0; i < n; i++)
		ref[i] = rng_uniform(r);
	plain.memo = NULL;
	if (iks_init(&d, &plain, ref, n)) {
		free(ref);
		return NAN;
	}
	free(ref);
	for (unsigned long long t = 0; t < horizon; t++) {
		iks_add(&d, rng_uniform(r));
		if (d.ready && numerator(&d) > max)
			max = numerator(&d);
	}
	unit = (double)d.n * (double)d.m;
	iks_free(&d);
	return max < 0 ? -INFINITY : (double)max / unit;
}
