#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/usual.h"

enum { SEED = 1 };

void
usual_init(struct usual *u)
{
	memset(u, 0, sizeof(*u));
	memset(u->rises, 1, sizeof(u->rises));
	rng_seed(&u->rng, SEED, 0);
}

/* The row that a record takes, or -1. */
static long
row_of(struct usual *u)
{
	uint64_t k;

	if (u->rows < USUAL_ROWS)
		return (long)u->rows++;
	k = rng_below(&u->rng, u->records);
	return k < USUAL_ROWS ? (long)k : -1;
}

static int
has_room(struct usual *u)
{
	if (u->value == NULL)
		u->value = malloc(
		    (size_t)USUAL_ROWS * WATCHED_MOST * sizeof(*u->value));
	if (u->portrait == NULL)
		u->portrait = calloc(USUAL_ROWS, sizeof(*u->portrait));
	return u->value != NULL && u->portrait != NULL;
}

static void
follow(struct usual *u, size_t field, double x)
{
	if (isnan(x))
		return;
	if (u->present[field]++ > 0 && !(x > u->last[field]))
		u->rises[field] = 0;
	u->last[field] = x;
}

void
usual_add(struct usual *u, const double *value, size_t n, long class,
    const struct portrait *image)
{
	long row;

	if (!has_room(u))
		return;
	u->records++;
	u->fields = n > u->fields ? n : u->fields;
	for (size_t i = 0; i < n; i++)
		follow(u, i, value[i]);
	if (class >= 0) {
		u->classes++;
		u->class[class < USUAL_CLASSES ? class : USUAL_CLASSES]++;
	}
	row = row_of(u);
	if (row < 0)
		return;
	for (size_t i = 0; i < WATCHED_MOST; i++)
		u->value[row * WATCHED_MOST + (long)i] = i < n ? value[i] : NAN;
	u->portrait[row] = *image;
}

static int
make_grid(struct usual *u, size_t field, double *column)
{
	size_t n = 0;

	for (size_t row = 0; row < u->rows; row++) {
		double x = u->value[row * WATCHED_MOST + field];

		if (!isnan(x))
			column[n++] = x;
	}
	if (n == 0)
		return 0;
	u->grid[field] = malloc(sizeof(**u->grid));
	if (u->grid[field] == NULL)
		return -1;
	if (grid_init(u->grid[field], column, n) < 0) {
		free(u->grid[field]);
		u->grid[field] = NULL;
		return -1;
	}
	if (!u->keep)
		return 0;
	u->column[field] = malloc(n * sizeof(*column));
	if (u->column[field] == NULL)
		return -1;
	memcpy(u->column[field], column, n * sizeof(*column));
	return 0;
}

/* One of each class first, so that the pictures are not all alike. */
static void
choose_typical(struct usual *u)
{
	for (size_t row = 0; row < u->rows; row++) {
		struct portrait *p = &u->portrait[row];
		size_t same = 0;

		p->distance = usual_distance(
		    u->grid, u->value + row * WATCHED_MOST, u->fields);
		while (same < USUAL_TYPICAL &&
		       (u->typical[same].name[0] == '\0' || p->class < 0 ||
			   u->typical[same].class != p->class))
			same++;
		if (same == USUAL_TYPICAL)
			portrait_nearest(u->typical, USUAL_TYPICAL, p);
		else if (p->distance < u->typical[same].distance) {
			memmove(&u->typical[same], &u->typical[same + 1],
			    (USUAL_TYPICAL - 1 - same) * sizeof(*p));
			u->typical[USUAL_TYPICAL - 1].name[0] = '\0';
			portrait_nearest(u->typical, USUAL_TYPICAL, p);
		}
	}
}

int
usual_make(struct usual *u)
{
	double *column = malloc(USUAL_ROWS * sizeof(*column));
	int status = column == NULL || (u->records > 0 && !has_room(u)) ? -1
									: 0;

	for (size_t i = 0; i < u->fields && status == 0; i++)
		status = make_grid(u, i, column);
	if (status == 0)
		choose_typical(u);
	free(column);
	free(u->value);
	free(u->portrait);
	u->value = NULL;
	u->portrait = NULL;
	return status;
}

double
usual_distance(struct grid *const *grid, const double *value, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		double z;

		if (grid[i] == NULL || isnan(value[i]) || !(grid[i]->sd > 0))
			continue;
		z = (value[i] - grid[i]->mean) / grid[i]->sd;
		sum += z * z < 100 ? z * z : 100;
	}
	return n > 0 ? sum / (double)n : 0;
}

void
usual_free(struct usual *u)
{
	for (size_t i = 0; i < WATCHED_MOST; i++) {
		if (u->grid[i] != NULL)
			grid_free(u->grid[i]);
		free(u->grid[i]);
		u->grid[i] = NULL;
		free(u->column[i]);
	}
	free(u->value);
	free(u->portrait);
}
