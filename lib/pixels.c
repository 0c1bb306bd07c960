#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "image.h"
#include "pixels.h"

#define STB_IMAGE_RESIZE_STATIC
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#include <stb/stb_image_resize.h>

/* Luma times 255000, exact. */
static inline int
luma(const unsigned char *p, int channels)
{
	return channels == 1 ? 1000 * p[0]
			     : 299 * p[0] + 587 * p[1] + 114 * p[2];
}

static void
planes(const struct image *im, int channels, float *out)
{
	size_t n = (size_t)im->width * (size_t)im->height;
	size_t step = (size_t)im->channels;

	for (int c = 0; c < channels; c++) {
		const unsigned char *p = im->pixels;
		for (size_t i = 0; i < n; i++, p += step)
			if (channels == 1)
				*out++ = (float)(luma(p, im->channels) / 255e3);
			else
				*out++ = (float)(p[step == 1 ? 0 : c] / 255.0);
	}
}

int
pixels_tensor(
    const struct image *im, int width, int height, int channels, float *out)
{
	struct image to = {width, height, im->channels, NULL, 0};
	int done;

	if (im->width == width && im->height == height) {
		planes(im, channels, out);
		return 0;
	}
	to.pixels = malloc(
	    (size_t)width * (size_t)height * (size_t)im->channels);
	done = to.pixels != NULL &&
	       stbir_resize_uint8(im->pixels, im->width, im->height, 0,
		   to.pixels, width, height, 0, im->channels);
	if (done)
		planes(&to, channels, out);
	free(to.pixels);
	return done ? 0 : -1;
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
	size_t step = (size_t)im->channels, row = step * (size_t)im->width;
	const unsigned char *p = im->pixels;
	/* Taken from a shifted origin, a flat image has contrast 0 exactly. */
	int n = im->channels, origin = luma(p, n);

	for (int y = 0; y < im->height; y++)
		for (int x = 0; x < im->width; x++, p += step) {
			int v = luma(p, n);
			moments_add(&light, v - origin);
			if (x == 0 || x == im->width - 1 || y == 0 ||
			    y == im->height - 1)
				continue;
			v = 4 * v - luma(p - step, n) - luma(p + step, n) -
			    luma(p - row, n) - luma(p + row, n);
			moments_add(&edge, v);
		}
	return (struct pixels_stats){
	    .brightness = (origin + light.sum / light.n) / 255e3,
	    .contrast = sqrt(moments_variance(&light)) / 255e3,
	    .sharpness = moments_variance(&edge) / 255e3 / 255e3,
	};
}
