/*
 * Images of another size by linear interpolation over as many pixels as go into
 * one, with edges cut off: what Pillow calls bilinear, to the bit for samples
 * of 8 bits (its fixed-point weights of 22 bits, rows first, then columns).
 */
#ifndef TRIANGLE_H
#define TRIANGLE_H

struct image;

/* Of an image that was made width x height, a part. */
struct triangle {
	long long width, height, left, top;
	int part_width, part_height;
};

/*
 * The part as an image of the same samples, whose pixels are to be freed.
 * Returns 0, or -1 when memory ran out.
 */
int triangle_resize(
    const struct triangle *t, const struct image *from, struct image *to);

#endif
