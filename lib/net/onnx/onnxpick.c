#include "net/onnx/onnxpick.h"
#include "tool/err.h"

enum { NONE = ONNXSTEP_NONE };

struct onnxstep
onnxpick_begin(struct onnxnode_making *m, const struct netdims *made)
{
	struct onnxstep s = {.kind = ONNXSTEP_PICK, .pick = {.dims = *made}};

	onnxgraph_check(m->g, m->node, made);
	for (int d = 0; d < made->rank; d++) {
		onnxgraph_charge(m->g, m->node, made->dim[d]);
		s.pick.at[d] = err_calloc(
		    (size_t)made->dim[d] + 1, sizeof *s.pick.at[d]);
	}
	return s;
}

void
onnxpick_range(struct onnxstep *s, int d, long long from, long long step,
    long long of, long long stride)
{
	for (long long i = 0; i < s->pick.dims.dim[d]; i++) {
		long long at = from + i * step;

		s->pick.at[d][i] = (of > 0 ? at % of : at) * stride;
	}
}

int
onnxpick_view(struct onnxnode_making *m, int x, const struct netdims *made)
{
	return onnxnode_step(
	    m, (struct onnxstep){.kind = ONNXSTEP_VIEW}, x, NONE, NONE, made);
}

/* Whether only dimensions of one element change their places. */
static int
keeps_order(const struct netdims *d, const int *order)
{
	int last = -1;

	for (int i = 0; i < d->rank; i++) {
		if (d->dim[order[i]] == 1)
			continue;
		if (order[i] < last)
			return 0;
		last = order[i];
	}
	return 1;
}

int
onnxpick_transpose(struct onnxnode_making *m, int x, const int *order)
{
	struct netdims d = onnxnode_dims(m, x), made = d;
	long long stride[NETDIMS_RANK];
	struct onnxstep s;

	netdims_strides(&d, stride);
	for (int i = 0; i < d.rank; i++)
		made.dim[i] = d.dim[order[i]];
	if (keeps_order(&d, order))
		return onnxpick_view(m, x, &made);
	s = onnxpick_begin(m, &made);
	for (int i = 0; i < d.rank; i++)
		onnxpick_range(&s, i, 0, 1, 0, stride[order[i]]);
	return onnxnode_step(m, s, x, NONE, NONE, &made);
}
