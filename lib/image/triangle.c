#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/simd.h"
#include "image/image.h"
#include "image/triangle.h"

enum { BITS = 22 };

static void
free_taps(struct triangle_taps *t)
{
	free(t->first);
	free(t->n);
	free(t->weight);
}

/* The weights of one sample, whose middle lies there in the source. */
static void
weigh(struct triangle_taps *t, int i, double middle, double reach, int in)
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
make_taps(struct triangle_taps *t, int in, long long out, long long at, int n)
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

/* Samples of n bytes, each a sum over the lines that begin at p. */
SIMD_CLONES static void
sum_lines(const int32_t *k, int lines, const unsigned char *p, size_t n,
    unsigned char *out)
{
	enum { MOST = 64 };

	for (size_t at = 0; at < n; at += MOST) {
		int32_t sum[MOST];
		size_t some = n - at < MOST ? n - at : MOST;

		for (size_t c = 0; c < some; c++)
			sum[c] = 1 << (BITS - 1);
		for (int i = 0; i < lines; i++)
			for (size_t c = 0; c < some; c++)
				sum[c] += p[(size_t)i * n + at + c] * k[i];
		for (size_t c = 0; c < some; c++) {
			int32_t x = sum[c] >> BITS;

			out[at + c] = (unsigned char)(x > 255 ? 255 : x);
		}
	}
}

/* The pixel that tap i makes of those of a row. */
static void
make_pixel(const struct triangle_taps *t, int i, const void *from,
    const struct image *like, void *out)
{
	const int32_t *k = t->weight + (size_t)i * (size_t)t->most;
	int channels = like->channels, n = t->n[i];
	const unsigned char *p = from;
	const uint16_t *w = from;

	if (channels == 3 && !like->wide)
		sum_rgb(k, n, p, out);
	else
		for (int c = 0; c < channels; c++)
			if (like->wide)
				((uint16_t *)out)[c] = sum16(
				    k, n, w + c, (size_t)channels);
			else
				((unsigned char *)out)[c] = sum8(
				    k, n, p + c, (size_t)channels);
}

static size_t
sample_bytes(const struct image *im)
{
	return im->wide ? 2 : 1;
}

void
triangle_row(struct triangle *t, int y, const void *row)
{
	const struct image *to = &t->between;
	size_t pixel = (size_t)to->channels * sample_bytes(to);
	const unsigned char *from = row;
	unsigned char *out;

	y -= t->first;
	if (y < 0 || y >= to->height)
		return;
	out = to->pixels + (size_t)y * (size_t)to->width * pixel;
	for (int i = 0; i < to->width; i++, out += pixel)
		make_pixel(
		    &t->x, i, from + (size_t)t->x.first[i] * pixel, to, out);
}

static int
make_room(struct image *im, const struct image *like, int width, int height)
{
	*im = (struct image){.width = width,
	    .height = height,
	    .channels = like->channels,
	    .wide = like->wide};
	im->pixels = malloc(image_bytes(im));
	return im->pixels == NULL ? -1 : 0;
}

int
triangle_init(struct triangle *t, const struct triangle_part *part,
    const struct image *from)
{
	int last = part->part_height - 1, rows;

	*t = (struct triangle){.height = part->part_height};
	if (make_taps(&t->x, from->width, part->width, part->left,
		part->part_width) < 0 ||
	    make_taps(&t->y, from->height, part->height, part->top,
		part->part_height) < 0)
		return -1;
	t->first = t->y.first[0];
	rows = t->y.first[last] + t->y.n[last] - t->first;
	return make_room(&t->between, from, part->part_width, rows);
}

void
triangle_free(struct triangle *t)
{
	free_taps(&t->x);
	free_taps(&t->y);
	image_free(&t->between);
}

/* The line that tap i makes of those from there on. */
static void
make_line(const struct triangle_taps *t, int i, const void *from, int wide,
    size_t n, void *out)
{
	const int32_t *k = t->weight + (size_t)i * (size_t)t->most;
	const uint16_t *w = from;

	if (!wide)
		sum_lines(k, t->n[i], from, n, out);
	else
		for (size_t c = 0; c < n; c++)
			((uint16_t *)out)[c] = sum16(k, t->n[i], w + c, n);
}

int
triangle_end(const struct triangle *t, struct image *to)
{
	const struct image *from = &t->between;
	size_t line = (size_t)from->width * (size_t)from->channels;
	size_t bytes = line * sample_bytes(from);

	if (make_room(to, from, from->width, t->height) < 0)
		return -1;
	for (int i = 0; i < t->height; i++)
		make_line(&t->y, i,
		    from->pixels + (size_t)(t->y.first[i] - t->first) * bytes,
		    from->wide, line, to->pixels + (size_t)i * bytes);
	return 0;
}
