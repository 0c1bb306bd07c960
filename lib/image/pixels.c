#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "image/image.h"
#include "image/pixels.h"

/* Luma of pixel i times 1000 and the largest sample, exact. */
static inline int
luma(const struct image *im, size_t i)
{
	const unsigned char *p = im->pixels;
	const uint16_t *w = (const uint16_t *)(const void *)p;

	if (im->channels == 1)
		return 1000 * (im->wide ? w[i] : p[i]);
	i *= 3;
	return im->wide ? 299 * w[i] + 587 * w[i + 1] + 114 * w[i + 2]
			: 299 * p[i] + 587 * p[i + 1] + 114 * p[i + 2];
}

/* Sums of d and d^2 over n pixels give mean and variance. */
struct moments {
	double n, sum, squares;
};

static inline void
moments_add(struct moments *m, int d)
{
	m->n++;
	m->sum += d;
	m->squares += (double)d * d;
}

static double
moments_variance(const struct moments *m)
{
	double mean = m->sum / m->n, v = m->squares / m->n - mean * mean;

	return m->n > 0 && v > 0 ? v : 0;
}

struct pixels_stats
pixels_stats(const struct image *im)
{
	struct moments light = {0}, edge = {0};
	size_t i = 0, row = (size_t)im->width;
	/* Taken from a shifted origin, a flat image has contrast 0 exactly. */
	int origin = luma(im, 0);
	double unit = im->wide ? 65535e3 : 255e3;

	for (int y = 0; y < im->height; y++)
		for (int x = 0; x < im->width; x++, i++) {
			int v = luma(im, i);
			moments_add(&light, v - origin);
			if (x == 0 || x == im->width - 1 || y == 0 ||
			    y == im->height - 1)
				continue;
			v = 4 * v - luma(im, i - 1) - luma(im, i + 1) -
			    luma(im, i - row) - luma(im, i + row);
			moments_add(&edge, v);
		}
	return (struct pixels_stats){
	    .width = im->width,
	    .height = im->height,
	    .frames_left = im->frames_left,
	    .brightness = (origin + light.sum / light.n) / unit,
	    .contrast = sqrt(moments_variance(&light)) / unit,
	    .sharpness = moments_variance(&edge) / unit / unit,
	};
}

void
pixels_narrow(struct image *im)
{
	size_t n = (size_t)im->width * (size_t)im->height *
		   (size_t)im->channels;
	const uint16_t *w = (const uint16_t *)(const void *)im->pixels;

	/* A sample has been read before any byte is written over it. */
	for (size_t i = 0; im->wide && i < n; i++)
		im->pixels[i] = (unsigned char)((w[i] + 128U) / 257);
	im->wide = 0;
}
