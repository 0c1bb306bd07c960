#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/buckets.h"

static void *
zeros(struct buckets *b, size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		b->failed = 1;
	return p;
}

void
buckets_empty(struct bucket *k)
{
	for (size_t i = 0; i < WATCHED_MOST; i++)
		free(k->cells[i]);
	free(k->peak);
	free(k->class);
	free(k->quality);
	memset(k, 0, sizeof(*k));
}

void
buckets_class(struct buckets *b, struct bucket *k, size_t class)
{
	if (class >= k->classes) {
		size_t n = (class + 64) / 64 * 64 + 64;
		uint32_t *more = realloc(k->class, n * sizeof(*more));

		if (more == NULL) {
			b->failed = 1;
			return;
		}
		memset(more + k->classes, 0, (n - k->classes) * sizeof(*more));
		k->class = more;
		k->classes = n;
	}
	k->class[class]++;
	k->classed++;
}

/* That of a class, or NULL. */
static struct bucket_quality *
quality_of(struct buckets *b, struct bucket *k, size_t class)
{
	if (class >= k->qualities) {
		size_t n = (class + 64) / 64 * 64;
		struct bucket_quality *more = realloc(
		    k->quality, n * sizeof(*more));

		if (more == NULL) {
			b->failed = 1;
			return NULL;
		}
		memset(
		    more + k->qualities, 0, (n - k->qualities) * sizeof(*more));
		k->quality = more;
		k->qualities = n;
	}
	return &k->quality[class];
}

void
buckets_truth(struct buckets *b, struct bucket *k, size_t truth, size_t class)
{
	struct bucket_quality *q = quality_of(b, k, truth);

	if (q != NULL) {
		q->truth++;
		q->right += truth == class;
	}
	q = quality_of(b, k, class);
	if (q != NULL)
		q->answers++;
}

void
buckets_test(struct buckets *b, struct bucket *k, size_t test, double ratio)
{
	if (k->peak == NULL) {
		k->peak = zeros(b, BUCKETS_TESTS, sizeof(*k->peak));
		for (size_t i = 0; k->peak != NULL && i < BUCKETS_TESTS; i++)
			k->peak[i] = NAN;
	}
	if (k->peak != NULL && !(k->peak[test] >= (float)ratio))
		k->peak[test] = (float)ratio;
}

void
buckets_value(struct buckets *b, struct bucket *k, size_t field,
    const struct grid *g, double x)
{
	if (k->cells[field] == NULL)
		k->cells[field] = zeros(b, GRID_CELLS, sizeof(**k->cells));
	if (k->cells[field] == NULL)
		return;
	k->cells[field][grid_cell(g, x)]++;
	grid_add(g, &k->sums[field], x);
	k->outside[field] += x < g->min || x > g->max;
}

static void
join_fields(struct buckets *b, struct bucket *a, const struct bucket *c)
{
	for (size_t i = 0; i < WATCHED_MOST; i++) {
		grid_merge(&a->sums[i], &c->sums[i]);
		a->missing[i] += c->missing[i];
		a->outside[i] += c->outside[i];
		if (c->cells[i] == NULL)
			continue;
		if (a->cells[i] == NULL)
			a->cells[i] = zeros(b, GRID_CELLS, sizeof(**a->cells));
		for (size_t k = 0; a->cells[i] != NULL && k < GRID_CELLS; k++)
			a->cells[i][k] += c->cells[i][k];
	}
}

static void
join_classes(struct buckets *b, struct bucket *a, const struct bucket *c)
{
	unsigned long long classed = a->classed + c->classed;

	for (size_t i = c->classes; i-- > 0;)
		if (c->class[i] > 0) {
			buckets_class(b, a, i);
			if (!b->failed)
				a->class[i] += c->class[i] - 1;
		}
	a->classed = classed;
}

static void
join_quality(struct buckets *b, struct bucket *a, const struct bucket *c)
{
	for (size_t i = c->qualities; i-- > 0;) {
		const struct bucket_quality *x = &c->quality[i];
		struct bucket_quality *q;

		if (x->truth + x->answers == 0 ||
		    (q = quality_of(b, a, i)) == NULL)
			continue;
		q->truth += x->truth;
		q->answers += x->answers;
		q->right += x->right;
	}
}

/* Adds c, which comes after a, to it. */
static void
join(struct buckets *b, struct bucket *a, const struct bucket *c)
{
	if (a->records == 0) {
		a->first = c->first;
		a->begin = c->begin;
		a->end = c->end;
	}
	a->begin = fmin(a->begin, c->begin);
	a->end = fmax(a->end, c->end);
	a->records += c->records;
	a->errors += c->errors;
	a->alarms += c->alarms;
	a->events += c->events;
	join_fields(b, a, c);
	join_classes(b, a, c);
	for (size_t i = 0; c->peak != NULL && i < BUCKETS_TESTS; i++)
		if (!isnan(c->peak[i]))
			buckets_test(b, a, i, (double)c->peak[i]);
	join_quality(b, a, c);
	a->known += c->known;
	a->right += c->right;
	estimated_join(&a->estimated, &c->estimated);
	for (size_t i = 0; i < BUCKETS_CONFIDENCE; i++) {
		a->sure[i] += c->sure[i];
		a->hits[i] += c->hits[i];
		a->prob[i] += c->prob[i];
	}
	for (size_t i = 0; i < BUCKETS_PORTRAITS; i++)
		portrait_furthest(
		    a->furthest, BUCKETS_PORTRAITS, &c->furthest[i]);
}

void
buckets_fold(struct buckets *b, size_t from, size_t to)
{
	for (size_t i = from + 1; i < to; i++) {
		join(b, b->bucket[from], b->bucket[i]);
		buckets_empty(b->bucket[i]);
		free(b->bucket[i]);
	}
	if (to <= from + 1)
		return;
	memmove(&b->bucket[from + 1], &b->bucket[to],
	    (b->n - to) * sizeof(struct bucket *));
	b->n -= to - from - 1;
}

static void
halve(struct buckets *b)
{
	for (size_t i = 0; i < BUCKETS_MOST / 2; i++)
		buckets_fold(b, i, i + 2);
	b->width *= 2;
}

void
buckets_append(struct buckets *b, struct bucket *k)
{
	if (b->n == BUCKETS_MOST)
		halve(b);
	b->bucket[b->n++] = k;
	if (k->records > b->width)
		b->width = k->records;
}

struct bucket *
buckets_next(struct buckets *b, unsigned long long record)
{
	struct bucket *k;

	if (b->width == 0)
		b->width = 1;
	if (b->n > 0 && b->bucket[b->n - 1]->records < b->width)
		return b->bucket[b->n - 1];
	if (b->n == BUCKETS_MOST)
		halve(b);
	k = zeros(b, 1, sizeof(*k));
	if (k == NULL)
		return NULL;
	k->first = record;
	k->begin = k->end = NAN;
	b->bucket[b->n++] = k;
	return k;
}

void
buckets_sum(struct buckets *b, size_t from, size_t to, struct bucket *sum)
{
	for (size_t i = from; i < to; i++)
		join(b, sum, b->bucket[i]);
}

void
buckets_free(struct buckets *b)
{
	for (size_t i = 0; i < b->n; i++) {
		buckets_empty(b->bucket[i]);
		free(b->bucket[i]);
	}
	b->n = 0;
}
