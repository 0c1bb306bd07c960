#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "image/corruptdo.h"
#include "image/decode.h"
#include "image/degrade.h"
#include "image/image.h"
#include "stats/rng.h"

enum { MOST_TAPS = 31 * 31 };

/* A kernel as its taps that are not 0. */
struct taps {
	size_t n;
	struct tap {
		int x, y;
		double weight;
	} tap[MOST_TAPS];
};

static size_t
samples(const struct corrupt_work *w)
{
	return (size_t)w->w * (size_t)w->h * (size_t)w->c;
}

static float *
copy_of(const struct corrupt_work *w)
{
	float *copy = malloc(samples(w) * sizeof(*copy));

	if (copy != NULL)
		memcpy(copy, w->v, samples(w) * sizeof(*copy));
	return copy;
}

static int
within(int i, int n)
{
	return i < 0 ? 0 : i >= n ? n - 1 : i;
}

/* The sum over the taps; the pixels at the edges are repeated. */
static int
convolve(struct corrupt_work *w, const struct taps *t)
{
	float *from = copy_of(w), *to = w->v;
	size_t row = (size_t)w->w * (size_t)w->c;

	if (from == NULL)
		return -1;
	for (int y = 0; y < w->h; y++)
		for (int x = 0; x < w->w; x++)
			for (int c = 0; c < w->c; c++) {
				double sum = 0;

				for (size_t i = 0; i < t->n; i++) {
					const struct tap *p = &t->tap[i];
					size_t at = (size_t)within(
							y + p->y, w->h) *
							row +
						    (size_t)within(
							x + p->x, w->w) *
							(size_t)w->c;

					sum += p->weight * from[at + (size_t)c];
				}
				*to++ = (float)sum;
			}
	free(from);
	return 0;
}

int
corruptblur_gaussian(struct corrupt_work *w)
{
	return degrade_blur(w->v, w->w, w->h, w->c, w->k[0]);
}

/* Of the disk smoothed by a Gaussian of size x size, at x, y from its centre. */
static double
disk_at(int x, int y, double radius, int reach, double alias)
{
	double sum = 0, all = 0;

	for (int j = -reach; j <= reach; j++)
		for (int i = -reach; i <= reach; i++) {
			double g = exp(-(i * i + j * j) / (2 * alias * alias));
			int u = x + i, v = y + j;

			all += g;
			sum += g * (u * u + v * v <= radius * radius);
		}
	return sum / all;
}

int
corruptblur_defocus(struct corrupt_work *w)
{
	struct taps t = {0};
	int reach = w->k[0] <= 8 ? 1 : 2;
	int far = (int)ceil(w->k[0]) + reach;
	double sum = 0;

	for (int y = -far; y <= far; y++)
		for (int x = -far; x <= far; x++) {
			double d = disk_at(x, y, w->k[0], reach, w->k[1]);

			if (d > 1e-12)
				t.tap[t.n++] = (struct tap){x, y, d};
			sum += d;
		}
	for (size_t i = 0; i < t.n; i++)
		t.tap[i].weight /= sum;
	return convolve(w, &t);
}

int
corruptblur_motion(struct corrupt_work *w)
{
	struct taps t = {0};
	double angle = (rng_uniform(w->image) - 0.5) * 1.5707963267948966;
	double sum = 0, sd = w->k[1];

	for (int i = 0; i <= 2 * (int)w->k[0]; i++) {
		double weight = exp(-i * i / (2 * sd * sd));

		t.tap[t.n++] = (struct tap){(int)lrint(i * cos(angle)),
		    (int)lrint(i * sin(angle)), weight};
		sum += weight;
	}
	for (size_t i = 0; i < t.n; i++)
		t.tap[i].weight /= sum;
	return convolve(w, &t);
}

/* Bilinear, of what lies inside. */
static double
between(
    const struct corrupt_work *w, const float *from, double x, double y, int c)
{
	int i = (int)x, j = (int)y;
	double a = x - i, b = y - j;
	size_t step = (size_t)w->c, row = (size_t)w->w * step;
	size_t at = (size_t)j * row + (size_t)i * step + (size_t)c;
	size_t right = i + 1 < w->w ? step : 0, down = j + 1 < w->h ? row : 0;

	return (1 - b) * ((1 - a) * from[at] + a * from[at + right]) +
	       b * ((1 - a) * from[at + down] + a * from[at + down + right]);
}

/* Adds the image enlarged about its centre. */
static void
add_zoomed(struct corrupt_work *w, const float *from, double zoom)
{
	double cx = (w->w - 1) / 2.0, cy = (w->h - 1) / 2.0;
	float *to = w->v;

	for (int y = 0; y < w->h; y++)
		for (int x = 0; x < w->w; x++)
			for (int c = 0; c < w->c; c++)
				*to++ += (float)between(w, from,
				    cx + (x - cx) / zoom, cy + (y - cy) / zoom,
				    c);
}

int
corruptblur_zoom(struct corrupt_work *w)
{
	float *from = copy_of(w);
	int steps = (int)lrint((w->k[0] - 1) / w->k[1]);

	if (from == NULL)
		return -1;
	for (int i = 0; i <= steps; i++)
		add_zoomed(w, from, 1 + i * w->k[1]);
	for (size_t i = 0; i < samples(w); i++)
		w->v[i] /= (float)(steps + 2);
	free(from);
	return 0;
}

static void
swap_pixels(struct corrupt_work *w, size_t a, size_t b)
{
	for (size_t c = 0; c < (size_t)w->c; c++) {
		float *p = w->v + a * (size_t)w->c + c;
		float *q = w->v + b * (size_t)w->c + c, swap = *p;

		*p = *q;
		*q = swap;
	}
}

/* Each pixel changes places with one up to far above it or to its left. */
static void
shuffle(struct corrupt_work *w, int far)
{
	for (int y = w->h - far; y > far; y--)
		for (int x = w->w - far; x > far; x--) {
			uint64_t span = 2 * (uint64_t)far;
			int dx = (int)rng_below(w->image, span) - far;
			int dy = (int)rng_below(w->image, span) - far;

			if (y >= w->h || x >= w->w)
				continue;
			swap_pixels(w, (size_t)y * (size_t)w->w + (size_t)x,
			    (size_t)(y + dy) * (size_t)w->w + (size_t)(x + dx));
		}
}

int
corruptblur_glass(struct corrupt_work *w)
{
	if (corruptblur_gaussian(w) < 0)
		return -1;
	for (int i = 0; i < (int)w->k[2]; i++)
		shuffle(w, (int)w->k[1]);
	return corruptblur_gaussian(w);
}

/* A grid of cells over the image, and the sums of one channel in them. */
struct grid {
	int across, down;
	double *sum, *count;
};

static size_t
cell_of(const struct corrupt_work *w, const struct grid *g, int x, int y)
{
	return (size_t)(y * g->down / w->h) * (size_t)g->across +
	       (size_t)(x * g->across / w->w);
}

static void
pixelate_channel(struct corrupt_work *w, const struct grid *g, float *p)
{
	size_t step = (size_t)w->c, row = (size_t)w->w * step;

	memset(g->sum, 0,
	    2 * (size_t)g->across * (size_t)g->down * sizeof(*g->sum));
	for (int y = 0; y < w->h; y++)
		for (int x = 0; x < w->w; x++) {
			size_t cell = cell_of(w, g, x, y);

			g->sum[cell] += p[(size_t)y * row + (size_t)x * step];
			g->count[cell]++;
		}
	for (int y = 0; y < w->h; y++)
		for (int x = 0; x < w->w; x++) {
			size_t cell = cell_of(w, g, x, y);

			p[(size_t)y * row + (size_t)x * step] =
			    (float)(g->sum[cell] / g->count[cell]);
		}
}

int
corruptblur_pixelate(struct corrupt_work *w)
{
	struct grid g = {(int)fmax(1, w->w * w->k[0]),
	    (int)fmax(1, w->h * w->k[0]), NULL, NULL};
	size_t cells = (size_t)g.across * (size_t)g.down;

	g.sum = calloc(2 * cells, sizeof(*g.sum));
	if (g.sum == NULL)
		return -1;
	g.count = g.sum + cells;
	for (int c = 0; c < w->c; c++)
		pixelate_channel(w, &g, w->v + c);
	free(g.sum);
	return 0;
}

/* Through the encoder of stb_image_write, and the decoder of all images. */
int
corruptblur_jpeg(struct corrupt_work *w)
{
	unsigned char *pixels = malloc(samples(w));
	struct image im = {.width = w->w,
			 .height = w->h,
			 .channels = w->c,
			 .pixels = pixels},
		     back = {0};
	struct image_error e;
	struct buf jpeg = {0};
	int status = -1;

	for (size_t i = 0; pixels != NULL && i < samples(w); i++)
		pixels[i] = (unsigned char)lrint(w->v[i] * 255.0);
	if (pixels != NULL && image_jpeg(&im, (int)w->k[0], &jpeg) == 0 &&
	    decode_bytes(
		&back, (unsigned char *)jpeg.p, jpeg.len, SIZE_MAX, &e) == 0) {
		for (size_t i = 0; i < samples(w); i++)
			w->v[i] = (float)back.pixels[i * (size_t)back.channels /
						     (size_t)w->c] /
				  255;
		image_free(&back);
		status = 0;
	}
	buf_free(&jpeg);
	free(pixels);
	return status;
}
