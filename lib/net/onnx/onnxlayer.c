#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "net/onnx/onnxlayer.h"
#include "tool/err.h"

enum { NONE = ONNXSTEP_NONE };

/* x * scale + shift by channel, with constants of so many floats. */
static int
affine(struct onnxnode_making *m, int x, const float *scale, const float *shift)
{
	struct netdims d = onnxnode_dims(m, x);
	struct netdims each = {1, {d.dim[1]}};
	struct onnxstep s = {.kind = ONNXSTEP_AFFINE,
	    .rows = {d.dim[0], d.dim[1], netdims_product(&d, 2, d.rank), 0, 0}};
	int a = onnxnode_floats(m, scale, &each);

	return onnxnode_step(m, s, x, a, onnxnode_floats(m, shift, &each), &d);
}

/* Source i as n floats, to be freed. */
static float *
floats(struct onnxnode_making *m, int i, long long n)
{
	const struct onnxtensor *t = onnxnode_constant(m, onnxnode_in(m, i));

	if (t->whole || netdims_count(&t->dims) != n)
		onnxnode_die(m, "input %d does not have %lld floats", i, n);
	return onnxtensor_floats(t);
}

static void
make_batchnorm(struct onnxnode_making *m)
{
	double epsilon = onnxnode_real(m, "epsilon", 1e-5);
	int x = onnxnode_in(m, 0);
	struct netdims d = onnxnode_dims(m, x);
	float *v[4];

	onnxnode_ignore(m, "momentum");
	onnxnode_ignore(m, "consumed_inputs");
	if (onnxnode_int(m, "training_mode", 0) != 0 ||
	    onnxnode_int(m, "is_test", 1) != 1)
		onnxnode_die(m, "in training mode: export it for inference");
	if (onnxnode_int(m, "spatial", 1) != 1 || d.rank < 2)
		onnxnode_die(m, "not by channel, which is not known");
	for (int i = 0; i < 4; i++)
		v[i] = floats(m, i + 1, d.dim[1]);
	for (long long c = 0; c < d.dim[1]; c++) {
		double scale = v[0][c] / sqrt(v[3][c] + epsilon);

		v[1][c] = (float)(v[1][c] - v[2][c] * scale);
		v[0][c] = (float)scale;
	}
	onnxnode_out(m, 0, affine(m, x, v[0], v[1]));
	for (int i = 0; i < 4; i++)
		free(v[i]);
}

static void
make_lrn(struct onnxnode_making *m)
{
	int x = onnxnode_in(m, 0);
	struct netdims d = onnxnode_dims(m, x);
	struct onnxstep s = {.kind = ONNXSTEP_LRN,
	    .lrn = {d.dim[0], d.dim[1], netdims_product(&d, 2, d.rank),
		(int)onnxnode_int(m, "size", 0),
		(float)onnxnode_real(m, "alpha", 1e-4),
		(float)onnxnode_real(m, "beta", .75),
		(float)onnxnode_real(m, "bias", 1)}};

	if (d.rank < 3 || s.lrn.size < 1 || s.lrn.size > 1024)
		onnxnode_die(m, "of %d channels", s.lrn.size);
	onnxnode_out(m, 0, onnxnode_step(m, s, x, NONE, NONE, &d));
}

static int
softmax(struct onnxnode_making *m, int x, long long axis, int flat, int log)
{
	struct netdims d = onnxnode_dims(m, x);
	int at = onnxnode_axis(m, axis, d.rank);
	struct onnxstep s = {.kind = ONNXSTEP_SOFTMAX,
	    .rows = {netdims_product(&d, 0, at),
		netdims_product(&d, at, flat ? d.rank : at + 1),
		flat ? 1 : netdims_product(&d, at + 1, d.rank), log, 0}};

	return onnxnode_step(m, s, x, NONE, NONE, &d);
}

int
onnxlayer_softmax(struct onnxnode_making *m, int x)
{
	return softmax(m, x, 1, 1, 0);
}

static void
make_softmax(struct onnxnode_making *m)
{
	int old = onnxnode_opset(m) < 13;

	onnxnode_out(m, 0,
	    softmax(m, onnxnode_in(m, 0), onnxnode_int(m, "axis", old ? 1 : -1),
		old, strcmp(m->node->type, "LogSoftmax") == 0));
}

static void
make_layernorm(struct onnxnode_making *m)
{
	int x = onnxnode_in(m, 0);
	struct netdims d = onnxnode_dims(m, x), w;
	int at = onnxnode_axis(m, onnxnode_int(m, "axis", -1), d.rank);
	struct onnxstep s = {.kind = ONNXSTEP_NORM,
	    .rows = {netdims_product(&d, 0, at),
		netdims_product(&d, at, d.rank), 1, 0,
		(float)onnxnode_real(m, "epsilon", 1e-5)}};

	onnxnode_ignore(m, "stash_type");
	for (int i = 1; i < 2 + onnxnode_has(m, 2); i++) {
		w = onnxnode_dims(m, onnxnode_in(m, i));
		if (netdims_count(&w) != s.rows.n)
			onnxnode_die(m, "input %d does not have %lld floats", i,
			    s.rows.n);
	}
	onnxnode_out(m, 0,
	    onnxnode_step(m, s, x, onnxnode_in(m, 1),
		onnxnode_has(m, 2) ? onnxnode_in(m, 2) : NONE, &d));
}

/* All places of the dimensions in the set, in order. */
static long long *
places(struct onnxnode_making *m, const struct netdims *d, unsigned set,
    long long *n)
{
	long long stride[NETDIMS_RANK], *at;

	netdims_strides(d, stride);
	*n = 1;
	for (int i = 0; i < d->rank; i++)
		*n *= set >> i & 1 ? d->dim[i] : 1;
	onnxgraph_charge(m->g, m->node, *n);
	at = err_calloc((size_t)*n + 1, sizeof *at);
	for (long long k = 0; k < *n; k++) {
		long long rest = k;

		for (int i = d->rank - 1; i >= 0; i--)
			if (set >> i & 1) {
				at[k] += rest % d->dim[i] * stride[i];
				rest /= d->dim[i];
			}
	}
	return at;
}

/* Which dimensions a reduction is over. */
static unsigned
reduced(struct onnxnode_making *m, int rank)
{
	int sum = strcmp(m->node->type, "ReduceSum") == 0;
	struct onnxnode_ints axis;
	unsigned set = 0;

	if (onnxnode_opset(m) < (sum ? 13 : 18))
		onnxnode_ints(m, "axes", &axis);
	else
		onnxnode_in_ints(m, 1, &axis);
	for (int i = 0; i < axis.n; i++)
		set |= 1U << onnxnode_axis(m, axis.v[i], rank);
	if (axis.n > 0 || onnxnode_int(m, "noop_with_empty_axes", 0) != 0)
		return set;
	return (1U << rank) - 1;
}

static int
reduce(struct onnxnode_making *m, int f, unsigned set, int keep)
{
	int x = onnxnode_in(m, 0);
	struct netdims d = onnxnode_dims(m, x), made = {0};
	unsigned all = (1U << d.rank) - 1;
	struct onnxstep s = {.kind = ONNXSTEP_REDUCE, .reduce = {.f = f}};

	for (int i = 0; i < d.rank; i++)
		if (!(set >> i & 1))
			made.dim[made.rank++] = d.dim[i];
		else if (keep)
			made.dim[made.rank++] = 1;
	if (netdims_count(&d) == 0)
		onnxnode_die(m, "of nothing");
	s.reduce.from = places(m, &d, all & ~set, &s.reduce.outs);
	s.reduce.over = places(m, &d, set, &s.reduce.ins);
	/* The last dimensions: all bits of the set are higher than others. */
	s.reduce.trailing = (all & ~set) < (set == 0 ? 0 : (set & -set));
	return onnxnode_step(m, s, x, NONE, NONE, &made);
}

static void
make_reduce(struct onnxnode_making *m)
{
	unsigned set = reduced(m, onnxnode_dims(m, onnxnode_in(m, 0)).rank);
	int keep = onnxnode_int(m, "keepdims", 1) != 0;
	int f = strcmp(m->node->type, "ReduceMean") == 0  ? ONNXSTEP_MEAN
		: strcmp(m->node->type, "ReduceMax") == 0 ? ONNXSTEP_LARGEST
							  : ONNXSTEP_SUM;

	onnxnode_out(m, 0, reduce(m, f, set, keep));
}

static void
make_global(struct onnxnode_making *m)
{
	int rank = onnxnode_dims(m, onnxnode_in(m, 0)).rank;
	int mean = strcmp(m->node->type, "GlobalAveragePool") == 0;

	if (rank < 3)
		onnxnode_die(m, "of %d dimensions", rank);
	onnxnode_out(m, 0,
	    reduce(m, mean ? ONNXSTEP_MEAN : ONNXSTEP_LARGEST, (1U << rank) - 4,
		1));
}

const struct onnxnode_operator onnxlayer_list[] = {
    {"BatchNormalization", make_batchnorm},
    {"LRN", make_lrn},
    {"Softmax", make_softmax},
    {"LogSoftmax", make_softmax},
    {"LayerNormalization", make_layernorm},
    {"ReduceMean", make_reduce},
    {"ReduceSum", make_reduce},
    {"ReduceMax", make_reduce},
    {"GlobalAveragePool", make_global},
    {"GlobalMaxPool", make_global},
    {NULL, NULL},
};
