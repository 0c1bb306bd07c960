#include <string.h>

#include "net/onnx/onnxform.h"
#include "net/onnx/onnxpick.h"
#include "net/onnx/onnxwhole.h"
#include "tool/err.h"

enum { NONE = ONNXSTEP_NONE };

static void
make_view(struct onnxnode_making *m, const struct netdims *made)
{
	int x = onnxnode_in(m, 0);
	struct netdims d = onnxnode_dims(m, x);

	if (netdims_count(&d) != netdims_count(made))
		onnxnode_die(m, "%s does not become %s", onnxnode_show(&d).s,
		    onnxnode_show(made).s);
	onnxnode_out(m, 0, onnxpick_view(m, x, made));
}

/* 0 stands for the dimension as it was, -1 for what is left. */
static void
make_reshape(struct onnxnode_making *m)
{
	struct netdims d = onnxnode_dims(m, onnxnode_in(m, 0)), made = {0};
	int keep = onnxnode_int(m, "allowzero", 0) == 0, rest = NONE;
	struct onnxnode_ints want;
	long long known = 1;

	onnxnode_in_ints(m, 1, &want);
	if (want.n < 0 || want.n > NETDIMS_RANK)
		onnxnode_die(m, "to %d dimensions", want.n);
	made.rank = want.n;
	for (int i = 0; i < want.n; i++) {
		long long n = want.v[i];

		if (n == -1)
			rest = i;
		made.dim[i] = n == -1                        ? 1
			      : n == 0 && keep && i < d.rank ? d.dim[i]
							     : n;
		if (made.dim[i] < 0 || made.dim[i] > ONNXGRAPH_MOST / known)
			onnxnode_die(m, "to %lld elements", n);
		known *= made.dim[i] > 0 ? made.dim[i] : 1;
	}
	if (rest != NONE && netdims_count(&made) > 0)
		made.dim[rest] = netdims_count(&d) / netdims_count(&made);
	make_view(m, &made);
}

static void
make_flatten(struct onnxnode_making *m)
{
	struct netdims d = onnxnode_dims(m, onnxnode_in(m, 0));
	long long axis = onnxnode_int(m, "axis", 1);
	int at = axis == d.rank ? d.rank : onnxnode_axis(m, axis, d.rank);

	make_view(m,
	    &(struct netdims){2,
		{netdims_product(&d, 0, at), netdims_product(&d, at, d.rank)}});
}

/* Which axes are named, of so many. */
static unsigned
axes(struct onnxnode_making *m, const struct onnxnode_ints *list, int rank)
{
	unsigned set = 0;

	for (int i = 0; i < list->n; i++)
		set |= 1U << onnxnode_axis(m, list->v[i], rank);
	return set;
}

static void
make_squeeze(struct onnxnode_making *m)
{
	struct netdims d = onnxnode_dims(m, onnxnode_in(m, 0)), made = {0};
	struct onnxnode_ints list;
	unsigned set;

	onnxnode_ints_since(m, 13, "axes", 1, &list);
	set = axes(m, &list, d.rank);
	for (int i = 0; i < d.rank; i++)
		if (list.n < 0 ? d.dim[i] != 1 : !(set >> i & 1))
			made.dim[made.rank++] = d.dim[i];
	make_view(m, &made);
}

static void
make_unsqueeze(struct onnxnode_making *m)
{
	struct netdims d = onnxnode_dims(m, onnxnode_in(m, 0)), made = {0};
	struct onnxnode_ints list;
	int rank, from = 0;
	unsigned set;

	onnxnode_ints_since(m, 13, "axes", 1, &list);
	rank = d.rank + (list.n > 0 ? list.n : 0);
	if (rank > NETDIMS_RANK)
		onnxnode_die(m, "to %d dimensions", rank);
	set = axes(m, &list, rank);
	for (int i = 0; i < rank && from <= d.rank; i++)
		made.dim[made.rank++] = set >> i & 1    ? 1
					: from < d.rank ? d.dim[from++]
							: 1;
	make_view(m, &made);
}

static void
make_transpose(struct onnxnode_making *m)
{
	int x = onnxnode_in(m, 0), order[NETDIMS_RANK];
	struct netdims d = onnxnode_dims(m, x);
	struct onnxnode_ints perm;

	onnxnode_ints(m, "perm", &perm);
	if (perm.n >= 0 &&
	    (perm.n != d.rank || axes(m, &perm, d.rank) + 1 != 1U << d.rank))
		onnxnode_die(
		    m, "'perm' does not name each of %d dimensions", d.rank);
	for (int i = 0; i < d.rank; i++)
		order[i] = perm.n < 0 ? d.rank - 1 - i
				      : onnxnode_axis(m, perm.v[i], d.rank);
	onnxnode_out(m, 0, onnxpick_transpose(m, x, order));
}

static void
make_concat(struct onnxnode_making *m)
{
	struct netdims made = onnxnode_dims(m, onnxnode_in(m, 0));
	int n = m->node->ins;
	int axis = onnxnode_axis(m, onnxnode_int(m, "axis", 1), made.rank);
	struct onnxstep s = {.kind = ONNXSTEP_CONCAT, .ins = n};

	s.in = err_calloc((size_t)n, sizeof *s.in);
	s.part = err_calloc((size_t)n, sizeof *s.part);
	made.dim[axis] = 0;
	for (int i = 0; i < n; i++) {
		struct netdims d;

		s.in[i] = onnxnode_in(m, i);
		d = onnxnode_dims(m, s.in[i]);
		if (d.rank != made.rank)
			onnxnode_die(m, "of arrays with %d and %d dimensions",
			    made.rank, d.rank);
		s.part[i] = netdims_product(&d, axis, d.rank);
		made.dim[axis] += d.dim[axis];
		d.dim[axis] = made.dim[axis];
		if (!netdims_equal(&d, &made))
			onnxnode_die(m, "%s does not go with the others",
			    onnxnode_show(&d).s);
	}
	s.rows.outer = netdims_product(&made, 0, axis);
	s.rows.n = axis;
	onnxnode_out(m, 0, onnxnode_step(m, s, NONE, NONE, NONE, &made));
}

/* The source again and again, to those dimensions. */
static void
repeat(struct onnxnode_making *m, const struct netdims *made)
{
	int x = onnxnode_in(m, 0);
	struct netdims d = onnxnode_dims(m, x);
	long long stride[NETDIMS_RANK];
	int lead = made->rank - d.rank;
	struct onnxstep s;

	if (netdims_equal(&d, made)) {
		onnxnode_out(m, 0, x);
		return;
	}
	netdims_strides(&d, stride);
	s = onnxpick_begin(m, made);
	for (int i = lead; i < made->rank; i++)
		onnxpick_range(&s, i, 0, 1, d.dim[i - lead], stride[i - lead]);
	onnxnode_out(m, 0, onnxnode_step(m, s, x, NONE, NONE, made));
}

static long long
within(long long v, long long low, long long high)
{
	return v < low ? low : v > high ? high : v;
}

static struct netdims
wanted(struct onnxnode_making *m)
{
	struct onnxnode_ints want;
	struct netdims d = {0};

	onnxnode_in_ints(m, 1, &want);
	if (want.n < 0 || want.n > NETDIMS_RANK)
		onnxnode_die(m, "to %d dimensions", want.n);
	d.rank = want.n;
	for (int i = 0; i < want.n; i++)
		d.dim[i] = within(want.v[i], 0, ONNXGRAPH_MOST);
	return d;
}

static void
make_expand(struct onnxnode_making *m)
{
	struct netdims d = onnxnode_dims(m, onnxnode_in(m, 0)), made;
	struct netdims want = wanted(m);

	if (onnxwhole_broadcast(&d, &want, &made) < 0)
		onnxnode_die(m, "%s does not expand to %s", onnxnode_show(&d).s,
		    onnxnode_show(&want).s);
	repeat(m, &made);
}

static void
make_tile(struct onnxnode_making *m)
{
	struct netdims d = onnxnode_dims(m, onnxnode_in(m, 0));
	struct netdims made = wanted(m);

	if (made.rank != d.rank)
		onnxnode_die(
		    m, "%d repeats of %d dimensions", made.rank, d.rank);
	for (int i = 0; i < d.rank; i++)
		made.dim[i] *= d.dim[i];
	repeat(m, &made);
}

enum { FILL, REFLECT, EDGE, WRAP };

/* Where the number at a place comes from that may lie outside 0 .. n - 1. */
static long long
padded(int mode, long long at, long long n)
{
	if (at >= 0 && at < n)
		return at;
	if (mode == FILL || n == 0)
		return -1;
	if (mode == EDGE)
		return at < 0 ? 0 : n - 1;
	if (mode == WRAP)
		return (at % n + n) % n;
	at = n > 1 ? at % (2 * (n - 1)) : 0;
	at = at < 0 ? -at : at;
	return at < n ? at : 2 * (n - 1) - at;
}

/* How much before and after each dimension. */
static void
read_pads(struct onnxnode_making *m, int rank, long long *pad)
{
	struct onnxnode_ints list, axis = {.n = NONE};
	int n;

	onnxnode_ints_since(m, 11, "pads", 1, &list);
	if (onnxnode_opset(m) >= 18)
		onnxnode_in_ints(m, 3, &axis);
	n = axis.n < 0 ? rank : axis.n;
	if (list.n != 2 * n)
		onnxnode_die(m, "%d pads for %d dimensions", list.n, n);
	memset(pad, 0, 2 * NETDIMS_RANK * sizeof *pad);
	for (int i = 0; i < n; i++) {
		int d = axis.n < 0 ? i : onnxnode_axis(m, axis.v[i], rank);

		pad[2 * d] = within(list.v[i], -ONNXGRAPH_MOST, ONNXGRAPH_MOST);
		pad[2 * d + 1] = within(
		    list.v[i + n], -ONNXGRAPH_MOST, ONNXGRAPH_MOST);
	}
}

static void
make_pad(struct onnxnode_making *m)
{
	static const char *const modes[] = {
	    "constant", "reflect", "edge", "wrap", NULL};
	int x = onnxnode_in(m, 0), mode = onnxnode_word(m, "mode", modes, FILL);
	struct netdims d = onnxnode_dims(m, x), made = d;
	long long stride[NETDIMS_RANK], pad[2 * NETDIMS_RANK];
	struct onnxstep s;

	read_pads(m, d.rank, pad);
	netdims_strides(&d, stride);
	for (int i = 0; i < d.rank; i++)
		made.dim[i] += pad[2 * i] + pad[2 * i + 1];
	s = onnxpick_begin(m, &made);
	s.pick.fill = onnxnode_opset(m) < 11 ? onnxnode_real(m, "value", 0)
					     : onnxnode_in_real(m, 2, 0);
	for (int i = 0; i < d.rank; i++)
		for (long long k = 0; k < made.dim[i]; k++) {
			long long at = padded(mode, k - pad[2 * i], d.dim[i]);

			s.pick.at[i][k] = at < 0 ? -1 : at * stride[i];
		}
	onnxnode_out(m, 0, onnxnode_step(m, s, x, NONE, NONE, &made));
}

const struct onnxnode_operator onnxform_list[] = {
    {"Reshape", make_reshape},
    {"Flatten", make_flatten},
    {"Squeeze", make_squeeze},
    {"Unsqueeze", make_unsqueeze},
    {"Transpose", make_transpose},
    {"Concat", make_concat},
    {"Expand", make_expand},
    {"Tile", make_tile},
    {"Pad", make_pad},
    {NULL, NULL},
};
