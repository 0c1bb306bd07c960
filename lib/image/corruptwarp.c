#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "image/corruptdo.h"
#include "stats/rng.h"

/* Where an output pixel comes from: x = xx u + xy v + x0, both from the centre. */
struct affine {
	double xx, xy, x0, yx, yy, y0;
};

static float
sample(const struct corrupt_work *w, const float *from, int x, int y, int c)
{
	if (x < 0 || y < 0 || x >= w->w || y >= w->h)
		return 0;
	return from[((size_t)y * (size_t)w->w + (size_t)x) * (size_t)w->c +
		    (size_t)c];
}

/* Bilinear; outside it is black. */
static double
between(
    const struct corrupt_work *w, const float *from, double x, double y, int c)
{
	int i = (int)floor(x), j = (int)floor(y);
	double a = x - i, b = y - j;

	return (1 - b) * ((1 - a) * sample(w, from, i, j, c) +
			     a * sample(w, from, i + 1, j, c)) +
	       b * ((1 - a) * sample(w, from, i, j + 1, c) +
		       a * sample(w, from, i + 1, j + 1, c));
}

static int
warp(struct corrupt_work *w, const struct affine *m)
{
	size_t n = (size_t)w->w * (size_t)w->h * (size_t)w->c;
	float *from = malloc(n * sizeof(*from)), *to = w->v;
	double cx = (w->w - 1) / 2.0, cy = (w->h - 1) / 2.0;

	if (from == NULL)
		return -1;
	memcpy(from, w->v, n * sizeof(*from));
	for (int y = 0; y < w->h; y++)
		for (int x = 0; x < w->w; x++) {
			double u = x - cx, v = y - cy;
			double at = m->xx * u + m->xy * v + m->x0 + cx;
			double up = m->yx * u + m->yy * v + m->y0 + cy;

			for (int c = 0; c < w->c; c++)
				*to++ = (float)between(w, from, at, up, c);
		}
	free(from);
	return 0;
}

static double
either_way(struct corrupt_work *w)
{
	return rng_below(w->image, 2) ? w->k[0] : -w->k[0];
}

int
corruptwarp_shear(struct corrupt_work *w)
{
	double a = either_way(w);

	return warp(w, &(struct affine){1, -sin(a), 0, 0, cos(a), 0});
}

int
corruptwarp_scale(struct corrupt_work *w)
{
	return warp(w, &(struct affine){1 / w->k[0], 0, 0, 0, 1 / w->k[0], 0});
}

int
corruptwarp_rotate(struct corrupt_work *w)
{
	double a = either_way(w);

	return warp(w, &(struct affine){cos(a), -sin(a), 0, sin(a), cos(a), 0});
}

int
corruptwarp_translate(struct corrupt_work *w)
{
	double dx = either_way(w), dy = either_way(w);

	return warp(w, &(struct affine){1, 0, dx, 0, 1, dy});
}

int
corruptwarp_flip(struct corrupt_work *w)
{
	return warp(w, &(struct affine){-1, 0, 0, 0, 1, 0});
}
