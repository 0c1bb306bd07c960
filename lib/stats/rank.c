#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "stats/rank.h"

static size_t
cell_of(const struct rank *r, double x)
{
	double t = (x - r->low) * r->scale, last = (double)(r->n - 1);

	/* Not a number, of a range that is zero or infinite, is 0 as well. */
	t = t > 0 ? t : 0;
	t = t < last ? t : last;
	return (size_t)(int64_t)t;
}

int
rank_init(struct rank *r, const double *value, size_t n)
{
	*r = (struct rank){.n = n, .low = value[0]};
	r->scale = (double)n / (value[n - 1] - value[0]);
	r->value = malloc((n + RANK_SLACK) * sizeof(*r->value));
	r->cell = malloc((n + 1) * sizeof(*r->cell));
	if (r->value == NULL || r->cell == NULL) {
		rank_free(r);
		return -1;
	}
	memcpy(r->value, value, n * sizeof(*value));
	for (size_t i = 0; i < RANK_SLACK; i++)
		r->value[n + i] = INFINITY;
	for (size_t cell = 0, i = 0; cell <= n; cell++) {
		while (i < n && cell_of(r, value[i]) < cell)
			i++;
		r->cell[cell] = (uint32_t)i;
	}
	return 0;
}

size_t
rank_of(const struct rank *r, double x)
{
	size_t cell = cell_of(r, x), i = r->cell[cell];
	const double *v = r->value + i;

	/* Values after the cell are above x, so that four may be compared. */
	for (size_t len = r->cell[cell + 1] - i, half; len > 4; len -= half) {
		half = len / 2;
		v += half & -(size_t)(v[half - 1] <= x);
	}
	v += (v[0] <= x) + (v[1] <= x) + (v[2] <= x) + (v[3] <= x);
	return (size_t)(v - r->value);
}

void
rank_free(struct rank *r)
{
	free(r->value);
	free(r->cell);
	*r = (struct rank){0};
}
