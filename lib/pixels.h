/*
 * What is computed from the pixels of an image: a network's input, and
 * statistics that tell a camera's trouble.
 * Foreign: stb_image_resize.
 *
 * Luma is (0.299 R + 0.587 G + 0.114 B) / 255, for grey images v / 255.
 */
#ifndef PIXELS_H
#define PIXELS_H

struct image;

struct pixels_stats {
	double brightness; /* mean of luma */
	double contrast;   /* standard deviation of luma */
	/*
	 * Variance of the Laplacian of luma, 4 p - left - right - up - down,
	 * over the pixels that have four neighbours; 0 when there are none.
	 * Pech-Pacheco et al., ICPR 2000.
	 */
	double sharpness;
};

/*
 * Writes channels x height x width floats in 0..1 (channels is 1 or 3). An
 * image of that size passes through exactly, as v / 255; another one is
 * stretched to it (Mitchell filter down, Catmull-Rom up, edges repeated).
 * Grey becomes three equal channels, colour becomes luma. Returns 0, or -1
 * when memory ran out.
 */
int pixels_tensor(
    const struct image *im, int width, int height, int channels, float *out);

struct pixels_stats pixels_stats(const struct image *im);

struct pixels_stats pixels_stats(const struct image *im);

#endif
