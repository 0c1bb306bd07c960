#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/sumbucket.h"
#include "report/sumtext.h"

/* Numbers up to the last that is not 0, after how many these are. */
static void
put_counts(struct store *s, const char *name, uint32_t **x, size_t *n,
    size_t most, size_t each, unsigned long long records)
{
	size_t used = *n * each;

	while (used > 0 && (*x)[used - 1] == 0)
		used--;
	used = (used + each - 1) / each;
	store_open(s, name, '[');
	store_size(s, NULL, &used, 0, most);
	if (store_reading(s) && s->why == NULL && used > 0) {
		*x = calloc(used, each * sizeof(**x));
		if (*x == NULL)
			store_no_memory(s);
		*n = *x != NULL ? used : 0;
	}
	for (size_t i = 0; i < used * each && s->why == NULL; i++) {
		size_t y = (*x)[i];

		store_size(s, NULL, &y, 0, records);
		(*x)[i] = (uint32_t)y;
	}
	store_close(s, ']');
	if (!store_reading(s) || s->why != NULL || used == 0)
		return;
	for (size_t i = 1; i <= each; i++)
		if ((*x)[used * each - i] > 0)
			return;
	store_refuse(s, "counts that end with zeros");
}

/* The cells from the first to the last that is not 0. */
static void
put_cells(struct store *s, uint32_t *cells, uint64_t n)
{
	size_t first = 0, last = GRID_CELLS - 1;
	uint64_t sum = 0;

	if (!store_reading(s)) {
		while (first < last && cells[first] == 0)
			first++;
		while (last > first && cells[last] == 0)
			last--;
	}
	store_size(s, NULL, &first, 0, GRID_CELLS - 1);
	store_size(s, NULL, &last, first, GRID_CELLS - 1);
	for (size_t i = first; i <= last && s->why == NULL; i++) {
		size_t y = cells[i];

		store_size(s, NULL, &y, 0, n);
		cells[i] = (uint32_t)y;
		sum += y;
	}
	if (store_reading(s) &&
	    (sum != n || cells[first] == 0 || cells[last] == 0))
		store_refuse(s, "counts that are not those of the values");
}

static void
put_field(struct store *s, struct bucket *k, size_t i)
{
	struct grid_sums *g = &k->sums[i];
	unsigned long long n = g->n;

	store_open(s, NULL, '[');
	sumtext_count(s, NULL, &n, k->records);
	sumtext_count(s, NULL, &k->missing[i], k->records);
	sumtext_count(s, NULL, &k->outside[i], k->records);
	if (s->why == NULL && n > 0) {
		g->n = n;
		store_real(s, NULL, &g->sum);
		store_real(s, NULL, &g->squares);
		store_real(s, NULL, &g->min);
		store_real(s, NULL, &g->max);
		if (!isfinite(g->min) || !isfinite(g->max) || g->min > g->max)
			store_refuse(s, "a range that is none");
		if (store_reading(s))
			k->cells[i] = calloc(GRID_CELLS, sizeof(uint32_t));
		if (k->cells[i] == NULL)
			store_no_memory(s);
		else
			put_cells(s, k->cells[i], n);
	}
	store_close(s, ']');
}

/* The largest ratios of the tests that have one. */
static void
put_peaks(struct store *s, struct bucket *k, size_t tests)
{
	size_t used = k->peak != NULL ? tests : 0;

	while (used > 0 && isnan(k->peak[used - 1]))
		used--;
	store_open(s, "peak", '[');
	store_size(s, NULL, &used, 0, tests);
	if (store_reading(s) && s->why == NULL && used > 0) {
		k->peak = malloc(BUCKETS_TESTS * sizeof(*k->peak));
		if (k->peak == NULL)
			store_no_memory(s);
		for (size_t i = 0; k->peak != NULL && i < BUCKETS_TESTS; i++)
			k->peak[i] = NAN;
	}
	for (size_t i = 0; i < used && s->why == NULL; i++) {
		double x = (double)k->peak[i];

		store_real(s, NULL, &x);
		if (isfinite(x) && (fabs(x) > 3e38 || (double)(float)x != x))
			store_refuse(s, "a ratio that was never written");
		if (s->why == NULL)
			k->peak[i] = (float)x;
	}
	if (store_reading(s) && s->why == NULL && used > 0 &&
	    isnan(k->peak[used - 1]))
		store_refuse(s, "ratios that end with none");
	store_close(s, ']');
}

static void
put_estimates(struct store *s, struct bucket *k)
{
	struct estimated_sums *e = &k->estimated;

	store_open(s, "estimated", '[');
	sumtext_count(s, NULL, &e->n, k->records);
	if (s->why == NULL && e->n > 0) {
		store_real(s, NULL, &e->accuracy);
		store_real(s, NULL, &e->low);
		store_real(s, NULL, &e->high);
	}
	store_close(s, ']');
}

static void
put_truth(struct store *s, struct bucket *k, size_t classes)
{
	uint32_t *q = (uint32_t *)(void *)k->quality;

	sumtext_count(s, "known", &k->known, k->records);
	put_counts(s, "quality", &q, &k->qualities, classes, 3, k->records);
	k->quality = (struct bucket_quality *)(void *)q;
	if (s->why != NULL || k->known == 0)
		return;
	sumtext_count(s, "right", &k->right, k->known);
	store_open(s, "sure", '[');
	for (size_t i = 0; i < BUCKETS_CONFIDENCE; i++) {
		sumtext_count(s, NULL, &k->sure[i], k->known);
		sumtext_count(s, NULL, &k->hits[i], k->sure[i]);
		store_real(s, NULL, &k->prob[i]);
	}
	store_close(s, ']');
}

static void
add_classes(struct store *s, struct bucket *k)
{
	k->classed = 0;
	for (size_t i = 0; i < k->classes; i++)
		k->classed += k->class[i];
	if (k->classed > k->records)
		store_refuse(s, "more classes than records");
}

void
sumbucket(
    struct store *s, struct bucket *k, const struct sumbucket_shape *shape)
{
	size_t classes = shape->classes + 1;

	store_open(s, NULL, '{');
	sumtext_count(s, "records", &k->records, shape->records);
	sumtext_count(s, "errors", &k->errors, k->records);
	sumtext_count(s, "alarms", &k->alarms, k->records);
	store_count(s, "events", &k->events);
	store_real(s, "begin", &k->begin);
	store_real(s, "end", &k->end);
	store_open(s, "fields", '[');
	for (size_t i = 0; i < shape->fields && s->why == NULL; i++)
		put_field(s, k, i);
	store_close(s, ']');
	put_counts(s, "class", &k->class, &k->classes, classes, 1, k->records);
	if (store_reading(s) && s->why == NULL)
		add_classes(s, k);
	put_peaks(s, k, shape->tests);
	put_truth(s, k, classes);
	put_estimates(s, k);
	sumtext_portraits(s, "furthest", k->furthest, BUCKETS_PORTRAITS,
	    shape->records, shape->classes);
	store_close(s, '}');
	if (store_reading(s) && k->records == 0)
		store_refuse(s, "a part without records");
	if (isfinite(k->begin) != isfinite(k->end) || k->begin > k->end)
		store_refuse(s, "times that are none");
}

void
sumbucket_move(struct bucket *k, const size_t *to, size_t n)
{
	struct bucket old = *k;

	for (size_t i = 0; i < WATCHED_MOST; i++) {
		k->cells[i] = NULL;
		k->sums[i] = (struct grid_sums){0};
		k->missing[i] = k->outside[i] = 0;
	}
	for (size_t i = 0; i < n; i++) {
		size_t j = to[i];

		if (j == WATCHED_MOST) {
			free(old.cells[i]);
			continue;
		}
		k->cells[j] = old.cells[i];
		k->sums[j] = old.sums[i];
		k->missing[j] = old.missing[i];
		k->outside[j] = old.outside[i];
	}
}
