/*
 * Images of another size by linear interpolation over as many pixels as go into
 * one, with edges cut off: what Pillow calls bilinear, to the bit for samples
 * of 8 bits (its fixed-point weights of 22 bits, rows first, then columns).
 *
 * The image comes row by row, of which each is made as wide as it is to be at
 * once, so that no more than that is kept.
 */
#ifndef TRIANGLE_H
#define TRIANGLE_H

#include <stdint.h>

#include "image/image.h"

/* Of an image that was made width x height, a part. */
struct triangle_part {
	long long width, height, left, top;
	int part_width, part_height;
};

/* Which samples make one, and their weights. */
struct triangle_taps {
	int *first, *n;
	int32_t *weight; /* most of each */
	int most;
};

struct triangle {
	struct triangle_taps x, y;
	int height;           /* of the part */
	int first;            /* row that is needed */
	struct image between; /* rows from there on, as wide as the part */
};

/*
 * Of an image its sides and samples count. Returns 0, or -1 when memory ran
 * out. triangle_free is allowed in both cases.
 */
int triangle_init(struct triangle *t, const struct triangle_part *part,
    const struct image *from);
void triangle_free(struct triangle *t);

/* Row y of the image. */
void triangle_row(struct triangle *t, int y, const void *row);

/*
 * When all rows were there: the part as an image of the same samples, whose
 * pixels are to be freed. Returns 0, or -1 when memory ran out.
 */
int triangle_end(const struct triangle *t, struct image *to);

#endif
