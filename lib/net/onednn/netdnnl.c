#include <stdlib.h>
#include <string.h>

#include <oneapi/dnnl/dnnl.h>

#include "tool/err.h"
#include "net/onednn/netdnnl.h"
#include "net/onednn/netlayout.h"
#include "net/onednn/netsteps.h"

#if DNNL_VERSION_MAJOR != 2
#error "oneDNN 3 has another interface: make WITH_ONEDNN=0"
#endif

enum { NONE = -1 };

static const dnnl_alg_kind_t functions[] = {
    [NETDNNL_LINEAR] = dnnl_eltwise_linear,
    [NETDNNL_RELU] = dnnl_eltwise_relu,
    [NETDNNL_ELU] = dnnl_eltwise_elu,
    [NETDNNL_LOGISTIC] = dnnl_eltwise_logistic,
    [NETDNNL_TANH] = dnnl_eltwise_tanh,
    [NETDNNL_MISH] = dnnl_eltwise_mish,
    [NETDNNL_SWISH] = dnnl_eltwise_swish,
    [NETDNNL_GELU] = dnnl_eltwise_gelu_tanh,
    [NETDNNL_CLIP] = dnnl_eltwise_clip,
    [NETDNNL_GELU_ERF] = dnnl_eltwise_gelu_erf,
    [NETDNNL_HARDSWISH] = dnnl_eltwise_hardswish,
};

static const dnnl_memory_desc_t *
layout_of(const struct netsteps *s, int value)
{
	return netsteps_layout(s, value);
}

/* A shape in the layout that the tag says, or that the library will choose. */
static dnnl_memory_desc_t
shape(int ndims, const dnnl_dims_t dims, dnnl_format_tag_t tag)
{
	dnnl_memory_desc_t md;

	netlayout_check(
	    dnnl_memory_desc_init_by_tag(&md, ndims, dims, dnnl_f32, tag),
	    "shape");
	return md;
}

/* The same shape, in a layout that the library chooses. */
static dnnl_memory_desc_t
any(const dnnl_memory_desc_t *md)
{
	return shape(md->ndims, md->dims, dnnl_format_tag_any);
}

/* What follows the operation itself on each of its outputs. */
static dnnl_primitive_attr_t
attributes(const struct netdnnl_act *act)
{
	dnnl_primitive_attr_t attr = netlayout_attr();
	dnnl_post_ops_t ops;

	if (act == NULL)
		return attr;
	netlayout_check(dnnl_post_ops_create(&ops), "activation");
	if (act->f != NETDNNL_LINEAR)
		netlayout_check(dnnl_post_ops_append_eltwise(ops, 1,
				    functions[act->f], act->alpha, act->beta),
		    "activation");
	if (act->scale != 1 || act->shift != 0)
		netlayout_check(
		    dnnl_post_ops_append_eltwise(
			ops, 1, dnnl_eltwise_linear, act->scale, act->shift),
		    "activation");
	netlayout_check(
	    dnnl_primitive_attr_set_post_ops(attr, ops), "activation");
	dnnl_post_ops_destroy(ops);
	return attr;
}

/*
 * Where the library falls back on matrix products, it shares out their sums
 * among the threads, and the answer would depend on the number of those.
 */
static int
shares_sums(const_dnnl_primitive_desc_t pd)
{
	const char *name;

	netlayout_check(
	    dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, &name),
	    "operation");
	return strncmp(name, "gemm:", 5) == 0 || strstr(name, ":gemm:");
}

dnnl_primitive_desc_t
netdnnl_choose(
    struct netsteps *s, const void *op, const struct netdnnl_act *act)
{
	dnnl_primitive_attr_t attr = attributes(act);
	dnnl_primitive_desc_t pd = NULL;
	dnnl_status_t got = dnnl_primitive_desc_create(
	    &pd, op, attr, netsteps_engine(s), NULL);

	dnnl_primitive_attr_destroy(attr);
	if (got == dnnl_unimplemented)
		return NULL;
	netlayout_check(got, "operation");
	if (shares_sums(pd)) {
		dnnl_primitive_desc_destroy(pd);
		pd = NULL;
	}
	return pd;
}

/* A constant in the layout that the operation wants for this argument. */
static struct netsteps_arg
constant(struct netsteps *s, dnnl_primitive_desc_t pd, int number,
    const float *data, const dnnl_memory_desc_t *from)
{
	return (struct netsteps_arg){
	    number, netsteps_constant(s, data, from,
			dnnl_primitive_desc_query_md(
			    pd, dnnl_query_exec_arg_md, number))};
}

/* With weights and bias, as they stand in plain order. */
static int
add_weighted(struct netsteps *s, dnnl_primitive_desc_t pd, int src,
    const float *weights, const dnnl_memory_desc_t *weights_md,
    const float *bias, const dnnl_memory_desc_t *bias_md)
{
	struct netsteps_arg arg[3] = {{DNNL_ARG_SRC, src}};

	if (pd == NULL)
		return NONE;
	arg[1] = constant(s, pd, DNNL_ARG_WEIGHTS, weights, weights_md);
	arg[2] = constant(s, pd, DNNL_ARG_BIAS, bias, bias_md);
	return netsteps_add(s, pd, arg, 3);
}

/* Without. */
static int
add_plain(struct netsteps *s, dnnl_primitive_desc_t pd, int src)
{
	struct netsteps_arg arg = {DNNL_ARG_SRC, src};

	return pd == NULL ? NONE : netsteps_add(s, pd, &arg, 1);
}

/* A window as the library wants it. */
struct window {
	dnnl_dims_t size, stride, before, after, between;
};

/* after: the space behind the last row or column for the last window. */
static struct window
window(const dnnl_memory_desc_t *in, const struct netdnnl_window *w)
{
	struct window v;

	for (int i = 0; i < 2; i++) {
		dnnl_dim_t reach = (w->out[i] - 1LL) * w->stride[i] +
				   (w->size[i] - 1LL) * w->step[i] + 1 -
				   in->dims[2 + i] - w->pad[i];

		v.size[i] = w->size[i];
		v.stride[i] = w->stride[i];
		v.before[i] = w->pad[i];
		v.after[i] = reach > 0 ? reach : 0;
		v.between[i] = w->step[i] - 1;
	}
	return v;
}

/* With images laid out by a tag. */
static int
conv(struct netsteps *s, int src, const struct netdnnl_window *w, int filters,
    int groups, const float *weights, const float *bias,
    const struct netdnnl_act *act, dnnl_format_tag_t tag)
{
	const dnnl_memory_desc_t *in = layout_of(s, src);
	dnnl_memory_desc_t from, wm, bm, om, sm;
	dnnl_convolution_desc_t op;
	struct window v = window(in, w);
	int grouped = groups > 1;
	dnnl_dims_t kernel = {groups, filters / groups, in->dims[1] / groups,
	    w->size[0], w->size[1]};

	from = shape(
	    4 + grouped, kernel + !grouped, grouped ? dnnl_goihw : dnnl_oihw);
	wm = any(&from);
	bm = shape(1, (dnnl_dims_t){filters}, dnnl_a);
	sm = shape(4, in->dims, tag);
	om = shape(
	    4, (dnnl_dims_t){in->dims[0], filters, w->out[0], w->out[1]}, tag);
	netlayout_check(
	    dnnl_dilated_convolution_forward_desc_init(&op,
		dnnl_forward_inference, dnnl_convolution_direct, &sm, &wm, &bm,
		&om, v.stride, v.between, v.before, v.after),
	    "convolution");
	return add_weighted(
	    s, netdnnl_choose(s, &op, act), src, weights, &from, bias, &bm);
}

int
netdnnl_conv(struct netsteps *s, int src, const struct netdnnl_window *w,
    int filters, int groups, const float *weights, const float *bias,
    const struct netdnnl_act *act)
{
	return conv(s, src, w, filters, groups, weights, bias, act,
	    dnnl_format_tag_any);
}

/*
 * A convolution of 1 x 1: for inner products the library would share out one
 * sum among the threads.
 */
int
netdnnl_connected(struct netsteps *s, int src, int outputs,
    const float *weights, const float *bias, const struct netdnnl_act *act)
{
	static const struct netdnnl_window dot = {
	    {1, 1}, {1, 1}, {0, 0}, {1, 1}, {1, 1}};
	const dnnl_dim_t *dims = layout_of(s, src)->dims;
	struct netdims flat = netdims_image(
	    (int)(dims[1] * dims[2] * dims[3]), 1, 1);

	if (flat.dim[1] != dims[1])
		src = netsteps_view(s, src, &flat);
	return netdnnl_conv(s, src, &dot, outputs, 1, weights, bias, act);
}

/* And that on an image of one column whose channels are last in memory. */
int
netdnnl_rows(struct netsteps *s, int src, int rows, int outputs,
    const float *weights, const float *bias, const struct netdnnl_act *act)
{
	const dnnl_memory_desc_t *in = layout_of(s, src);
	struct netdnnl_window dot = {{1, 1}, {1, 1}, {0, 0}, {1, 1}, {rows, 1}};
	struct netdims list = {2, {rows, 1}};
	dnnl_memory_desc_t column;
	int made;

	for (int i = 0; i < in->ndims; i++)
		list.dim[1] *= in->dims[i];
	list.dim[1] /= rows;
	column = shape(4, (dnnl_dims_t){1, list.dim[1], rows, 1}, dnnl_nhwc);
	src = netsteps_alias(s, netsteps_view(s, src, &list), &column);
	made = conv(s, src, &dot, outputs, 1, weights, bias, act, dnnl_nhwc);
	if (made == NONE)
		return NONE;
	column = shape(2, (dnnl_dims_t){rows, outputs}, dnnl_ab);
	return netsteps_alias(s, made, &column);
}

static int
pool(struct netsteps *s, int src, const struct netdnnl_window *w,
    dnnl_alg_kind_t kind)
{
	const dnnl_memory_desc_t *in = layout_of(s, src);
	struct window v = window(in, w);
	dnnl_memory_desc_t om;
	dnnl_pooling_desc_t op;

	om = shape(4,
	    (dnnl_dims_t){in->dims[0], in->dims[1], w->out[0], w->out[1]},
	    dnnl_format_tag_any);
	/* A window that lies outside altogether is refused. */
	if (v.between[0] != 0 || v.between[1] != 0 ||
	    dnnl_pooling_forward_desc_init(&op, dnnl_forward_inference, kind,
		in, &om, v.stride, v.size, v.before, v.after) != dnnl_success)
		return NONE;
	return add_plain(s, netdnnl_choose(s, &op, NULL), src);
}

int
netdnnl_maxpool(struct netsteps *s, int src, const struct netdnnl_window *w)
{
	return pool(s, src, w, dnnl_pooling_max);
}

int
netdnnl_avgpool(struct netsteps *s, int src, const struct netdnnl_window *w)
{
	return pool(s, src, w, dnnl_pooling_avg_exclude_padding);
}

int
netdnnl_padpool(struct netsteps *s, int src, const struct netdnnl_window *w)
{
	return pool(s, src, w, dnnl_pooling_avg_include_padding);
}

int
netdnnl_lrn(
    struct netsteps *s, int src, int size, float alpha, float beta, float k)
{
	dnnl_lrn_desc_t op;

	netlayout_check(dnnl_lrn_forward_desc_init(&op, dnnl_forward_inference,
			    dnnl_lrn_across_channels, layout_of(s, src), size,
			    alpha, beta, k),
	    "normalisation");
	return add_plain(s, netdnnl_choose(s, &op, NULL), src);
}

static int
eltwise(struct netsteps *s, int src, dnnl_alg_kind_t f, float alpha, float beta)
{
	dnnl_eltwise_desc_t op;

	netlayout_check(
	    dnnl_eltwise_forward_desc_init(
		&op, dnnl_forward_inference, f, layout_of(s, src), alpha, beta),
	    "activation");
	return add_plain(s, netdnnl_choose(s, &op, NULL), src);
}

int
netdnnl_activate(struct netsteps *s, int src, const struct netdnnl_act *act)
{
	if (act->f != NETDNNL_LINEAR)
		src = eltwise(s, src, functions[act->f], act->alpha, act->beta);
	if (src != NONE && (act->scale != 1 || act->shift != 0))
		src = eltwise(
		    s, src, dnnl_eltwise_linear, act->scale, act->shift);
	return src;
}
