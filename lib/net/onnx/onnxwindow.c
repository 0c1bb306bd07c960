#include <math.h>
#include <stddef.h>

#include "net/onnx/onnxstep.h"
#include "net/onnx/onnxwindow.h"

/* Adds one weight's share to a plane of the result. */
static void
add_weight(const struct onnxstep_window *w, int ky, int kx, float weight,
    const float *x, float *out)
{
	int dy = ky * w->step[0] - w->pad[0], dx = kx * w->step[1] - w->pad[1];

	for (int oy = 0; oy < w->out[0]; oy++) {
		int y = oy * w->stride[0] + dy;
		const float *row = x + (ptrdiff_t)y * w->in[1];

		if (y < 0 || y >= w->in[0])
			continue;
		for (int ox = 0; ox < w->out[1]; ox++) {
			int col = ox * w->stride[1] + dx;

			if (col >= 0 && col < w->in[1])
				out[oy * w->out[1] + ox] += weight * row[col];
		}
	}
}

/* One filter on one image, whose channels of its group begin at x. */
static void
filter(const struct onnxstep_window *w, const float *x, const float *weights,
    float bias, float *out)
{
	size_t plane = (size_t)w->in[0] * (size_t)w->in[1];
	int made = w->out[0] * w->out[1];

	for (int i = 0; i < made; i++)
		out[i] = bias;
	for (int c = 0; c < w->channels / w->groups; c++, x += plane)
		for (int ky = 0; ky < w->size[0]; ky++)
			for (int kx = 0; kx < w->size[1]; kx++)
				add_weight(w, ky, kx, *weights++, x, out);
}

void
onnxwindow_conv(
    const struct onnxstep_window *w, const float *const *in, float *out)
{
	size_t plane = (size_t)w->in[0] * (size_t)w->in[1];
	size_t depth = (size_t)(w->channels / w->groups);
	size_t each = depth * (size_t)w->size[0] * (size_t)w->size[1];

	for (int i = 0; i < w->images; i++)
		for (int f = 0; f < w->filters; f++) {
			int group = f / (w->filters / w->groups);
			const float *x = in[0] +
					 ((size_t)i * (size_t)w->channels +
					     (size_t)group * depth) *
					     plane;

			filter(w, x, in[1] + (size_t)f * each,
			    in[2] != NULL ? in[2][f] : 0, out);
			out += w->out[0] * w->out[1];
		}
}

/* What of a window counts in the divisor, of one dimension. */
static int
extent(const struct onnxstep_window *w, int d, int at)
{
	int from = at * w->stride[d] - w->pad[d], n = 0;

	for (int k = 0; k < w->size[d]; k++)
		n += from + k * w->step[d] < w->in[d] + w->after[d];
	return n;
}

static float
pool_window(const struct onnxstep_window *w, const float *x, int oy, int ox)
{
	int y = oy * w->stride[0] - w->pad[0], n = 0;
	int left = ox * w->stride[1] - w->pad[1];
	float most = -INFINITY;
	double sum = 0;

	for (int ky = 0; ky < w->size[0]; ky++, y += w->step[0])
		for (int kx = 0; kx < w->size[1]; kx++) {
			int col = left + kx * w->step[1];
			float v;

			if (y < 0 || y >= w->in[0] || col < 0 ||
			    col >= w->in[1])
				continue;
			v = x[(ptrdiff_t)y * w->in[1] + col];
			most = v > most ? v : most;
			sum += v;
			n++;
		}
	if (w->f == ONNXSTEP_POOL_MAX)
		return most;
	if (w->f == ONNXSTEP_POOL_PADDED)
		n = extent(w, 0, oy) * extent(w, 1, ox);
	return n > 0 ? (float)(sum / n) : 0;
}

void
onnxwindow_pool(const struct onnxstep_window *w, const float *x, float *out)
{
	size_t plane = (size_t)w->in[0] * (size_t)w->in[1];

	for (int i = 0; i < w->images * w->channels; i++, x += plane)
		for (int oy = 0; oy < w->out[0]; oy++)
			for (int ox = 0; ox < w->out[1]; ox++)
				*out++ = pool_window(w, x, oy, ox);
}

void
onnxwindow_resize(const struct onnxstep_resize *r, const float *x, float *out)
{
	for (long long p = 0; p < r->planes; p++) {
		for (int y = 0; y < r->out[0]; y++) {
			const float *a = x + (ptrdiff_t)r->low[0][y] * r->in[1];
			const float *b = r->low[0][y] + 1 < r->in[0]
					     ? a + r->in[1]
					     : a;
			float v = r->part[0][y];

			for (int i = 0; i < r->out[1]; i++) {
				int l = r->low[1][i];
				int h = l + (l + 1 < r->in[1]);
				float u = r->part[1][i];

				*out++ = (1 - v) * (a[l] + u * (a[h] - a[l])) +
					 v * (b[l] + u * (b[h] - b[l]));
			}
		}
		x += (ptrdiff_t)r->in[0] * r->in[1];
	}
}
