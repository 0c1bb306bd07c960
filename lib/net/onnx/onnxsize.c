#include <math.h>
#include <string.h>

#include "net/onnx/onnxpick.h"
#include "net/onnx/onnxsize.h"
#include "tool/err.h"

enum { NONE = ONNXSTEP_NONE };

enum { HALF_PIXEL, PYTORCH, CORNERS, ASYMMETRIC };
enum { ROUND_DOWN, ROUND_UP, FLOOR, CEILING };
enum { NEAREST, LINEAR };

/* How an image gets another size. */
struct sizing {
	struct netdims in, out;
	double scale[NETDIMS_RANK];
	int mode, coordinates, nearest;
};

/* Where in the source number i of the result lies, of dimension d. */
static double
source(const struct sizing *z, int d, long long i)
{
	double in = (double)z->in.dim[d], out = (double)z->out.dim[d];

	if (z->coordinates == CORNERS)
		return out > 1 ? (double)i * (in - 1) / (out - 1) : 0;
	if (z->coordinates == ASYMMETRIC)
		return (double)i / z->scale[d];
	if (z->coordinates == PYTORCH && out <= 1)
		return 0;
	return ((double)i + .5) / z->scale[d] - .5;
}

static long long
nearest(const struct sizing *z, int d, long long i)
{
	double x = source(z, d, i), last = (double)z->in.dim[d] - 1;

	x = z->nearest == FLOOR      ? floor(x)
	    : z->nearest == CEILING  ? ceil(x)
	    : z->nearest == ROUND_UP ? floor(x + .5)
				     : ceil(x - .5);
	return (long long)(x < 0 ? 0 : x > last ? last : x);
}

static int
resize_nearest(struct onnxnode_making *m, int x, const struct sizing *z)
{
	struct onnxstep s = onnxpick_begin(m, &z->out);
	long long stride[NETDIMS_RANK];

	netdims_strides(&z->in, stride);
	for (int d = 0; d < z->in.rank; d++)
		for (long long i = 0; i < z->out.dim[d]; i++)
			s.pick.at[d][i] = nearest(z, d, i) * stride[d];
	return onnxnode_step(m, s, x, NONE, NONE, &z->out);
}

static int
resize_linear(struct onnxnode_making *m, int x, const struct sizing *z)
{
	struct onnxstep s = {.kind = ONNXSTEP_RESIZE,
	    .resize = {.planes = z->in.dim[0] * z->in.dim[1]}};

	if (z->in.rank != 4 || z->out.dim[0] != z->in.dim[0] ||
	    z->out.dim[1] != z->in.dim[1])
		onnxnode_die(m, "linear, not of images, which is not known");
	for (int d = 0; d < 2; d++) {
		long long n = z->out.dim[2 + d];
		double last = (double)z->in.dim[2 + d] - 1;

		onnxgraph_charge(m->g, m->node, 2 * n);
		s.resize.in[d] = (int)z->in.dim[2 + d];
		s.resize.out[d] = (int)n;
		s.resize.low[d] = err_calloc((size_t)n, sizeof(int));
		s.resize.part[d] = err_calloc((size_t)n, sizeof(float));
		for (long long i = 0; i < n; i++) {
			double at = source(z, 2 + d, i);

			at = at < 0 ? 0 : at > last ? last : at;
			s.resize.low[d][i] = (int)at;
			s.resize.part[d][i] = (float)(at - floor(at));
		}
	}
	return onnxnode_step(m, s, x, NONE, NONE, &z->out);
}

static void
read_modes(struct onnxnode_making *m, struct sizing *z)
{
	static const char *const modes[] = {"nearest", "linear", NULL};
	static const char *const coordinates[] = {"half_pixel",
	    "pytorch_half_pixel", "align_corners", "asymmetric", NULL};
	static const char *const nearests[] = {
	    "round_prefer_floor", "round_prefer_ceil", "floor", "ceil", NULL};
	static const char *const policies[] = {"stretch", NULL};
	int old = onnxnode_opset(m) < 11;

	z->mode = onnxnode_word(m, "mode", modes, NEAREST);
	z->coordinates = onnxnode_word(m, "coordinate_transformation_mode",
	    coordinates, old ? ASYMMETRIC : HALF_PIXEL);
	z->nearest = onnxnode_word(
	    m, "nearest_mode", nearests, old ? FLOOR : ROUND_DOWN);
	onnxnode_word(m, "keep_aspect_ratio_policy", policies, 0);
	onnxnode_ignore(m, "cubic_coeff_a");
	onnxnode_ignore(m, "extrapolation_value");
	if (onnxnode_int(m, "antialias", 0) != 0 ||
	    onnxnode_int(m, "exclude_outside", 0) != 0)
		onnxnode_die(m, "with 'antialias' or 'exclude_outside', which "
				"are not known");
}

/* The factors, by an attribute or a source; whether there are any. */
static int
read_scales(struct onnxnode_making *m, struct sizing *z)
{
	int upsample = strcmp(m->node->type, "Upsample") == 0;
	int i = onnxnode_opset(m) < 11 ? 1 : 2;
	const struct onnxtensor *t;

	if (upsample && onnxnode_opset(m) < 9)
		return onnxnode_reals(m, "scales", z->scale, z->in.rank) ==
		       z->in.rank;
	if (!onnxnode_has(m, i))
		return 0;
	t = onnxnode_constant(m, onnxnode_in(m, i));
	if (netdims_count(&t->dims) != z->in.rank)
		return 0;
	for (int d = 0; d < z->in.rank; d++)
		z->scale[d] = onnxtensor_real(t, d);
	return 1;
}

static void
make_resize(struct onnxnode_making *m)
{
	int x = onnxnode_in(m, 0);
	struct sizing z = {.in = onnxnode_dims(m, x)};
	struct onnxnode_ints sizes = {.n = NONE};

	read_modes(m, &z);
	z.out.rank = z.in.rank;
	if (onnxnode_opset(m) >= 11)
		onnxnode_in_ints(m, 3, &sizes);
	if (sizes.n != z.in.rank && !read_scales(m, &z))
		onnxnode_die(
		    m, "without scales or sizes of %d dimensions", z.in.rank);
	for (int d = 0; d < z.in.rank; d++) {
		double n = sizes.n == z.in.rank
			       ? (double)sizes.v[d]
			       : floor((double)z.in.dim[d] * z.scale[d]);

		if (!(n >= 1 && n <= ONNXGRAPH_MOST) || z.in.dim[d] < 1)
			onnxnode_die(m, "its result is too large or empty");
		z.out.dim[d] = (long long)n;
		if (sizes.n == z.in.rank)
			z.scale[d] = n / (double)z.in.dim[d];
	}
	onnxnode_out(m, 0,
	    z.mode == NEAREST ? resize_nearest(m, x, &z)
			      : resize_linear(m, x, &z));
}

const struct onnxnode_operator onnxsize_list[] = {
    {"Resize", make_resize},
    {"Upsample", make_resize},
    {NULL, NULL},
};
