#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "image/degrade.h"
#include "image/image.h"
#include "stats/rng.h"

/* A line of samples in a plane: n of them, step apart. */
struct line {
	float *p;
	int n;
	size_t step;
};

/* Weights at 0 .. radius of a Gaussian; with their mirror image they sum to 1.
 */
static void
gaussian(double *w, int radius, double sigma)
{
	double sum = 0;

	for (int i = 0; i <= radius; i++) {
		w[i] = exp(-0.5 * i * i / (sigma * sigma));
		sum += i == 0 ? w[i] : 2 * w[i];
	}
	for (int i = 0; i <= radius; i++)
		w[i] /= sum;
}

static float
at(const float *copy, int i, int n)
{
	return copy[i < 0 ? 0 : i >= n ? n - 1 : i];
}

static void
blur_line(struct line l, const double *w, int radius, float *copy)
{
	for (int i = 0; i < l.n; i++)
		copy[i] = l.p[(size_t)i * l.step];
	for (int i = 0; i < l.n; i++) {
		double v = w[0] * copy[i];

		for (int k = 1; k <= radius; k++)
			v += w[k] *
			     (at(copy, i - k, l.n) + at(copy, i + k, l.n));
		l.p[(size_t)i * l.step] = (float)v;
	}
}

int
degrade_blur(float *v, int w, int h, int c, double sigma)
{
	int radius = (int)ceil(4 * sigma);
	size_t step = (size_t)c, row = step * (size_t)w;
	double *weights = malloc(((size_t)radius + 1) * sizeof(*weights));
	float *copy = malloc((size_t)(w > h ? w : h) * sizeof(*copy));
	int done = weights != NULL && copy != NULL;

	if (done) {
		gaussian(weights, radius, sigma);
		for (size_t i = 0; i < (size_t)h; i++)
			for (size_t k = 0; k < step; k++)
				blur_line(
				    (struct line){v + i * row + k, w, step},
				    weights, radius, copy);
		for (size_t i = 0; i < row; i++)
			blur_line((struct line){v + i, h, row}, weights, radius,
			    copy);
	}
	free(weights);
	free(copy);
	return done ? 0 : -1;
}

static unsigned char
clip(double v)
{
	return (unsigned char)(v <= 0 ? 0 : v >= 255 ? 255 : lrint(v));
}

int
degrade(struct image *im, const struct degrade *d, struct rng *r)
{
	size_t n = (size_t)im->width * (size_t)im->height *
		   (size_t)im->channels;
	float *v = malloc(n * sizeof(*v));
	double mean = 0;

	if (v == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		v[i] = im->pixels[i];
	if (d->blur > 0 &&
	    degrade_blur(v, im->width, im->height, im->channels, d->blur) < 0) {
		free(v);
		return -1;
	}
	for (size_t i = 0; i < n; i++)
		mean += v[i];
	mean /= (double)n;
	for (size_t i = 0; i < n; i++) {
		double x = v[i];

		if (d->contrast != 1)
			x = mean + d->contrast * (x - mean);
		x += d->brightness;
		if (d->noise > 0)
			x += d->noise * rng_normal(r);
		im->pixels[i] = clip(x);
	}
	free(v);
	return 0;
}
