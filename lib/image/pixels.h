/*
 * Statistics of an image's pixels that tell a camera's trouble, from its rows
 * one after the other.
 *
 * Luma is (0.299 R + 0.587 G + 0.114 B) / 255, for grey images v / 255; of 16
 * bits it is the same with 65535.
 */
#ifndef PIXELS_H
#define PIXELS_H

struct image;

struct pixels_stats {
	int width, height;
	int frames_left;   /* as in image.h */
	double brightness; /* mean of luma */
	double contrast;   /* standard deviation of luma */
	/*
	 * Variance of the Laplacian of luma, 4 p - left - right - up - down,
	 * over the pixels that have four neighbours; 0 when there are none.
	 * Pech-Pacheco et al., ICPR 2000.
	 */
	double sharpness;
};

/* Numbers, their sum, and that of their squares. */
struct pixels_moments {
	double n, sum, squares;
};

struct pixels {
	const struct image *im;
	int y;      /* rows so far */
	int origin; /* luma of the first pixel */
	int *luma;  /* of the last three rows: row y is y % 3 */
	struct pixels_moments light, edge;
};

/*
 * Of an image its sides and samples count; it is kept until the end. Returns
 * 0, or -1 when memory ran out. pixels_free is allowed in both cases.
 */
int pixels_init(struct pixels *p, const struct image *im);
void pixels_free(struct pixels *p);

/* The next row. */
void pixels_row(struct pixels *p, const void *row);

/* When all rows were there. */
struct pixels_stats pixels_stats(const struct pixels *p);

/* Brings 16-bit samples to 8 bits, rounded, in place. */
void pixels_narrow(struct image *im);

#endif
