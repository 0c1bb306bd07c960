#include <stdlib.h>

#include "detect/context.h"
#include "stats/special.h"

/* A value of the reference, and the row that it is of. */
struct item {
	double x;
	size_t row;
};

static int
ascending(const void *a, const void *b)
{
	double x = ((const struct item *)a)->x, y = ((const struct item *)b)->x;

	return (x > y) - (x < y);
}

/* Each among the others, of the n values of one pool in ascending order. */
static void
score_reference(const struct item *v, size_t n, size_t width, double *z)
{
	size_t end;

	for (size_t i = 0; i < n; i = end) {
		double rank;

		for (end = i + 1; end < n && v[end].x == v[i].x;)
			end++;
		rank = (double)i + (end - i > 1 ? (double)(end - i) / 2
						: nscore_bits(v[i].x));
		for (size_t k = i; k < end; k++)
			z[v[k].row * width] = special_normal_quantile(
			    rank / (double)n);
	}
}

/* One column of one pool's rows; -1 when memory ended. */
static int
learn(struct context *c, size_t pool, size_t column, const struct item *v,
    double *values, size_t n, double *z)
{
	for (size_t i = 0; i < n; i++)
		values[i] = v[i].x;
	score_reference(v, n, c->width, z + column);
	return nscore_init(
	    &c->score[pool * c->width + column], values, n, NSCORE_BITS, 0);
}

/* The rows sorted by their pools: begin[p] is where those of p do. */
static void
sort_rows(const uint32_t *pool, size_t n, size_t *begin, size_t pools,
    struct item *v, const double *x, size_t width)
{
	for (size_t p = 0; p <= pools; p++)
		begin[p] = 0;
	for (size_t i = 0; i < n; i++)
		begin[pool[i] + 1]++;
	for (size_t p = 0; p < pools; p++)
		begin[p + 1] += begin[p];
	/* What begins there moves up to where the next one's do ... */
	for (size_t i = 0; i < n; i++)
		v[begin[pool[i]]++] = (struct item){x[i * width], i};
	/* ... and back. */
	for (size_t p = pools; p > 0; p--)
		begin[p] = begin[p - 1];
	begin[0] = 0;
}

static int
learn_all(struct context *c, const double *rows, const uint32_t *pool, size_t n,
    double *z)
{
	struct item *v = malloc(n * sizeof(*v));
	double *values = malloc(n * sizeof(*values));
	size_t *begin = malloc((c->pools + 1) * sizeof(*begin));
	int good = v != NULL && values != NULL && begin != NULL;

	for (size_t j = 0; j < c->width && good; j++) {
		sort_rows(pool, n, begin, c->pools, v, rows + j, c->width);
		for (size_t p = 0; p < c->pools && good; p++) {
			struct item *of = v + begin[p];
			size_t count = begin[p + 1] - begin[p];

			qsort(of, count, sizeof(*of), ascending);
			good = learn(c, p, j, of, values, count, z) == 0;
		}
	}
	free(v);
	free(values);
	free(begin);
	return good ? 0 : -1;
}

struct context *
context_new(const double *rows, const uint32_t *pool, size_t n, size_t width,
    size_t pools, double *z)
{
	struct context *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	*c = (struct context){.pools = pools, .width = width, .users = 1};
	c->score = calloc(pools * width, sizeof(*c->score));
	if (c->score != NULL && learn_all(c, rows, pool, n, z) == 0)
		return c;
	context_free(c);
	return NULL;
}

struct context *
context_share(struct context *c)
{
	if (c != NULL)
		c->users++;
	return c;
}

void
context_score(const struct context *c, size_t pool, const double *x, double *z)
{
	for (size_t j = 0; j < c->width; j++)
		z[j] = nscore_of(&c->score[pool * c->width + j], x[j]);
}

void
context_free(struct context *c)
{
	if (c == NULL || --c->users > 0)
		return;
	for (size_t i = 0; c->score != NULL && i < c->pools * c->width; i++)
		nscore_free(&c->score[i]);
	free(c->score);
	free(c);
}
