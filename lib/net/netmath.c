#include <float.h>
#include <string.h>

#include "base/simd.h"
#include "net/netmath.h"

/* The columns of an output row whose patch lies inside the image's width. */
static void
inside(const struct netmath_window *w, int offset, int *from, int *to)
{
	int first = w->pad - offset; /* column * stride >= first */
	int last = w->width - 1 + w->pad - offset;

	*from = first > 0 ? (first + w->stride - 1) / w->stride : 0;
	*to = last < 0 ? 0 : last / w->stride + 1;
	if (*to > w->out_width)
		*to = w->out_width;
	if (*from > *to)
		*from = *to;
}

/* Whether the patches' columns are the image itself, moved. */
static int
is_same(const struct netmath_window *w)
{
	return w->stride == 1 && w->out_width == w->width &&
	       w->out_height == w->height && w->size == 2 * w->pad + 1;
}

/*
 * Where a plane, moved by dy rows and dx columns, overlaps itself: from..to
 * of its values. The columns that came round the edge are the caller's.
 */
static void
overlap(const struct netmath_window *w, int dy, int dx, int *from, int *to)
{
	int n = w->width * w->height, off = dy * w->width + dx;

	*from = dy < 0 ? -dy * w->width : 0;
	*to = dy > 0 ? n - dy * w->width : n;
	*from = *from < -off ? -off : *from;
	*to = *to > n - off ? n - off : *to;
	*from = *from > n ? n : *from;
	*to = *to < *from ? *from : *to;
}

/* Sets the columns that came round the edge to 0. */
static void
blank_edge(const struct netmath_window *w, int dx, float *plane)
{
	int first = dx > 0 ? w->width - dx : 0;
	int last = dx > 0 ? w->width : -dx, x, y;

	first = first < 0 ? 0 : first;
	last = last > w->width ? w->width : last;
	for (x = first; x < last; x++)
		for (y = 0; y < w->height; y++)
			plane[y * w->width + x] = 0;
}

SIMD_CLONES static void
im2col_same(const struct netmath_window *w, const float *im, float *col)
{
	int n = w->width * w->height, c, dy, dx, from, to, i;

	for (c = 0; c < w->channels; c++, im += n)
		for (dy = -w->pad; dy <= w->pad; dy++)
			for (dx = -w->pad; dx <= w->pad; dx++, col += n) {
				const float *src = im + dy * w->width + dx;

				overlap(w, dy, dx, &from, &to);
				memset(col, 0, (size_t)from * sizeof *col);
				for (i = from; i < to; i++)
					col[i] = src[i];
				memset(col + to, 0,
				    (size_t)(n - to) * sizeof *col);
				blank_edge(w, dx, col);
			}
}

SIMD_CLONES static void
col2im_same(const struct netmath_window *w, float *col, float *im)
{
	int n = w->width * w->height, c, dy, dx, from, to, i;

	for (c = 0; c < w->channels; c++, im += n)
		for (dy = -w->pad; dy <= w->pad; dy++)
			for (dx = -w->pad; dx <= w->pad; dx++, col += n) {
				float *dst = im + dy * w->width + dx;

				overlap(w, dy, dx, &from, &to);
				blank_edge(w, dx, col);
				for (i = from; i < to; i++)
					dst[i] += col[i];
			}
}

void
netmath_im2col(const struct netmath_window *w, const float *im, float *col)
{
	int c, ky, kx, y, x, from, to;

	if (is_same(w)) {
		im2col_same(w, im, col);
		return;
	}
	for (c = 0; c < w->channels; c++)
		for (ky = 0; ky < w->size; ky++)
			for (kx = 0; kx < w->size; kx++) {
				inside(w, kx, &from, &to);
				for (y = 0; y < w->out_height; y++) {
					int row = y * w->stride + ky - w->pad;
					const float *src = im +
							   ((long)c *
								   w->height +
							       row) *
							       w->width +
							   kx - w->pad;

					memset(col, 0,
					    (size_t)w->out_width * sizeof *col);
					if (row >= 0 && row < w->height)
						for (x = from; x < to; x++)
							col[x] =
							    src[x * w->stride];
					col += w->out_width;
				}
			}
}

void
netmath_col2im(const struct netmath_window *w, float *col, float *im)
{
	int c, ky, kx, y, x, from, to;

	if (is_same(w)) {
		col2im_same(w, col, im);
		return;
	}
	for (c = 0; c < w->channels; c++)
		for (ky = 0; ky < w->size; ky++)
			for (kx = 0; kx < w->size; kx++) {
				inside(w, kx, &from, &to);
				for (y = 0; y < w->out_height; y++) {
					int row = y * w->stride + ky - w->pad;
					float *dst = im +
						     ((long)c * w->height +
							 row) *
							 w->width +
						     kx - w->pad;

					if (row >= 0 && row < w->height)
						for (x = from; x < to; x++)
							dst[x * w->stride] +=
							    col[x];
					col += w->out_width;
				}
			}
}

/* The place of the largest value of a window, cut off at the image's edge. */
static int
pick(const struct netmath_window *w, const float *im, int y, int x)
{
	int bottom = y + w->size, right = x + w->size, best, i, j;

	bottom = bottom > w->height ? w->height : bottom;
	right = right > w->width ? w->width : right;
	y = y < 0 ? 0 : y;
	x = x < 0 ? 0 : x;
	best = y * w->width + x;
	for (i = y; i < bottom; i++)
		for (j = x; j < right; j++)
			if (im[i * w->width + j] > im[best])
				best = i * w->width + j;
	return best;
}

/* The same for a window of 2 x 2 that lies inside, without a branch. */
static int
pick2(const float *im, int at, int width)
{
	int below = at + width;

	at += im[at + 1] > im[at];
	below += im[below + 1] > im[below];
	return at + (below - at) * (im[below] > im[at]);
}

void
netmath_maxpool(
    const struct netmath_window *w, const float *im, float *out, int *index)
{
	int size = w->height * w->width, c, oy, ox;

	for (c = 0; c < w->channels; c++, im += size)
		for (oy = 0; oy < w->out_height; oy++)
			for (ox = 0; ox < w->out_width; ox++) {
				int y = oy * w->stride - w->pad / 2;
				int x = ox * w->stride - w->pad / 2;
				int inside_it = w->size == 2 && y >= 0 &&
						x >= 0 && y + 2 <= w->height &&
						x + 2 <= w->width;
				int best = inside_it
					       ? pick2(im, y * w->width + x,
						     w->width)
					       : pick(w, im, y, x);

				*out++ = im[best];
				if (index != NULL)
					*index++ = c * size + best;
			}
}

SIMD_CLONES void
netmath_affine(float *x, int n, float scale, float shift)
{
	int i;

	for (i = 0; i < n; i++)
		x[i] = x[i] * scale + shift;
}

SIMD_CLONES void
netmath_leaky(float *x, int n, float slope)
{
	int i;

	for (i = 0; i < n; i++)
		x[i] = x[i] > 0 ? x[i] : slope * x[i];
}

SIMD_CLONES float
netmath_sum(const float *x, int n)
{
	float sum = 0;
	int i;

	for (i = 0; i < n; i++)
		sum += x[i];
	return sum;
}

SIMD_CLONES float
netmath_dot(const float *x, const float *y, int n)
{
	float sum = 0;
	int i;

	for (i = 0; i < n; i++)
		sum += x[i] * y[i];
	return sum;
}

SIMD_CLONES float
netmath_square(const float *x, int n, float mean)
{
	float sum = 0;
	int i;

	for (i = 0; i < n; i++)
		sum += (x[i] - mean) * (x[i] - mean);
	return sum;
}

SIMD_CLONES void
netmath_norm(float *x, float *norm, int n, float mean, float inv, float scale,
    float bias, float slope)
{
	int i;

	for (i = 0; i < n; i++) {
		float y;

		norm[i] = (x[i] - mean) * inv;
		y = norm[i] * scale + bias;
		x[i] = y > 0 ? y : slope * y;
	}
}

SIMD_CLONES void
netmath_bias(float *x, int n, float bias, float slope)
{
	int i;

	for (i = 0; i < n; i++) {
		float y = x[i] + bias;

		x[i] = y > 0 ? y : slope * y;
	}
}

SIMD_CLONES void
netmath_slope(float *delta, const float *x, int n, float slope)
{
	int i;

	for (i = 0; i < n; i++)
		delta[i] = x[i] > 0 ? delta[i] : slope * delta[i];
}

SIMD_CLONES void
netmath_unnorm(
    float *delta, const float *norm, int n, float a, float b, float c)
{
	int i;

	for (i = 0; i < n; i++)
		delta[i] = a * delta[i] + b + c * norm[i];
}
