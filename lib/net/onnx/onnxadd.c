#include <stdlib.h>
#include <string.h>

#include "net/onednn/netdnnl.h"
#include "net/onednn/netmerge.h"
#include "net/onednn/netsteps.h"
#include "net/onnx/onnxadd.h"
#include "net/onnx/onnxcalc.h"
#include "net/onnx/onnxgraph.h"
#include "net/onnx/onnxtail.h"
#include "tool/err.h"

enum { NONE = ONNXSTEP_NONE };

static const struct netdims *
dims(const struct onnxadd *p, int array)
{
	return &p->g->array[array].dims;
}

/* The value of an array: a constant is made one when it is first needed. */
static int
value(struct onnxadd *p, int array)
{
	if (p->value[array] == NONE) {
		float *v = onnxtail_floats(p->g, array);

		p->value[array] = netsteps_fixed(p->steps, v, dims(p, array));
		free(v);
	}
	return p->value[array];
}

static struct netdnnl_window
window(const struct onnxstep_window *w)
{
	struct netdnnl_window v;

	memcpy(v.size, w->size, sizeof v.size);
	memcpy(v.stride, w->stride, sizeof v.stride);
	memcpy(v.pad, w->pad, sizeof v.pad);
	memcpy(v.step, w->step, sizeof v.step);
	memcpy(v.out, w->out, sizeof v.out);
	return v;
}

static int
add_conv(struct onnxadd *p, const struct onnxstep *s, struct onnxtail *t)
{
	struct netdnnl_window w = window(&s->window);
	struct onnxtail_weights v = onnxtail_weights(
	    &p->use, s, t, s->window.filters);
	int made = netdnnl_conv(p->steps, value(p, s->in[0]), &w,
	    s->window.filters, s->window.groups, v.w, v.bias, &t->act);

	free(v.w);
	free(v.bias);
	return made;
}

/* A convolution of each channel for itself, with a window of one pixel. */
static int
add_affine(struct onnxadd *p, const struct onnxstep *s, struct onnxtail *t)
{
	const struct netdims *d = dims(p, s->out);
	struct netdnnl_window pixel = {
	    {1, 1}, {1, 1}, {0, 0}, {1, 1}, {(int)d->dim[2], (int)d->dim[3]}};
	float *factor, *shift;
	int made;

	if (d->rank != 4)
		return NONE;
	factor = onnxtail_floats(p->g, s->in[1]);
	shift = onnxtail_floats(p->g, s->in[2]);
	made = netdnnl_conv(p->steps, value(p, s->in[0]), &pixel,
	    (int)d->dim[1], (int)d->dim[1], factor, shift, &t->act);
	free(factor);
	free(shift);
	return made;
}

/* The weights of n x k out of those of k x n. */
static float *
turned(const float *w, long long k, long long n)
{
	float *v = err_malloc((size_t)(k * n) * sizeof *v);

	for (long long i = 0; i < k; i++)
		for (long long j = 0; j < n; j++)
			v[j * k + i] = w[i * n + j];
	return v;
}

static int
add_matmul(struct onnxadd *p, const struct onnxstep *s, struct onnxtail *t)
{
	const struct onnxstep_matmul *m = &s->matmul;
	struct onnxtail_weights v;
	int made;

	if (!p->g->array[s->in[1]].constant || m->batch != 1 ||
	    (s->ins > 2 && !p->g->array[s->in[2]].constant))
		return NONE;
	v = onnxtail_weights(&p->use, s, t, m->n);
	if (!m->b_turned) {
		float *w = turned(v.w, m->k, m->n);

		free(v.w);
		v.w = w;
	}
	made = netdnnl_rows(p->steps, value(p, s->in[0]), (int)m->m, (int)m->n,
	    v.w, v.bias, &t->act);
	free(v.w);
	free(v.bias);
	return made == NONE ? NONE
			    : netsteps_view(p->steps, made, dims(p, t->end));
}

/* Whether no window reaches over the end of image and pads. */
static int
fits(const struct onnxstep_window *w)
{
	int fit = 1;

	for (int i = 0; i < 2; i++)
		fit &= (w->out[i] - 1) * w->stride[i] +
			   (w->size[i] - 1) * w->step[i] + 1 <=
		       w->in[i] + w->pad[i] + w->after[i];
	return fit;
}

static int
add_pool(struct onnxadd *p, const struct onnxstep *s, struct onnxtail *t)
{
	struct netdnnl_window w = window(&s->window);
	int x = value(p, s->in[0]);

	t->end = s->out;
	if (s->window.f == ONNXSTEP_POOL_MAX)
		return netdnnl_maxpool(p->steps, x, &w);
	if (s->window.f == ONNXSTEP_POOL_MEAN)
		return netdnnl_avgpool(p->steps, x, &w);
	return fits(&s->window) ? netdnnl_padpool(p->steps, x, &w) : NONE;
}

/* Over rows and columns of an image it is a pool. */
static int
add_reduce(struct onnxadd *p, const struct onnxstep *s, struct onnxtail *t)
{
	const struct netdims *d = dims(p, s->in[0]);
	struct netdnnl_window w = {
	    .stride = {1, 1}, .step = {1, 1}, .out = {1, 1}};
	int made;

	t->end = s->out;
	if (d->rank != 4 || !s->reduce.trailing ||
	    s->reduce.ins != d->dim[2] * d->dim[3] || s->reduce.ins == 1 ||
	    s->reduce.outs != d->dim[0] * d->dim[1] ||
	    s->reduce.f == ONNXSTEP_SUM)
		return NONE;
	w.size[0] = (int)d->dim[2];
	w.size[1] = (int)d->dim[3];
	made = s->reduce.f == ONNXSTEP_MEAN
		   ? netdnnl_avgpool(p->steps, value(p, s->in[0]), &w)
		   : netdnnl_maxpool(p->steps, value(p, s->in[0]), &w);
	return made == NONE || dims(p, s->out)->rank == 4
		   ? made
		   : netsteps_view(p->steps, made, dims(p, s->out));
}

static int
add_unary(struct onnxadd *p, const struct onnxstep *s, struct onnxtail *t)
{
	struct netdnnl_act act;

	t->end = s->out;
	if (onnxtail_function(&s->unary, &act) < 0)
		return NONE;
	return netdnnl_activate(p->steps, value(p, s->in[0]), &act);
}

static int
add_binary(struct onnxadd *p, const struct onnxstep *s, struct onnxtail *t)
{
	static const enum netmerge_function pairs[] = {
	    [ONNXSTEP_ADD] = NETMERGE_ADD,
	    [ONNXSTEP_SUB] = NETMERGE_SUB,
	    [ONNXSTEP_MUL] = NETMERGE_MUL,
	    [ONNXSTEP_DIV] = NETMERGE_DIV,
	    [ONNXSTEP_MIN] = NETMERGE_MIN,
	    [ONNXSTEP_MAX] = NETMERGE_MAX,
	};
	int a = s->in[0], b = s->in[1], swap;

	if (s->binary.f > ONNXSTEP_MAX)
		return NONE;
	swap = !netdims_equal(dims(p, a), &s->binary.dims);
	if (swap &&
	    (s->binary.f == ONNXSTEP_SUB || s->binary.f == ONNXSTEP_DIV))
		return NONE;
	if (!netdims_equal(dims(p, swap ? b : a), &s->binary.dims))
		return NONE;
	return netmerge_pair(p->steps, pairs[s->binary.f],
	    value(p, swap ? b : a), value(p, swap ? a : b), &t->act);
}

static int
add_concat(struct onnxadd *p, const struct onnxstep *s, struct onnxtail *t)
{
	int *src = err_calloc((size_t)s->ins, sizeof *src), made;

	t->end = s->out;
	for (int i = 0; i < s->ins; i++)
		src[i] = value(p, s->in[i]);
	made = s->rows.n == 1 ? netmerge_concat(p->steps, src, s->ins) : NONE;
	free(src);
	return made;
}

/* Another order of the dimensions is a way to look at the same memory. */
static int
add_pick(struct onnxadd *p, const struct onnxstep *s, struct onnxtail *t)
{
	const struct onnxstep_pick *k = &s->pick;
	long long stride[NETDIMS_RANK];

	t->end = s->out;
	if (netdims_count(dims(p, s->in[0])) != s->count)
		return NONE;
	for (int d = 0; d < k->dims.rank; d++) {
		stride[d] = k->dims.dim[d] > 1 ? k->at[d][1] : s->count;
		if (stride[d] < 1)
			return NONE;
		for (long long i = 0; i < k->dims.dim[d]; i++)
			if (k->at[d][i] != i * stride[d])
				return NONE;
	}
	return netsteps_strided(p->steps, value(p, s->in[0]), &k->dims, stride);
}

static int
add_view(struct onnxadd *p, const struct onnxstep *s, struct onnxtail *t)
{
	t->end = s->out;
	return netsteps_view(p->steps, value(p, s->in[0]), dims(p, s->out));
}

static int
add_lrn(struct onnxadd *p, const struct onnxstep *s, struct onnxtail *t)
{
	const struct onnxstep_lrn *l = &s->lrn;

	t->end = s->out;
	if (l->size % 2 == 0 || dims(p, s->out)->rank != 4)
		return NONE;
	return netdnnl_lrn(
	    p->steps, value(p, s->in[0]), l->size, l->alpha, l->beta, l->bias);
}

/* Our own arithmetic, from plain arrays to plain arrays. */
static void
calculate(void *ctx, int i, const float *const *in, float *out)
{
	const struct onnxadd *p = ctx;
	const struct onnxstep *s = &p->g->step[i];
	const float *own[3] = {NULL, NULL, NULL};

	if (s->ins > 3) {
		onnxcalc_run(s, in, out);
		return;
	}
	for (int j = 0; j < s->ins; j++)
		own[j] = s->in[j] != NONE ? *in++ : NULL;
	onnxcalc_run(s, own, out);
}

static int
add_call(struct onnxadd *p, const struct onnxstep *s, struct onnxtail *t)
{
	int *src = err_calloc((size_t)s->ins, sizeof *src), n = 0, made;

	t->end = s->out;
	for (int i = 0; i < s->ins; i++)
		if (s->in[i] != NONE)
			src[n++] = value(p, s->in[i]);
	made = netsteps_call(p->steps, src, n, dims(p, s->out), calculate, p,
	    (int)(s - p->g->step));
	free(src);
	return made;
}

static int (*const kinds[])(
    struct onnxadd *p, const struct onnxstep *s, struct onnxtail *t) = {
    [ONNXSTEP_VIEW] = add_view,
    [ONNXSTEP_UNARY] = add_unary,
    [ONNXSTEP_BINARY] = add_binary,
    [ONNXSTEP_AFFINE] = add_affine,
    [ONNXSTEP_PICK] = add_pick,
    [ONNXSTEP_CONCAT] = add_concat,
    [ONNXSTEP_REDUCE] = add_reduce,
    [ONNXSTEP_SOFTMAX] = add_call,
    [ONNXSTEP_NORM] = add_call,
    [ONNXSTEP_LRN] = add_lrn,
    [ONNXSTEP_MATMUL] = add_matmul,
    [ONNXSTEP_CONV] = add_conv,
    [ONNXSTEP_POOL] = add_pool,
    [ONNXSTEP_RESIZE] = add_call,
};

void
onnxadd_step(struct onnxadd *p, const struct onnxstep *s)
{
	struct onnxtail t = onnxtail_find(&p->use, s);
	int made = kinds[s->kind](p, s, &t);

	if (made == NONE)
		made = add_call(p, s, &t);
	/* What went along needs no step of its own. */
	for (int a = s->out; a != t.end;) {
		const struct onnxstep *next = onnxuse_follower(&p->use, a);

		p->use.needed[next - p->g->step] = 0;
		a = next->out;
	}
	p->value[t.end] = made;
}
