#include <string.h>

#include <oneapi/dnnl/dnnl.h>

#include "net/onednn/netdnnl.h"
#include "net/onednn/netlayout.h"
#include "net/onednn/netmerge.h"
#include "net/onednn/netsteps.h"

enum { NONE = -1 };

static const dnnl_alg_kind_t pairs[] = {
    [NETMERGE_ADD] = dnnl_binary_add,
    [NETMERGE_SUB] = dnnl_binary_sub,
    [NETMERGE_MUL] = dnnl_binary_mul,
    [NETMERGE_DIV] = dnnl_binary_div,
    [NETMERGE_MIN] = dnnl_binary_min,
    [NETMERGE_MAX] = dnnl_binary_max,
};

static const dnnl_memory_desc_t *
layout_of(const struct netsteps *s, int value)
{
	return netsteps_layout(s, value);
}

static dnnl_memory_desc_t
image(const dnnl_dims_t dims, dnnl_format_tag_t tag)
{
	dnnl_memory_desc_t md;

	netlayout_check(
	    dnnl_memory_desc_init_by_tag(&md, 4, dims, dnnl_f32, tag), "shape");
	return md;
}

/* b's shape laid out as a is, so that what meets lies alike. */
static dnnl_memory_desc_t
alike(const dnnl_memory_desc_t *a, const dnnl_memory_desc_t *b)
{
	static const dnnl_format_tag_t tags[] = {
	    dnnl_nChw16c, dnnl_nChw8c, dnnl_nhwc, dnnl_nchw};

	if (memcmp(a->dims, b->dims, (size_t)a->ndims * sizeof *a->dims) == 0)
		return *a;
	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		dnnl_memory_desc_t as;

		if (a->ndims != 4)
			break;
		as = image(a->dims, tags[i]);
		if (dnnl_memory_desc_equal(&as, a))
			return image(b->dims, tags[i]);
	}
	return *b;
}

int
netmerge_pair(struct netsteps *s, enum netmerge_function f, int a, int b,
    const struct netdnnl_act *act)
{
	const dnnl_memory_desc_t *am = layout_of(s, a);
	struct netsteps_arg arg[] = {{DNNL_ARG_SRC_0, a}, {DNNL_ARG_SRC_1, b}};
	dnnl_primitive_desc_t pd;
	dnnl_binary_desc_t op;
	dnnl_memory_desc_t om = *am, bm;

	if (layout_of(s, b)->ndims != am->ndims)
		return NONE;
	bm = alike(am, layout_of(s, b));
	for (int i = 0; i < am->ndims; i++)
		if (bm.dims[i] != 1 && bm.dims[i] != am->dims[i])
			return NONE;
	netlayout_check(
	    dnnl_binary_desc_init(&op, pairs[f], am, &bm, &om), "pair");
	if ((pd = netdnnl_choose(s, &op, act)) == NULL)
		return NONE;
	return netsteps_add(s, pd, arg, 2);
}

int
netmerge_concat(struct netsteps *s, const int *src, int n)
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
		if (md[i].ndims != 4 || md[i].dims[2] != md[0].dims[2] ||
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
