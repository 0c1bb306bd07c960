/*
 * Statistics of an image's pixels that tell a camera's trouble.
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

struct pixels_stats pixels_stats(const struct image *im);

/* Brings 16-bit samples to 8 bits, rounded, in place. */
void pixels_narrow(struct image *im);

#endif
