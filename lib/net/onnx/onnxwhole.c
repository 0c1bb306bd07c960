#include <string.h>

#include "net/onnx/onnxwhole.h"
#include "tool/err.h"

enum { NONE = ONNXSTEP_NONE, EQUAL = 100, REMAINDER };

int
onnxwhole_broadcast(
    const struct netdims *a, const struct netdims *b, struct netdims *made)
{
	made->rank = a->rank > b->rank ? a->rank : b->rank;
	for (int d = 1; d <= made->rank; d++) {
		long long x = d <= a->rank ? a->dim[a->rank - d] : 1;
		long long y = d <= b->rank ? b->dim[b->rank - d] : 1;

		if (x != y && x != 1 && y != 1)
			return -1;
		made->dim[made->rank - d] = x == 1 ? y : x;
	}
	return 0;
}

int
onnxwhole_is(const struct onnxnode_making *m, int array)
{
	return m->g->array[array].constant && m->g->array[array].tensor.whole;
}

/* Sums and products that pass the ends of 64 bits wrap around. */
static int64_t
compute(int f, int64_t x, int64_t y)
{
	switch (f) {
	case ONNXSTEP_ADD:
		return (int64_t)((uint64_t)x + (uint64_t)y);
	case ONNXSTEP_SUB:
		return (int64_t)((uint64_t)x - (uint64_t)y);
	case ONNXSTEP_MUL:
		return (int64_t)((uint64_t)x * (uint64_t)y);
	case ONNXSTEP_DIV:
		return y == 0 || (y == -1 && x == INT64_MIN) ? 0 : x / y;
	case ONNXSTEP_MIN:
		return x < y ? x : y;
	case ONNXSTEP_MAX:
		return x > y ? x : y;
	case REMAINDER:
		return y == 0 || y == -1 ? 0 : (x % y + y) % y;
	default:
		return x == y;
	}
}

/* Where in an array the number is that goes into number i of the result. */
static long long
place(const struct netdims *source, const struct netdims *made, long long i)
{
	long long stride[NETDIMS_RANK], at = 0;
	int lead = made->rank - source->rank;

	netdims_strides(source, stride);
	for (int d = made->rank - 1; d >= 0; d--) {
		if (d >= lead && source->dim[d - lead] != 1)
			at += i % made->dim[d] * stride[d - lead];
		i /= made->dim[d];
	}
	return at;
}

static struct netdims
common(struct onnxnode_making *m, const struct netdims *a, int b)
{
	struct netdims db = onnxnode_dims(m, b), made;

	if (onnxwhole_broadcast(a, &db, &made) < 0)
		onnxnode_die(m, "%s and %s do not go together",
		    onnxnode_show(a).s, onnxnode_show(&db).s);
	onnxgraph_check(m->g, m->node, &made);
	onnxgraph_charge(m->g, m->node, netdims_count(&made));
	return made;
}

int
onnxwhole_binary(struct onnxnode_making *m, int f, int a, int b)
{
	struct netdims da = onnxnode_dims(m, a), db = onnxnode_dims(m, b);
	struct netdims made = common(m, &da, b);
	const struct onnxtensor *x = onnxnode_constant(m, a);
	const struct onnxtensor *y = onnxnode_constant(m, b);
	struct onnxtensor t;
	int64_t *out;

	if (f > ONNXSTEP_MAX && f < EQUAL)
		onnxnode_die(m, "whole numbers where floats should be");
	onnxtensor_make(&t, &made, 1);
	out = t.own;
	for (long long i = 0; i < netdims_count(&made); i++)
		out[i] = compute(f, onnxtensor_whole(x, place(&da, &made, i)),
		    onnxtensor_whole(y, place(&db, &made, i)));
	return onnxgraph_constant(m->g, &t);
}

/* Of two constants alone. */
static void
make_pair(struct onnxnode_making *m, int f)
{
	int a = onnxnode_in(m, 0), b = onnxnode_in(m, 1);

	onnxnode_constant(m, a);
	onnxnode_constant(m, b);
	onnxnode_out(m, 0, onnxwhole_binary(m, f, a, b));
}

static void
make_equal(struct onnxnode_making *m)
{
	make_pair(m, EQUAL);
}

static void
make_mod(struct onnxnode_making *m)
{
	if (onnxnode_int(m, "fmod", 0) != 0 ||
	    !onnxwhole_is(m, onnxnode_in(m, 0)) ||
	    !onnxwhole_is(m, onnxnode_in(m, 1)))
		onnxnode_die(m, "not of whole numbers, which is not known");
	make_pair(m, REMAINDER);
}

static void
make_where(struct onnxnode_making *m)
{
	int in[3];
	struct netdims dims[3], made = {0};
	const struct onnxtensor *t[3];
	struct onnxtensor out;
	int64_t *v;

	for (int i = 0; i < 3; i++) {
		in[i] = onnxnode_in(m, i);
		dims[i] = onnxnode_dims(m, in[i]);
		made = common(m, &made, in[i]);
		t[i] = onnxnode_constant(m, in[i]);
	}
	if (!t[1]->whole || !t[2]->whole)
		onnxnode_die(m, "of floats, which is not known");
	onnxtensor_make(&out, &made, 1);
	v = out.own;
	for (long long i = 0; i < netdims_count(&made); i++) {
		int k = onnxtensor_whole(t[0], place(&dims[0], &made, i)) ? 1
									  : 2;

		v[i] = onnxtensor_whole(t[k], place(&dims[k], &made, i));
	}
	onnxnode_out(m, 0, onnxgraph_constant(m->g, &out));
}

/* A constant of the numbers. */
static int
wholes(struct onnxnode_making *m, const long long *v, int n)
{
	struct onnxtensor t;

	onnxtensor_make(&t, &(struct netdims){1, {n}}, 1);
	for (int i = 0; i < n; i++)
		((int64_t *)t.own)[i] = v[i];
	return onnxgraph_constant(m->g, &t);
}

/* An end of a range of dimensions. */
static int
bound(long long v, int rank)
{
	v = v < 0 ? v + rank : v;
	return v < 0 ? 0 : v > rank ? rank : (int)v;
}

static void
make_shape(struct onnxnode_making *m)
{
	struct netdims d = onnxnode_dims(m, onnxnode_in(m, 0));
	int from = bound(onnxnode_int(m, "start", 0), d.rank);
	int to = bound(onnxnode_int(m, "end", d.rank), d.rank);

	onnxnode_out(m, 0, wholes(m, d.dim + from, to > from ? to - from : 0));
}

static void
make_size(struct onnxnode_making *m)
{
	struct netdims d = onnxnode_dims(m, onnxnode_in(m, 0));
	struct onnxtensor t;

	onnxtensor_make(&t, &(struct netdims){0}, 1);
	*(int64_t *)t.own = netdims_count(&d);
	onnxnode_out(m, 0, onnxgraph_constant(m->g, &t));
}

static void
make_range(struct onnxnode_making *m)
{
	struct onnxnode_ints from, to, step;
	struct onnxtensor t;
	long long n;

	onnxnode_in_ints(m, 0, &from);
	onnxnode_in_ints(m, 1, &to);
	onnxnode_in_ints(m, 2, &step);
	if (from.n != 1 || to.n != 1 || step.n != 1 || step.v[0] == 0 ||
	    !onnxwhole_is(m, onnxnode_in(m, 0)))
		onnxnode_die(m, "not of whole numbers, which is not known");
	if (from.v[0] < -(1LL << 40) || from.v[0] > 1LL << 40 ||
	    to.v[0] < -(1LL << 40) || to.v[0] > 1LL << 40 ||
	    step.v[0] < -(1LL << 40) || step.v[0] > 1LL << 40)
		onnxnode_die(m, "its result is too large");
	n = (to.v[0] - from.v[0] + step.v[0] - (step.v[0] > 0 ? 1 : -1)) /
	    step.v[0];
	n = n > 0 ? n : 0;
	onnxgraph_charge(m->g, m->node, n);
	onnxtensor_make(&t, &(struct netdims){1, {n}}, 1);
	for (long long i = 0; i < n; i++)
		((int64_t *)t.own)[i] = from.v[0] + i * step.v[0];
	onnxnode_out(m, 0, onnxgraph_constant(m->g, &t));
}

static int
reals(struct onnxnode_making *m, const double *v, int n)
{
	struct onnxtensor t;

	onnxtensor_make(&t, &(struct netdims){1, {n}}, 0);
	for (int i = 0; i < n; i++)
		((float *)t.own)[i] = (float)v[i];
	return onnxgraph_constant(m->g, &t);
}

/* The attributes that stand for small arrays. */
static int
small_constant(struct onnxnode_making *m)
{
	struct onnxnode_ints ints;
	double real[ONNXNODE_INTS];
	int made;

	if (onnxnode_given(m, "value_ints")) {
		onnxnode_ints(m, "value_ints", &ints);
		return wholes(m, ints.v, ints.n);
	}
	if (onnxnode_given(m, "value_floats"))
		return reals(m, real,
		    onnxnode_reals(m, "value_floats", real, ONNXNODE_INTS));
	if (onnxnode_given(m, "value_int")) {
		ints.v[0] = onnxnode_int(m, "value_int", 0);
		made = wholes(m, ints.v, 1);
	} else {
		real[0] = onnxnode_real(m, "value_float", 0);
		made = reals(m, real, 1);
	}
	m->g->array[made].dims.rank = 0;
	m->g->array[made].tensor.dims.rank = 0;
	return made;
}

static void
make_constant(struct onnxnode_making *m)
{
	int t = onnxnode_tensor(m, "value");

	onnxnode_out(m, 0, t != NONE ? t : small_constant(m));
}

static void
make_constant_of_shape(struct onnxnode_making *m)
{
	int value = onnxnode_tensor(m, "value");
	struct onnxnode_ints dims;
	struct netdims d = {0};
	struct onnxtensor t;

	onnxnode_in_ints(m, 0, &dims);
	if (dims.n < 0 || dims.n > NETDIMS_RANK)
		onnxnode_die(m, "of %d dimensions", dims.n);
	d.rank = dims.n;
	memcpy(d.dim, dims.v, (size_t)dims.n * sizeof *d.dim);
	onnxgraph_check(m->g, m->node, &d);
	onnxgraph_charge(m->g, m->node, netdims_count(&d));
	onnxtensor_make(&t, &d, value != NONE && onnxwhole_is(m, value));
	for (long long i = 0; value != NONE && i < netdims_count(&d); i++) {
		const struct onnxtensor *v = onnxnode_constant(m, value);

		if (netdims_count(&v->dims) != 1)
			onnxnode_die(m, "value is not one number");
		if (t.whole)
			((int64_t *)t.own)[i] = onnxtensor_whole(v, 0);
		else
			((float *)t.own)[i] = (float)onnxtensor_real(v, 0);
	}
	onnxnode_out(m, 0, onnxgraph_constant(m->g, &t));
}

int
onnxwhole_to_float(struct onnxnode_making *m, int array)
{
	struct onnxtensor t;
	float *v;

	if (!onnxwhole_is(m, array))
		return array;
	v = onnxtensor_floats(onnxnode_constant(m, array));
	t = (struct onnxtensor){onnxnode_dims(m, array), 0, NULL, v};
	return onnxgraph_constant(m->g, &t);
}

int
onnxwhole_from_float(struct onnxnode_making *m, int array)
{
	const struct onnxtensor *from = onnxnode_constant(m, array);
	struct onnxtensor t;

	if (from->whole)
		return array;
	onnxgraph_charge(m->g, m->node, netdims_count(&from->dims));
	onnxtensor_make(&t, &from->dims, 1);
	for (long long i = 0; i < netdims_count(&from->dims); i++)
		((int64_t *)t.own)[i] = onnxtensor_whole(from, i);
	return onnxgraph_constant(m->g, &t);
}

const struct onnxnode_operator onnxwhole_list[] = {
    {"Shape", make_shape},
    {"Size", make_size},
    {"Range", make_range},
    {"Constant", make_constant},
    {"ConstantOfShape", make_constant_of_shape},
    {"Equal", make_equal},
    {"Mod", make_mod},
    {"Where", make_where},
    {NULL, NULL},
};
