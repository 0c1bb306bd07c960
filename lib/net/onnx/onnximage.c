#include <string.h>

#include "net/onnx/onnximage.h"

enum { NONE = ONNXSTEP_NONE, LONGEST = 1 << 20 };

/* Two numbers of an attribute, or the fallback. */
static void
pair(struct onnxnode_making *m, const char *name, int low, int fallback,
    int *out)
{
	struct onnxnode_ints v;

	onnxnode_ints(m, name, &v);
	for (int i = 0; i < 2; i++)
		if (v.n == NONE)
			out[i] = fallback;
		else if (v.n != 2 || v.v[i] < low || v.v[i] > LONGEST)
			onnxnode_die(
			    m, "'%s' is not two numbers from %d on", name, low);
		else
			out[i] = (int)v.v[i];
}

static void
pads(struct onnxnode_making *m, struct onnxstep_window *w)
{
	struct onnxnode_ints v;

	onnxnode_ints(m, "pads", &v);
	if (v.n != NONE && v.n != 4)
		onnxnode_die(m, "%d pads for two dimensions", v.n);
	for (int i = 0; i < v.n; i++) {
		if (v.v[i] < 0 || v.v[i] > LONGEST)
			onnxnode_die(m, "a pad of %lld", v.v[i]);
		*(i < 2 ? &w->pad[i] : &w->after[i - 2]) = (int)v.v[i];
	}
}

enum { NOTSET, UPPER, LOWER, VALID };

/* How many windows there are along a dimension, and the pads for them. */
static long long
windows(struct onnxstep_window *w, int i, int automatic, int ceiling)
{
	long long reach = (w->size[i] - 1LL) * w->step[i] + 1, n, room;

	if (automatic == UPPER || automatic == LOWER) {
		n = (w->in[i] + w->stride[i] - 1LL) / w->stride[i];
		room = (n - 1) * w->stride[i] + reach - w->in[i];
		room = room > 0 ? room : 0;
		w->pad[i] = (int)((room + (automatic == LOWER)) / 2);
		w->after[i] = (int)(room - w->pad[i]);
		return n;
	}
	room = w->in[i] + (long long)w->pad[i] + w->after[i] - reach;
	if (room < 0)
		return 0;
	n = (room + (ceiling ? w->stride[i] - 1 : 0)) / w->stride[i] + 1;
	/* A window that begins after the image is none. */
	if (ceiling && (n - 1) * w->stride[i] >= w->in[i] + w->pad[i])
		n--;
	return n;
}

/* What the attributes say of a window of that size over x. */
static struct onnxstep_window
window(struct onnxnode_making *m, int x, const int size[2])
{
	static const char *const words[] = {
	    "NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID", NULL};
	struct netdims d = onnxnode_dims(m, x);
	int automatic = onnxnode_word(m, "auto_pad", words, NOTSET);
	int ceiling = onnxnode_int(m, "ceil_mode", 0) != 0;
	struct onnxstep_window w = {.groups = 1};

	if (d.rank != 4)
		onnxnode_die(
		    m, "of %d dimensions; only images have windows", d.rank);
	w.images = (int)d.dim[0];
	w.channels = w.filters = (int)d.dim[1];
	pair(m, "strides", 1, 1, w.stride);
	pair(m, "dilations", 1, 1, w.step);
	pads(m, &w);
	for (int i = 0; i < 2; i++) {
		long long n;

		w.in[i] = (int)d.dim[2 + i];
		w.size[i] = size[i];
		if (automatic != NOTSET)
			w.pad[i] = w.after[i] = 0;
		n = windows(&w, i, automatic, ceiling);
		if (n < 1 || n > ONNXGRAPH_MOST)
			onnxnode_die(m,
			    "its window does not fit an image of "
			    "%d x %d",
			    w.in[0], (int)d.dim[3]);
		w.out[i] = (int)n;
	}
	return w;
}

static int
add(struct onnxnode_making *m, enum onnxstep_kind kind,
    struct onnxstep_window w, const int in[3])
{
	struct netdims made = {4, {w.images, w.filters, w.out[0], w.out[1]}};

	return onnxnode_step(m, (struct onnxstep){.kind = kind, .window = w},
	    in[0], in[1], in[2], &made);
}

static void
make_conv(struct onnxnode_making *m)
{
	int in[3] = {onnxnode_in(m, 0), onnxnode_in(m, 1), NONE};
	struct netdims k = onnxnode_dims(m, in[1]), b;
	long long groups = onnxnode_int(m, "group", 1);
	struct onnxstep_window w;
	int size[2], told[2];

	onnxnode_constant(m, in[1]);
	if (k.rank != 4 || k.dim[2] < 1 || k.dim[2] > LONGEST || k.dim[3] < 1 ||
	    k.dim[3] > LONGEST)
		onnxnode_die(m, "weights of %s; only images are convolved",
		    onnxnode_show(&k).s);
	for (int i = 0; i < 2; i++)
		size[i] = (int)k.dim[2 + i];
	pair(m, "kernel_shape", 1, 1, told);
	if (onnxnode_given(m, "kernel_shape") &&
	    memcmp(told, size, sizeof size) != 0)
		onnxnode_die(m, "weights of %s, and a kernel of %d x %d",
		    onnxnode_show(&k).s, told[0], told[1]);
	w = window(m, in[0], size);
	w.filters = (int)k.dim[0];
	if (groups < 1 || groups > w.filters || w.channels % groups != 0 ||
	    w.filters < 1 || w.filters % groups != 0 ||
	    k.dim[1] != w.channels / groups)
		onnxnode_die(m, "weights of %s for %d channels in %lld groups",
		    onnxnode_show(&k).s, w.channels, groups);
	w.groups = (int)groups;
	if (onnxnode_has(m, 2)) {
		in[2] = onnxnode_in(m, 2);
		onnxnode_constant(m, in[2]);
		b = onnxnode_dims(m, in[2]);
		if (netdims_count(&b) != w.filters)
			onnxnode_die(m, "%s biases for %d filters",
			    onnxnode_show(&b).s, w.filters);
	}
	onnxnode_out(m, 0, add(m, ONNXSTEP_CONV, w, in));
}

static void
make_pool(struct onnxnode_making *m)
{
	int in[3] = {onnxnode_in(m, 0), NONE, NONE}, size[2];
	int most = strcmp(m->node->type, "MaxPool") == 0;
	struct onnxstep_window w;

	if (!onnxnode_given(m, "kernel_shape"))
		onnxnode_die(m, "without 'kernel_shape'");
	onnxnode_ignore(m, "storage_order");
	pair(m, "kernel_shape", 1, 1, size);
	w = window(m, in[0], size);
	w.f = most ? ONNXSTEP_POOL_MAX
	      : onnxnode_int(m, "count_include_pad", 0) != 0
		  ? ONNXSTEP_POOL_PADDED
		  : ONNXSTEP_POOL_MEAN;
	onnxnode_out(m, 0, add(m, ONNXSTEP_POOL, w, in));
}

const struct onnxnode_operator onnximage_list[] = {
    {"Conv", make_conv},
    {"MaxPool", make_pool},
    {"AveragePool", make_pool},
    {NULL, NULL},
};
