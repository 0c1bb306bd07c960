#include <math.h>
#include <stdlib.h>

#include "image/corruptdo.h"
#include "image/degrade.h"
#include "stats/rng.h"

static float *
pixel(const struct corrupt_work *w, int x, int y)
{
	return w->v + ((size_t)y * (size_t)w->w + (size_t)x) * (size_t)w->c;
}

int
corruptover_stripe(struct corrupt_work *w)
{
	int side = (int)lrint(w->k[0] * w->w);

	for (int y = 0; y < w->h; y++)
		for (int x = 0; x < w->w; x++)
			for (int c = 0; c < w->c; c++)
				if (x < side || x >= w->w - side)
					pixel(w, x, y)[c] = 1 -
							    pixel(w, x, y)[c];
	return 0;
}

int
corruptover_occlusion(struct corrupt_work *w)
{
	int least = w->w < w->h ? w->w : w->h;
	int side = (int)ceil(w->k[0] * least);
	int left = (int)rng_below(w->image, (uint64_t)(w->w - side + 1));
	int top = (int)rng_below(w->image, (uint64_t)(w->h - side + 1));

	for (int y = top; y < top + side; y++)
		for (int x = left; x < left + side; x++)
			for (int c = 0; c < w->c; c++)
				pixel(w, x, y)[c] = 0;
	return 0;
}

/*
 * A line from one point to another, in the coordinates of an image of 28 x 28,
 * which MNIST-C has: white that fades with the distance above and below. Where
 * dots is 1 every other stretch of 2 is left out.
 */
static void
draw_line(struct corrupt_work *w, double x0, double y0, double x1, double y1,
    int dots)
{
	double across = 28.0 / w->w, down = 28.0 / w->h;
	double slope = x1 > x0 ? (y1 - y0) / (x1 - x0) : 0;

	for (int x = 0; x < w->w; x++) {
		double u = x * across;

		if (u < floor(x0) || u >= ceil(x1) ||
		    (dots && (int)(u / 2) % 2 == 0))
			continue;
		for (int y = 0; y < w->h; y++) {
			double d = fabs(y * down - (y0 + slope * (u - x0)));
			double white = d < 2.3 ? log(1 - d / 2.3) + 1 : 0;

			for (int c = 0; white > 0 && c < w->c; c++) {
				float *p = pixel(w, x, y) + c;

				*p = (float)fmin(*p + white, 1);
			}
		}
	}
}

int
corruptover_dotted_line(struct corrupt_work *w)
{
	for (int i = 0; i < (int)w->k[0]; i++) {
		double y0 = (double)rng_below(w->image, 27);
		double y1 = (double)rng_below(w->image, 27);

		draw_line(w, 0, y0, 27, y1, 1);
	}
	return 0;
}

int
corruptover_zigzag(struct corrupt_work *w)
{
	for (int i = 0; i < (int)w->k[0]; i++) {
		double y = (double)rng_below(w->image, 27);
		double slope = ((double)rng_below(w->image, 10) - 5) / 23;
		double was = y;

		/* Teeth of 4, up and down by 2, from 2 to 25. */
		for (int x = 2, up = 1; x < 25; x += 2, up = -up) {
			double now = y + slope * (x - 1) + 2 * up;

			draw_line(w, x, was, x + 2, now, 0);
			was = now;
		}
	}
	return 0;
}

static double
jag(struct rng *r, double wibble)
{
	return wibble * wibble * (2 * rng_uniform(r) - 1);
}

/*
 * A height map of n x n, n a power of two, by the diamond-square algorithm,
 * joined at its edges, brought to 0 .. 1.
 */
static void
raise_plasma(double *map, size_t n, double decay, struct rng *r)
{
	double low = INFINITY, high = -INFINITY, wibble = 100;

	map[0] = 0;
	for (size_t step = n; step >= 2; step /= 2, wibble /= decay) {
		size_t half = step / 2;

#define AT(y, x) map[((y) % n) * n + (x) % n]
		for (size_t y = 0; y < n; y += step)
			for (size_t x = 0; x < n; x += step)
				AT(y + half,
				    x + half) = (AT(y, x) + AT(y + step, x) +
						    AT(y, x + step) +
						    AT(y + step, x + step)) /
						    4 +
						jag(r, wibble);
		for (size_t y = 0; y < n; y += half)
			for (size_t x = (y / half + 1) % 2 * half; x < n;
			     x += step)
				AT(y, x) = (AT(y + half, x) +
					       AT(y + n - half, x) +
					       AT(y, x + half) +
					       AT(y, x + n - half)) /
					       4 +
					   jag(r, wibble);
#undef AT
	}
	for (size_t i = 0; i < n * n; i++) {
		low = fmin(low, map[i]);
		high = fmax(high, map[i]);
	}
	for (size_t i = 0; i < n * n; i++)
		map[i] = (map[i] - low) / (high - low);
}

int
corruptover_fog(struct corrupt_work *w)
{
	size_t n = 2, all = (size_t)w->w * (size_t)w->h * (size_t)w->c;
	double *map, most = 0;

	while (n < (size_t)w->w || n < (size_t)w->h)
		n *= 2;
	map = malloc(n * n * sizeof(*map));
	if (map == NULL)
		return -1;
	raise_plasma(map, n, w->k[1], w->image);
	for (size_t i = 0; i < all; i++)
		most = fmax(most, w->v[i]);
	for (int y = 0; y < w->h; y++)
		for (int x = 0; x < w->w; x++)
			for (int c = 0; c < w->c; c++) {
				float *p = pixel(w, x, y) + c;
				double fog = map[(size_t)y * n + (size_t)x];

				*p = (float)((*p + w->k[0] * fog) * most /
					     (most + w->k[0]));
			}
	free(map);
	return 0;
}

int
corruptover_spatter(struct corrupt_work *w)
{
	static const double mud[] = {63, 42, 20};
	size_t n = (size_t)w->w * (size_t)w->h;
	float *m = malloc(n * sizeof(*m));
	int status = m == NULL ? -1 : 0;

	for (size_t i = 0; status == 0 && i < n; i++)
		m[i] = (float)(w->k[0] + w->k[1] * rng_normal(w->image));
	if (status == 0)
		status = degrade_blur(m, w->w, w->h, 1, w->k[2]);
	for (size_t i = 0; status == 0 && i < n; i++)
		m[i] = m[i] > w->k[3];
	if (status == 0)
		status = degrade_blur(m, w->w, w->h, 1, w->k[4]);
	for (size_t i = 0; status == 0 && i < n; i++) {
		double thick = m[i] < 0.8 ? 0 : m[i];

		for (int c = 0; c < w->c; c++) {
			float *p = w->v + i * (size_t)w->c + c;

			*p = (float)(*p * (1 - thick) + mud[c] / 255 * thick);
		}
	}
	free(m);
	return status;
}
