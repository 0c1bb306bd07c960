/*
 * The reference: of each field a sample of its values, from which a grid is
 * made; how often each class came; and images that are typical.
 *
 * Of up to USUAL_ROWS records all are in the sample, of more a random choice
 * (Vitter's algorithm R, seeded), the same for all fields.
 */
#ifndef USUAL_H
#define USUAL_H

#include "report/grid.h"
#include "report/portrait.h"
#include "report/watched.h"
#include "stats/rng.h"

enum {
	USUAL_ROWS = 4096,
	USUAL_FEWEST = 50, /* records that are a reference, if there are more */
	USUAL_CLASSES = 1000,
	USUAL_TYPICAL = 6
};

struct usual {
	unsigned long long records; /* usable ones */
	size_t rows, fields;        /* in the sample */
	double *value;              /* USUAL_ROWS x WATCHED_MOST; until made */
	struct portrait *portrait;  /* by row; until made */
	struct rng rng;
	int keep; /* set it: the sample stays, as columns */
	/* What usual_make makes: grids of the fields that have values. */
	struct grid *grid[WATCHED_MOST];
	double *column[WATCHED_MOST];      /* with keep: in rising order */
	unsigned char rises[WATCHED_MOST]; /* each value above the last one */
	double last[WATCHED_MOST];
	unsigned long long present[WATCHED_MOST];
	unsigned long long classes, class[USUAL_CLASSES + 1];
	struct portrait typical[USUAL_TYPICAL];
};

void usual_init(struct usual *u);

/* A record's values, of n fields; its class, or -1; its image. */
void usual_add(struct usual *u, const double *value, size_t n, long class,
    const struct portrait *image);

/* Ends the learning: grids, typical images. -1 when memory ends. */
int usual_make(struct usual *u);

/*
 * How far values are from the reference: the mean of their squared distances
 * from its means in its standard deviations, each 100 at most. Fields without
 * a grid count as 0.
 */
double usual_distance(struct grid *const *grid, const double *value, size_t n);

void usual_free(struct usual *u);

#endif
