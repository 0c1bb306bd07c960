#include <stdlib.h>

#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_debug.h>

#include "tool/err.h"
#include "net/onednn/netlayout.h"

enum { ALIGN = 64 };

void
netlayout_check(int status, const char *what)
{
	if (status != dnnl_success)
		err_die("oneDNN: %s: %s", what, dnnl_status2str(status));
}

void *
netlayout_alloc(size_t size)
{
	void *p = aligned_alloc(ALIGN, size / ALIGN * ALIGN + ALIGN);

	if (p == NULL)
		err_die("network: %m");
	return p;
}

struct dnnl_memory *
netlayout_memory(struct dnnl_engine *e, const void *layout, const void *data)
{
	dnnl_memory_t m;

	netlayout_check(
	    dnnl_memory_create(&m, layout, e, (void *)data), "memory");
	return m;
}

struct dnnl_primitive_attr *
netlayout_attr(void)
{
	dnnl_primitive_attr_t attr;

	netlayout_check(dnnl_primitive_attr_create(&attr), "attributes");
	netlayout_check(dnnl_primitive_attr_set_scratchpad_mode(
			    attr, dnnl_scratchpad_mode_user),
	    "attributes");
	return attr;
}

struct dnnl_primitive_desc *
netlayout_reorder(struct dnnl_engine *e, const void *from, const void *to)
{
	dnnl_primitive_attr_t attr = netlayout_attr();
	dnnl_primitive_desc_t pd;

	netlayout_check(
	    dnnl_reorder_primitive_desc_create(&pd, from, e, to, e, attr),
	    "reorder");
	dnnl_primitive_attr_destroy(attr);
	return pd;
}

static void
run_once(struct dnnl_engine *e, dnnl_primitive_t p, const dnnl_exec_arg_t *arg,
    int n)
{
	dnnl_stream_t stream;

	netlayout_check(
	    dnnl_stream_create(&stream, e, dnnl_stream_default_flags),
	    "stream");
	netlayout_check(dnnl_primitive_execute(p, stream, n, arg), "reorder");
	netlayout_check(dnnl_stream_wait(stream), "reorder");
	dnnl_stream_destroy(stream);
}

float *
netlayout_copy(
    struct dnnl_engine *e, const float *data, const void *from, const void *to)
{
	dnnl_primitive_desc_t pd = netlayout_reorder(e, from, to);
	const void *need = dnnl_primitive_desc_query_md(
	    pd, dnnl_query_scratchpad_md, 0);
	void *scratch = netlayout_alloc(dnnl_memory_desc_get_size(need));
	float *copy = netlayout_alloc(dnnl_memory_desc_get_size(to));
	dnnl_exec_arg_t arg[] = {
	    {DNNL_ARG_FROM, netlayout_memory(e, from, data)},
	    {DNNL_ARG_TO, netlayout_memory(e, to, copy)},
	    {DNNL_ARG_SCRATCHPAD, netlayout_memory(e, need, scratch)},
	};
	dnnl_primitive_t p;
	size_t i;

	netlayout_check(dnnl_primitive_create(&p, pd), "reorder");
	run_once(e, p, arg, 3);
	for (i = 0; i < 3; i++)
		dnnl_memory_destroy(arg[i].memory);
	dnnl_primitive_destroy(p);
	dnnl_primitive_desc_destroy(pd);
	free(scratch);
	return copy;
}
