#include <limits.h>

#include "net/onnx/onnxpick.h"
#include "net/onnx/onnxslice.h"

enum { NONE = ONNXSTEP_NONE };

/* Of each dimension an evenly spaced part. */
struct cut {
	struct netdims made;
	long long from[NETDIMS_RANK], step[NETDIMS_RANK];
};

static struct cut
whole(const struct netdims *d)
{
	struct cut c = {.made = *d};

	for (int i = 0; i < d->rank; i++)
		c.step[i] = 1;
	return c;
}

static int
cut(struct onnxnode_making *m, int x, const struct cut *c)
{
	struct netdims d = onnxnode_dims(m, x);
	long long stride[NETDIMS_RANK];
	struct onnxstep s;

	if (netdims_equal(&d, &c->made))
		for (int i = 0; i <= d.rank; i++) {
			if (i == d.rank)
				return x;
			if (c->step[i] != 1 && d.dim[i] > 1)
				break;
		}
	netdims_strides(&d, stride);
	s = onnxpick_begin(m, &c->made);
	for (int i = 0; i < d.rank; i++)
		onnxpick_range(&s, i, c->from[i], c->step[i], 0, stride[i]);
	return onnxnode_step(m, s, x, NONE, NONE, &c->made);
}

static void
make_split(struct onnxnode_making *m)
{
	int x = onnxnode_in(m, 0), n = m->node->outs;
	struct netdims d = onnxnode_dims(m, x);
	int axis = onnxnode_axis(m, onnxnode_int(m, "axis", 0), d.rank);
	struct onnxnode_ints size;
	struct cut c = whole(&d);
	long long each;

	onnxnode_ints_since(m, 13, "split", 1, &size);
	n = (int)onnxnode_int(m, "num_outputs", n);
	if (n < 1 || m->node->outs > n || (size.n >= 0 && size.n != n))
		onnxnode_die(
		    m, "in %d parts, with %d results", n, m->node->outs);
	each = (d.dim[axis] + n - 1) / n;
	for (int i = 0; i < m->node->outs; i++) {
		long long left = d.dim[axis] - c.from[axis];
		long long now = size.n >= 0   ? size.v[i]
				: each < left ? each
					      : left;

		if (now < 0 || now > left)
			onnxnode_die(m, "into more than there is");
		c.made.dim[axis] = now;
		onnxnode_out(m, i, cut(m, x, &c));
		c.from[axis] += now;
	}
}

static long long
within(long long v, long long low, long long high)
{
	return v < low ? low : v > high ? high : v;
}

/* One dimension of a Slice. */
static void
slice(struct onnxnode_making *m, struct cut *c, int axis, long long from,
    long long to, long long step)
{
	long long n = c->made.dim[axis];

	if (step == 0 || step == LLONG_MIN)
		onnxnode_die(m, "in steps of %lld", step);
	from = within(from < 0 ? from + n : from, 0, step > 0 ? n : n - 1);
	to = within(to < 0 ? to + n : to, step > 0 ? 0 : -1, n);
	step = within(step, -n - 1, n + 1);
	c->from[axis] = from;
	c->step[axis] = step;
	n = step > 0 ? (to - from + step - 1) / step
		     : (from - to - step - 1) / -step;
	c->made.dim[axis] = n > 0 && c->made.dim[axis] > 0 ? n : 0;
}

static void
make_slice(struct onnxnode_making *m)
{
	int x = onnxnode_in(m, 0);
	struct netdims d = onnxnode_dims(m, x);
	struct onnxnode_ints from, to, axis, step = {.n = NONE};
	struct cut c = whole(&d);

	onnxnode_ints_since(m, 10, "starts", 1, &from);
	onnxnode_ints_since(m, 10, "ends", 2, &to);
	onnxnode_ints_since(m, 10, "axes", 3, &axis);
	if (onnxnode_opset(m) >= 10)
		onnxnode_in_ints(m, 4, &step);
	if (from.n < 0 || from.n != to.n || (axis.n >= 0 && axis.n != from.n) ||
	    (step.n >= 0 && step.n != from.n) || from.n > d.rank)
		onnxnode_die(m, "its starts, ends, axes and steps differ in "
				"number");
	for (int i = 0; i < from.n; i++)
		slice(m, &c,
		    onnxnode_axis(m, axis.n < 0 ? i : axis.v[i], d.rank),
		    from.v[i], to.v[i], step.n < 0 ? 1 : step.v[i]);
	onnxnode_out(m, 0, cut(m, x, &c));
}

static void
make_gather(struct onnxnode_making *m)
{
	int x = onnxnode_in(m, 0), index = onnxnode_in(m, 1);
	struct netdims d = onnxnode_dims(m, x), id = onnxnode_dims(m, index);
	int axis = onnxnode_axis(m, onnxnode_int(m, "axis", 0), d.rank);
	struct netdims flat = d, made = {d.rank - 1 + id.rank, {0}};
	long long stride[NETDIMS_RANK], n = netdims_count(&id);
	const struct onnxtensor *t = onnxnode_constant(m, index);
	struct onnxstep s;

	if (made.rank > NETDIMS_RANK)
		onnxnode_die(m, "to %d dimensions", made.rank);
	for (int i = 0; i < made.rank; i++)
		made.dim[i] = i < axis             ? d.dim[i]
			      : i < axis + id.rank ? id.dim[i - axis]
						   : d.dim[i - id.rank + 1];
	flat.dim[axis] = n;
	netdims_strides(&d, stride);
	s = onnxpick_begin(m, &flat);
	for (int i = 0; i < d.rank; i++)
		if (i != axis)
			onnxpick_range(&s, i, 0, 1, 0, stride[i]);
	for (long long i = 0; i < n; i++) {
		long long at = onnxtensor_whole(t, i);

		if (at < -d.dim[axis] || at >= d.dim[axis])
			onnxnode_die(
			    m, "element %lld of %lld", at, d.dim[axis]);
		at += at < 0 ? d.dim[axis] : 0;
		s.pick.at[axis][i] = at * stride[axis];
	}
	x = onnxnode_step(m, s, x, NONE, NONE, &flat);
	onnxnode_out(m, 0, onnxpick_view(m, x, &made));
}

const struct onnxnode_operator onnxslice_list[] = {
    {"Split", make_split},
    {"Slice", make_slice},
    {"Gather", make_gather},
    {NULL, NULL},
};
