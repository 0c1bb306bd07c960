/*
 * What a failing camera does to an image, in the order in which light meets
 * it: a lens out of focus, a veil or a weak sensor, a wrong exposure, noise.
 * Samples are 0 .. 255; what is outside afterwards is clipped.
 */
#ifndef DEGRADE_H
#define DEGRADE_H

struct image;
struct rng;

struct degrade {
	double blur;       /* standard deviation of a Gaussian, pixels */
	double contrast;   /* v becomes mean + contrast (v - mean) */
	double brightness; /* added to each sample */
	double noise;      /* standard deviation of normal noise */
};

/*
 * Changes the pixels in place. The mean is that of all samples of the image;
 * the blur repeats the pixels at the edges. With blur 0, contrast 1 and the
 * rest 0 nothing changes. Returns 0, or -1 when memory ran out.
 */
int degrade(struct image *im, const struct degrade *d, struct rng *r);

/*
 * The blur alone, of h x w x c samples in any unit, from 4 standard deviations
 * each way. Returns 0, or -1 when memory ran out.
 */
int degrade_blur(float *v, int w, int h, int c, double sigma);

#endif
