#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/simd.h"
#include "image/image.h"
#include "image/pixels.h"

enum { RED = 299, GREEN = 587, BLUE = 114 };

int
pixels_init(struct pixels *p, const struct image *im)
{
	*p = (struct pixels){.im = im};
	p->luma = malloc(3 * (size_t)im->width * sizeof(*p->luma));
	return p->luma == NULL ? -1 : 0;
}

void
pixels_free(struct pixels *p)
{
	free(p->luma);
}

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

/* Luma of a row, times 1000 and the largest sample, exact. */
static void
fill_luma(const struct image *im, const void *row, int *to)
{
	const unsigned char *p = row;
	const uint16_t *w = row;
	int n = im->width;

	if (im->channels == 1)
		for (int k = 0; k < n; k++)
			to[k] = 1000 * (im->wide ? w[k] : p[k]);
	else if (im->wide)
		for (int k = 0; k < n; k++, w += 3)
			to[k] = RED * w[0] + GREEN * w[1] + BLUE * w[2];
	else
		fill_rgb(p, n, to);
}

/* Of 8 bits, the squares of a row fit; then the sum is exact. */
SIMD_CLONES static void
add_luma(struct pixels_moments *m, const int *luma, int n, int origin)
{
	int64_t sum = 0, squares = 0;

	for (int i = 0; i < n; i++) {
		int d = luma[i] - origin;

		sum += d;
		squares += (int64_t)d * d;
	}
	m->sum += (double)sum;
	m->squares += (double)squares;
}

/* The Laplacian of n pixels, which have neighbours. */
SIMD_CLONES static void
add_edges(struct pixels_moments *m, const int *over, const int *here,
    const int *under, int n)
{
	int64_t sum = 0, squares = 0;

	for (int i = 0; i < n; i++) {
		int d = 4 * here[i] - here[i - 1] - here[i + 1] - over[i] -
			under[i];

		sum += d;
		squares += (int64_t)d * d;
	}
	m->sum += (double)sum;
	m->squares += (double)squares;
}

/* Of 16 bits they do not fit. */
static void
add_wide(struct pixels_moments *m, double d)
{
	m->sum += d;
	m->squares += d * d;
}

static double
variance(const struct pixels_moments *m)
{
	double mean = m->sum / m->n, v = m->squares / m->n - mean * mean;

	return m->n > 0 && v > 0 ? v : 0;
}

static int *
luma_of(const struct pixels *p, int y)
{
	return p->luma + (size_t)(y % 3) * (size_t)p->im->width;
}

/* The row before the last one has neighbours on all sides now. */
static void
see_edges(struct pixels *p)
{
	const int *over = luma_of(p, p->y - 2) + 1;
	const int *here = luma_of(p, p->y - 1) + 1;
	const int *under = luma_of(p, p->y) + 1;
	int n = p->im->width - 2;

	if (n <= 0)
		return;
	p->edge.n += n;
	if (!p->im->wide)
		add_edges(&p->edge, over, here, under, n);
	else
		for (int i = 0; i < n; i++)
			add_wide(&p->edge, 4 * here[i] - here[i - 1] -
					       here[i + 1] - over[i] -
					       under[i]);
}

void
pixels_row(struct pixels *p, const void *row)
{
	int n = p->im->width, *luma = luma_of(p, p->y);

	fill_luma(p->im, row, luma);
	/* Taken from a shifted origin, a flat image has contrast 0 exactly. */
	if (p->y == 0)
		p->origin = luma[0];
	p->light.n += n;
	if (!p->im->wide)
		add_luma(&p->light, luma, n, p->origin);
	else
		for (int i = 0; i < n; i++)
			add_wide(&p->light, luma[i] - p->origin);
	if (p->y >= 2)
		see_edges(p);
	p->y++;
}

struct pixels_stats
pixels_stats(const struct pixels *p)
{
	double unit = p->im->wide ? 65535e3 : 255e3;

	return (struct pixels_stats){
	    .width = p->im->width,
	    .height = p->im->height,
	    .frames_left = p->im->frames_left,
	    .brightness = (p->origin + p->light.sum / p->light.n) / unit,
	    .contrast = sqrt(variance(&p->light)) / unit,
	    .sharpness = variance(&p->edge) / unit / unit,
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
