#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/simd.h"
#include "image/image.h"
#include "image/pixels.h"

/*
 * An image is gone through in strips, from the top to the bottom of each, so
 * that its rows of luma stay at hand. Before and after those of a strip there
 * is room for a neighbour.
 */
enum { STRIP = 512, RED = 299, GREEN = 587, BLUE = 114 };

struct strip {
	int from, n; /* columns */
	int row[3][STRIP + 2];
};

/* Numbers, their sum, and that of their squares. */
struct moments {
	double n, sum, squares;
};

/* Luma of four pixels of RGB, which have 16 bytes at p. */
static inline void
luma_of_four(const unsigned char *p, int *to)
{
	simd_bytes v;
	simd_ints sum;

	memcpy(&v, p, sizeof(v));
	sum = RED * SIMD_PICK(v, 0, 3, 6, 9) +
	      GREEN * SIMD_PICK(v, 1, 4, 7, 10) +
	      BLUE * SIMD_PICK(v, 2, 5, 8, 11);
	memcpy(to, &sum, sizeof(sum));
}

SIMD_CLONES static void
fill_rgb(const unsigned char *p, int n, int *to)
{
	int k = 0;

	for (; k + 6 <= n; k += 4)
		luma_of_four(p + 3 * k, to + k);
	for (; k < n; k++)
		to[k] = RED * p[3 * k] + GREEN * p[3 * k + 1] +
			BLUE * p[3 * k + 2];
}

/* Luma of n pixels from i on, times 1000 and the largest sample, exact. */
static void
fill_luma(const struct image *im, size_t i, int n, int *to)
{
	const unsigned char *p = im->pixels;
	const uint16_t *w = (const uint16_t *)(const void *)p;

	if (im->channels == 1) {
		for (int k = 0; k < n; k++)
			to[k] = 1000 * (im->wide ? w[i + k] : p[i + k]);
		return;
	}
	p += 3 * i;
	w += 3 * i;
	if (im->wide)
		for (int k = 0; k < n; k++, w += 3)
			to[k] = RED * w[0] + GREEN * w[1] + BLUE * w[2];
	else
		fill_rgb(p, n, to);
}

/* Of 8 bits, the squares of a strip's row fit; then the sum is exact. */
SIMD_CLONES static void
add_narrow(struct moments *m, const int *d, int n)
{
	int64_t sum = 0, squares = 0;

	for (int i = 0; i < n; i++) {
		sum += d[i];
		squares += (int64_t)d[i] * d[i];
	}
	m->sum += (double)sum;
	m->squares += (double)squares;
}

static void
add(struct moments *m, const struct image *im, const int *d, int n)
{
	m->n += n;
	if (!im->wide) {
		add_narrow(m, d, n);
		return;
	}
	for (int i = 0; i < n; i++) {
		m->sum += d[i];
		m->squares += (double)d[i] * d[i];
	}
}

static double
variance(const struct moments *m)
{
	double mean = m->sum / m->n, v = m->squares / m->n - mean * mean;

	return m->n > 0 && v > 0 ? v : 0;
}

/* Row y of the strip, with what is beside it. */
static void
fill_row(const struct image *im, struct strip *s, int y)
{
	int before = s->from > 0, after = s->from + s->n < im->width;

	fill_luma(im,
	    (size_t)y * (size_t)im->width + (size_t)(s->from - before),
	    before + s->n + after, s->row[y % 3] + 1 - before);
}

/* The Laplacian of row y, of the n pixels from i on. */
SIMD_CLONES static void
laplace(const struct strip *s, int y, int i, int n, int *to)
{
	const int *here = s->row[y % 3] + 1 + i;
	const int *over = s->row[(y + 2) % 3] + 1 + i;
	const int *under = s->row[(y + 1) % 3] + 1 + i;

	for (int k = 0; k < n; k++)
		to[k] = 4 * here[k] - here[k - 1] - here[k + 1] - over[k] -
			under[k];
}

/* What a row adds; the one below it is filled in. */
static void
see_row(const struct image *im, const struct strip *s, int y, int origin,
    struct moments *light, struct moments *edge)
{
	int first = s->from == 0, last = s->from + s->n == im->width;
	int d[STRIP], n = s->n - first - last;

	for (int i = 0; i < s->n; i++)
		d[i] = s->row[y % 3][1 + i] - origin;
	add(light, im, d, s->n);
	if (y == 0 || y == im->height - 1 || n <= 0)
		return;
	laplace(s, y, first, n, d);
	add(edge, im, d, n);
}

struct pixels_stats
pixels_stats(const struct image *im)
{
	struct moments light = {0}, edge = {0};
	double unit = im->wide ? 65535e3 : 255e3;
	struct strip s;
	int origin;

	/* Taken from a shifted origin, a flat image has contrast 0 exactly. */
	fill_luma(im, 0, 1, &origin);
	for (s.from = 0; s.from < im->width; s.from += STRIP) {
		s.n = im->width - s.from < STRIP ? im->width - s.from : STRIP;
		fill_row(im, &s, 0);
		for (int y = 0; y < im->height; y++) {
			if (y + 1 < im->height)
				fill_row(im, &s, y + 1);
			see_row(im, &s, y, origin, &light, &edge);
		}
	}
	return (struct pixels_stats){
	    .width = im->width,
	    .height = im->height,
	    .frames_left = im->frames_left,
	    .brightness = (origin + light.sum / light.n) / unit,
	    .contrast = sqrt(variance(&light)) / unit,
	    .sharpness = variance(&edge) / unit / unit,
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
