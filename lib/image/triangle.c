#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/simd.h"
#include "image/image.h"
#include "image/triangle.h"

enum { BITS = 22 };

/* Which samples make one, and their weights. */
struct taps {
	int *first, *n;
	int32_t *weight; /* most of each */
	int most;
};

static void
free_taps(struct taps *t)
{
	free(t->first);
	free(t->n);
	free(t->weight);
}

/* The weights of one sample, whose middle lies there in the source. */
static void
weigh(struct taps *t, int i, double middle, double reach, int in)
{
	int32_t *k = t->weight + (size_t)i * (size_t)t->most;
	int from = (int)(middle - reach + .5), to = (int)(middle + reach + .5);
	double sum = 0;

	from = from < 0 ? 0 : from;
	to = to > in ? in : to;
	t->first[i] = from;
	t->n[i] = to - from;
	for (int pass = 0; pass < 2; pass++)
		for (int x = from; x < to; x++) {
			double w = 1 - fabs((x - middle + .5) / reach);

			w = w < 0 ? 0 : w;
			if (pass == 0)
				sum += w;
			else
				k[x - from] = (int32_t)(.5 +
							w / sum * (1 << BITS));
		}
}

/* Samples at .. at + n - 1 of out, made of in. */
static int
make_taps(struct taps *t, int in, long long out, long long at, int n)
{
	double scale = (double)in / (double)out, reach = scale > 1 ? scale : 1;
	size_t count = (size_t)n;

	t->most = (int)ceil(reach) * 2 + 1;
	t->first = malloc(count * sizeof *t->first);
	t->n = malloc(count * sizeof *t->n);
	t->weight = malloc(count * (size_t)t->most * sizeof *t->weight);
	if (t->first == NULL || t->n == NULL || t->weight == NULL)
		return -1;
	for (int i = 0; i < n; i++)
		weigh(t, i, ((double)(at + i) + .5) * scale, reach, in);
	return 0;
}

/* A sum of samples of 8 bits, step apart; and of 16. */
static inline unsigned char
sum8(const int32_t *k, int n, const unsigned char *p, size_t step)
{
	int32_t sum = 1 << (BITS - 1);

	for (int i = 0; i < n; i++, p += step)
		sum += *p * k[i];
	sum >>= BITS;
	return (unsigned char)(sum > 255 ? 255 : sum);
}

static inline uint16_t
sum16(const int32_t *k, int n, const uint16_t *p, size_t step)
{
	int64_t sum = 1 << (BITS - 1);

	for (int i = 0; i < n; i++, p += step)
		sum += (int64_t)*p * k[i];
	sum >>= BITS;
	return (uint16_t)(sum > 65535 ? 65535 : sum);
}

/*
 * Of three samples beside each other, which are a pixel. The fourth that is
 * read is the next one's, and the last pixel may have none.
 */
SIMD_CLONES static void
sum_rgb(const int32_t *k, int n, const unsigned char *p, unsigned char *out)
{
	int32_t half = 1 << (BITS - 1);
	simd_ints sum = {half, half, half, half};
	int i;

	for (i = 0; i < n - 1; i++, p += 3) {
		simd_bytes v = {0};

		memcpy(&v, p, 4);
		sum += k[i] * SIMD_PICK(v, 0, 1, 2, 3);
	}
	for (int c = 0; c < 3; c++) {
		int32_t x = (sum[c] + p[c] * k[i]) >> BITS;

		out[c] = (unsigned char)(x > 255 ? 255 : x);
	}
}

/* The samples that tap i makes of lines of so many samples, step apart. */
static void
make_line(const struct taps *t, int i, const struct image *im, size_t at,
    size_t n, size_t step, unsigned char *out)
{
	const int32_t *k = t->weight + (size_t)i * (size_t)t->most;
	const unsigned char *p = im->pixels;
	const uint16_t *w = (const uint16_t *)(const void *)im->pixels;

	at += (size_t)t->first[i] * step;
	if (n == 3 && step == 3 && !im->wide) {
		sum_rgb(k, t->n[i], p + at, out);
		return;
	}
	for (size_t c = 0; c < n; c++)
		if (im->wide)
			((uint16_t *)(void *)out)[c] = sum16(
			    k, t->n[i], w + at + c, step);
		else
			out[c] = sum8(k, t->n[i], p + at + c, step);
}

/* Rows of im, from first on, with the width of the part. */
static void
narrow(
    const struct taps *x, const struct image *im, int first, struct image *out)
{
	size_t channels = (size_t)im->channels, size = im->wide ? 2 : 1;
	unsigned char *to = out->pixels;

	for (int row = 0; row < out->height; row++) {
		size_t at = (size_t)(first + row) * (size_t)im->width *
			    channels;

		for (int i = 0; i < out->width; i++) {
			make_line(x, i, im, at, channels, channels, to);
			to += channels * size;
		}
	}
}

static int
make_room(struct image *im, const struct image *like, int width, int height)
{
	*im = (struct image){.width = width,
	    .height = height,
	    .channels = like->channels,
	    .wide = like->wide};
	im->pixels = malloc((size_t)width * (size_t)height *
			    (size_t)im->channels * (im->wide ? 2 : 1));
	return im->pixels == NULL ? -1 : 0;
}

static int
resize(const struct triangle *t, const struct taps *x, const struct taps *y,
    const struct image *from, struct image *to)
{
	int last = t->part_height - 1, first = y->first[0];
	int rows = y->first[last] + y->n[last] - first;
	struct image between;
	size_t line;

	if (make_room(&between, from, t->part_width, rows) < 0)
		return -1;
	if (make_room(to, from, t->part_width, t->part_height) < 0) {
		free(between.pixels);
		return -1;
	}
	narrow(x, from, first, &between);
	line = (size_t)t->part_width * (size_t)from->channels;
	for (int i = 0; i <= last; i++) {
		struct taps of_part = *y;
		int shifted = y->first[i] - first;

		of_part.first = &shifted;
		of_part.n += i;
		of_part.weight += (size_t)i * (size_t)y->most;
		make_line(&of_part, 0, &between, 0, line, line,
		    to->pixels + (size_t)i * line * (to->wide ? 2 : 1));
	}
	free(between.pixels);
	return 0;
}

int
triangle_resize(
    const struct triangle *t, const struct image *from, struct image *to)
{
	struct taps x = {0}, y = {0};
	int got = -1;

	if (make_taps(&x, from->width, t->width, t->left, t->part_width) == 0 &&
	    make_taps(&y, from->height, t->height, t->top, t->part_height) == 0)
		got = resize(t, &x, &y, from, to);
	free_taps(&x);
	free_taps(&y);
	return got;
}
