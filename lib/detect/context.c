#include <stdlib.h>

#include "detect/context.h"

/* The rows sorted by their pools: begin[p] is where those of p do. */
static void
sort_rows(
    const uint32_t *pool, size_t n, size_t *begin, size_t pools, size_t *row)
{
	for (size_t p = 0; p <= pools; p++)
		begin[p] = 0;
	for (size_t i = 0; i < n; i++)
		begin[pool[i] + 1]++;
	for (size_t p = 0; p < pools; p++)
		begin[p + 1] += begin[p];
	/* What begins there moves up to where the next one's do ... */
	for (size_t i = 0; i < n; i++)
		row[begin[pool[i]]++] = i;
	/* ... and back. */
	for (size_t p = pools; p > 0; p--)
		begin[p] = begin[p - 1];
	begin[0] = 0;
}

/* One column of one pool's n rows, of which x has room for the values; -1 when
 * memory ended. */
static int
learn(const struct context *c, struct nscore *score, const size_t *row,
    size_t n, const double *column, double *x, double *z)
{
	for (size_t i = 0; i < n; i++)
		x[i] = column[row[i] * c->width];
	if (nscore_init(score, x, n, NSCORE_BITS, 0) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		z[row[i] * c->width] = nscore_of(score, x[i]);
	return 0;
}

static int
learn_all(struct context *c, const double *rows, const uint32_t *pool, size_t n,
    double *z)
{
	size_t *row = malloc(n * sizeof(*row));
	double *x = malloc(n * sizeof(*x));
	size_t *begin = malloc((c->pools + 1) * sizeof(*begin));
	int good = row != NULL && x != NULL && begin != NULL;

	if (good)
		sort_rows(pool, n, begin, c->pools, row);
	for (size_t i = 0; i < c->pools * c->width && good; i++) {
		size_t p = i / c->width, j = i % c->width;

		good = learn(c, &c->score[i], row + begin[p],
			   begin[p + 1] - begin[p], rows + j, x, z + j) == 0;
	}
	free(row);
	free(x);
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
