#include <stdlib.h>
#include <string.h>

#include <oneapi/dnnl/dnnl.h>

#include "err.h"
#include "netdnnl.h"
#include "netlayout.h"
#include "netsteps.h"

enum { NONE = -1 };

static const dnnl_alg_kind_t functions[] = {
    [NETDNNL_LINEAR] = dnnl_eltwise_linear,
    [NETDNNL_RELU] = dnnl_eltwise_relu,
    [NETDNNL_ELU] = dnnl_eltwise_elu,
    [NETDNNL_LOGISTIC] = dnnl_eltwise_logistic,
    [NETDNNL_TANH] = dnnl_eltwise_tanh,
    [NETDNNL_CLIP] = dnnl_eltwise_clip,
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

	if (act == NULL || act->f == NETDNNL_LINEAR)
		return attr;
	netlayout_check(dnnl_post_ops_create(&ops), "activation");
	netlayout_check(dnnl_post_ops_append_eltwise(
			    ops, 1, functions[act->f], act->alpha, act->beta),
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

/* NULL when there is no such operation; anything else is trouble. */
static dnnl_primitive_desc_t
choose(struct netsteps *s, const void *op, const struct netdnnl_act *act)
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

/* The space behind the last row or column that completes the last window. */
static dnnl_dim_t
pad_behind(int in, int size, int out, const struct netdnnl_window *w)
{
	int space = (out - 1) * w->stride + size - in - w->pad;

	return space > 0 ? space : 0;
}

int
netdnnl_conv(struct netsteps *s, int src, const struct netdnnl_window *w,
    int filters, int groups, const float *weights, const float *bias,
    const struct netdnnl_act *act)
{
	const dnnl_memory_desc_t *in = layout_of(s, src);
	dnnl_memory_desc_t from, wm, bm, om, sm;
	dnnl_convolution_desc_t op;
	dnnl_dims_t stride = {w->stride, w->stride}, before = {w->pad, w->pad};
	int grouped = groups > 1;

	dnnl_dims_t behind = {
	    pad_behind((int)in->dims[2], w->height, w->out_height, w),
	    pad_behind((int)in->dims[3], w->width, w->out_width, w)};
	dnnl_dims_t kernel = {groups, filters / groups, in->dims[1] / groups,
	    w->height, w->width};

	from = shape(
	    4 + grouped, kernel + !grouped, grouped ? dnnl_goihw : dnnl_oihw);
	wm = any(&from);
	bm = shape(1, (dnnl_dims_t){filters}, dnnl_a);
	sm = any(in);
	om = shape(4, (dnnl_dims_t){1, filters, w->out_height, w->out_width},
	    dnnl_format_tag_any);
	netlayout_check(dnnl_convolution_forward_desc_init(&op,
			    dnnl_forward_inference, dnnl_convolution_direct,
			    &sm, &wm, &bm, &om, stride, before, behind),
	    "convolution");
	return add_weighted(
	    s, choose(s, &op, act), src, weights, &from, bias, &bm);
}

static void
copy(void *ctx, int n, const float *const *in, float *out)
{
	(void)ctx;
	memcpy(out, in[0], (size_t)n * sizeof *out);
}

/*
 * A convolution of 1 x 1: for inner products the library would share out one
 * sum among the threads.
 */
int
netdnnl_connected(struct netsteps *s, int src, int outputs,
    const float *weights, const float *bias, const struct netdnnl_act *act)
{
	static const struct netdnnl_window dot = {1, 1, 1, 0, 1, 1};
	const dnnl_dim_t *dims = layout_of(s, src)->dims;
	int n = (int)(dims[1] * dims[2] * dims[3]);

	if (n != dims[1])
		src = netsteps_call(s, &src, 1, n, 1, 1, copy, NULL, n);
	return netdnnl_conv(s, src, &dot, outputs, 1, weights, bias, act);
}

static int
pool(struct netsteps *s, int src, const struct netdnnl_window *w,
    dnnl_alg_kind_t kind)
{
	const dnnl_memory_desc_t *in = layout_of(s, src);
	dnnl_dims_t stride = {w->stride, w->stride}, before = {w->pad, w->pad};
	dnnl_dims_t size = {w->height, w->width}, behind;
	dnnl_memory_desc_t om;
	dnnl_pooling_desc_t op;

	behind[0] = pad_behind((int)in->dims[2], w->height, w->out_height, w);
	behind[1] = pad_behind((int)in->dims[3], w->width, w->out_width, w);
	om = shape(4,
	    (dnnl_dims_t){1, in->dims[1], w->out_height, w->out_width},
	    dnnl_format_tag_any);
	/* A window that lies outside altogether is refused. */
	if (dnnl_pooling_forward_desc_init(&op, dnnl_forward_inference, kind,
		in, &om, stride, size, before, behind) != dnnl_success)
		return NONE;
	return add_plain(s, choose(s, &op, NULL), src);
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

static int
same_shape(const dnnl_memory_desc_t *a, const dnnl_memory_desc_t *b)
{
	return memcmp(a->dims, b->dims, 4 * sizeof *a->dims) == 0;
}

int
netdnnl_add(struct netsteps *s, int a, int b, const struct netdnnl_act *act)
{
	const dnnl_memory_desc_t *am = layout_of(s, a);
	struct netsteps_arg arg[] = {{DNNL_ARG_SRC_0, a}, {DNNL_ARG_SRC_1, b}};
	dnnl_primitive_desc_t pd;
	dnnl_binary_desc_t op;
	dnnl_memory_desc_t om;

	if (!same_shape(am, layout_of(s, b)))
		return NONE;
	om = *am;
	netlayout_check(
	    dnnl_binary_desc_init(&op, dnnl_binary_add, am, am, &om), "sum");
	if ((pd = choose(s, &op, act)) == NULL)
		return NONE;
	return netsteps_add(s, pd, arg, 2);
}

int
netdnnl_concat(struct netsteps *s, const int *src, int n)
{
	dnnl_memory_desc_t md[NETSTEPS_ARGS];
	struct netsteps_arg arg[NETSTEPS_ARGS];
	dnnl_primitive_attr_t attr;
	dnnl_primitive_desc_t pd;
	dnnl_status_t got;
	int i;

	if (n > NETSTEPS_ARGS)
		return NONE;
	for (i = 0; i < n; i++) {
		md[i] = *layout_of(s, src[i]);
		if (md[i].dims[2] != md[0].dims[2] ||
		    md[i].dims[3] != md[0].dims[3])
			return NONE;
		arg[i] = (struct netsteps_arg){
		    DNNL_ARG_MULTIPLE_SRC + i, src[i]};
	}
	attr = netlayout_attr();
	got = dnnl_concat_primitive_desc_create(
	    &pd, NULL, n, 1, md, attr, netsteps_engine(s));
	dnnl_primitive_attr_destroy(attr);
	if (got == dnnl_unimplemented)
		return NONE;
	netlayout_check(got, "route");
	return netsteps_add(s, pd, arg, n);
}

static int
eltwise(struct netsteps *s, int src, dnnl_alg_kind_t f, float alpha, float beta)
{
	dnnl_eltwise_desc_t op;

	netlayout_check(
	    dnnl_eltwise_forward_desc_init(
		&op, dnnl_forward_inference, f, layout_of(s, src), alpha, beta),
	    "activation");
	return add_plain(s, choose(s, &op, NULL), src);
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
