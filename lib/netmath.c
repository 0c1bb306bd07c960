#include <float.h>
#include <string.h>

#include "netmath.h"

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

void
netmath_im2col(const struct netmath_window *w, const float *im, float *col)
{
	int c, ky, kx, y, x, from, to;

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
netmath_col2im(const struct netmath_window *w, const float *col, float *im)
{
	int c, ky, kx, y, x, from, to;

	for (c = 0; c < w->channels; c++)
		for (ky = 0; ky < w->size; ky++)
			for (kx = 0; kx < w->size; kx++) {
				inside(w, kx, &from, &to);
				for (y = 0; y < w->out_height; y++) {
					int row = y * w->stride + ky - w->pad;
					float *to_row = im +
							((long)c * w->height +
							    row) *
							    w->width +
							kx - w->pad;

					if (row >= 0 && row < w->height)
						for (x = from; x < to; x++)
							to_row[x * w->stride] +=
							    col[x];
					col += w->out_width;
				}
			}
}

static void
clip(int at, int size, int limit, int *from, int *to)
{
	*from = at < 0 ? 0 : at;
	*to = at + size > limit ? limit : at + size;
}

void
netmath_maxpool(
    const struct netmath_window *w, const float *im, float *out, int *index)
{
	int c, y, x, i, j, top, bottom, left, right;

	for (c = 0; c < w->channels; c++)
		for (y = 0; y < w->out_height; y++)
			for (x = 0; x < w->out_width; x++) {
				int plane = c * w->height * w->width;
				int best;

				clip(y * w->stride - w->pad / 2, w->size,
				    w->height, &top, &bottom);
				clip(x * w->stride - w->pad / 2, w->size,
				    w->width, &left, &right);
				best = plane + top * w->width + left;
				for (i = top; i < bottom; i++)
					for (j = left; j < right; j++) {
						int at = plane + i * w->width +
							 j;

						if (im[at] > im[best])
							best = at;
					}
				*out++ = im[best];
				if (index != NULL)
					*index++ = best;
			}
}

void
netmath_affine(float *x, int n, float scale, float shift)
{
	int i;

	for (i = 0; i < n; i++)
		x[i] = x[i] * scale + shift;
}

void
netmath_leaky(float *x, int n, float slope)
{
	int i;

	for (i = 0; i < n; i++)
		x[i] = x[i] > 0 ? x[i] : slope * x[i];
}

float
netmath_sum(const float *x, int n)
{
	float sum = 0;
	int i;

	for (i = 0; i < n; i++)
		sum += x[i];
	return sum;
}

float
netmath_dot(const float *x, const float *y, int n)
{
	float sum = 0;
	int i;

	for (i = 0; i < n; i++)
		sum += x[i] * y[i];
	return sum;
}

float
netmath_square(const float *x, int n, float mean)
{
	float sum = 0;
	int i;

	for (i = 0; i < n; i++)
		sum += (x[i] - mean) * (x[i] - mean);
	return sum;
}

void
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

void
netmath_bias(float *x, int n, float bias, float slope)
{
	int i;

	for (i = 0; i < n; i++) {
		float y = x[i] + bias;

		x[i] = y > 0 ? y : slope * y;
	}
}

void
netmath_slope(float *delta, const float *x, int n, float slope)
{
	int i;

	for (i = 0; i < n; i++)
		delta[i] = x[i] > 0 ? delta[i] : slope * delta[i];
}

void
netmath_unnorm(
    float *delta, const float *norm, int n, float a, float b, float c)
{
	int i;

	for (i = 0; i < n; i++)
		delta[i] = a * delta[i] + b + c * norm[i];
}
