#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "net/netgemm.h"
#include "net/onnx/onnxcalc.h"
#include "net/onnx/onnxrows.h"
#include "net/onnx/onnxstep.h"
#include "net/onnx/onnxwindow.h"
#include "tool/err.h"

static double
gelu_tanh(double x)
{
	return x / 2 * (1 + tanh(sqrt(2 / M_PI) * (x + .044715 * x * x * x)));
}

static double
clip(double x, double low, double high)
{
	return x < low ? low : x > high ? high : x;
}

/* A function that has to be asked for each number. */
static double
apply(const struct onnxstep_unary *u, double x)
{
	switch (u->f) {
	case ONNXSTEP_LINEAR:
		return x;
	case ONNXSTEP_RELU:
		return x > 0 ? x : u->a * x;
	case ONNXSTEP_ELU:
		return x > 0 ? x : u->a * expm1(x);
	case ONNXSTEP_CELU:
		return x > 0 ? x : u->a * expm1(x / u->a);
	case ONNXSTEP_CLIP:
		return clip(x, u->a, u->b);
	case ONNXSTEP_SIGMOID:
		return 1 / (1 + exp(-x));
	case ONNXSTEP_HARDSIGMOID:
		return clip(u->a * x + u->b, 0, 1);
	case ONNXSTEP_HARDSWISH:
		return x * clip(x / 6 + .5, 0, 1);
	case ONNXSTEP_SWISH:
		return x / (1 + exp(-x));
	case ONNXSTEP_TANH:
		return tanh(x);
	case ONNXSTEP_GELU:
		return x / 2 * (1 + erf(x * M_SQRT1_2));
	case ONNXSTEP_GELU_TANH:
		return gelu_tanh(x);
	case ONNXSTEP_MISH:
		return x * tanh(x > 30 ? x : log1p(exp(x)));
	case ONNXSTEP_SOFTPLUS:
		return x > 30 ? x : log1p(exp(x));
	case ONNXSTEP_SOFTSIGN:
		return x / (1 + fabs(x));
	case ONNXSTEP_ERF:
		return erf(x);
	case ONNXSTEP_EXP:
		return exp(x);
	case ONNXSTEP_LOG:
		return log(x);
	case ONNXSTEP_ABS:
		return fabs(x);
	case ONNXSTEP_FLOOR:
		return floor(x);
	case ONNXSTEP_CEIL:
		return ceil(x);
	case ONNXSTEP_ROUND:
		return rint(x);
	case ONNXSTEP_POW:
		return u->a == 2 ? x * x : u->a == .5 ? sqrt(x) : pow(x, u->a);
	case ONNXSTEP_INVERT:
		return u->a / x;
	}
	return NAN;
}

static void
run_unary(const struct onnxstep *s, const float *x, float *out)
{
	const struct onnxstep_unary *u = &s->unary;

	if (u->f == ONNXSTEP_LINEAR) {
		for (long long i = 0; i < s->count; i++)
			out[i] = x[i] * u->scale + u->shift;
		return;
	}
	for (long long i = 0; i < s->count; i++)
		out[i] = (float)(apply(u, x[i]) * u->scale + u->shift);
}

/* A row of results; sources stand still where their step is 0. */
#define ROW(VALUE)                                                             \
	for (long long i = 0; i < n; i++, a += da, b += db) {                  \
		float x = *a, y = *b;                                          \
                                                                               \
		out[i] = (VALUE);                                              \
	}                                                                      \
	break

static void
run_row(int f, long long n, const float *a, long long da, const float *b,
    long long db, float *out)
{
	switch (f) {
	case ONNXSTEP_ADD:
		ROW(x + y);
	case ONNXSTEP_SUB:
		ROW(x - y);
	case ONNXSTEP_MUL:
		ROW(x * y);
	case ONNXSTEP_DIV:
		ROW(x / y);
	case ONNXSTEP_MIN:
		ROW(x < y ? x : y);
	case ONNXSTEP_MAX:
		ROW(x > y ? x : y);
	case ONNXSTEP_POWER:
		ROW((float)pow(x, y));
	case ONNXSTEP_PRELU:
		ROW(x > 0 ? x : x * y);
	}
}

/* The dimensions from d on. */
static float *
run_binary(const struct onnxstep_binary *s, int d, const float *a,
    const float *b, float *out)
{
	if (d >= s->dims.rank - 1) {
		long long n = d < s->dims.rank ? s->dims.dim[d] : 1;

		run_row(s->f, n, a, n > 1 ? s->a[d] : 0, b, n > 1 ? s->b[d] : 0,
		    out);
		return out + n;
	}
	for (long long i = 0; i < s->dims.dim[d]; i++)
		out = run_binary(
		    s, d + 1, a + i * s->a[d], b + i * s->b[d], out);
	return out;
}

static void
run_affine(const struct onnxstep *s, const float *const *in, float *out)
{
	const struct onnxstep_rows *r = &s->rows;
	const float *x = in[0];

	for (long long o = 0; o < r->outer; o++)
		for (long long c = 0; c < r->n; c++)
			for (long long i = 0; i < r->inner; i++)
				*out++ = *x++ * in[1][c] + in[2][c];
}

/* A pick of elements of that size. */
struct picking {
	const struct onnxstep_pick *pick;
	size_t size;
	const char *in;
	char *out;
};

static void
put_element(struct picking *p, long long at)
{
	if (at >= 0)
		memcpy(p->out, p->in + (size_t)at * p->size, p->size);
	else if (p->size == sizeof(float))
		*(float *)(void *)p->out = (float)p->pick->fill;
	else
		*(int64_t *)(void *)p->out = (int64_t)p->pick->fill;
	p->out += p->size;
}

/* How many elements of a row lie together in the source, too. */
static long long
together(const long long *at, long long n)
{
	long long i = 1;

	while (i < n && at[0] >= 0 && at[i] == at[i - 1] + 1)
		i++;
	return i;
}

static void
pick_row(struct picking *p, long long base, const long long *at, long long n)
{
	for (long long i = 0, k; i < n; i += k) {
		if (base < 0 || at[i] < 0) {
			put_element(p, -1);
			k = 1;
			continue;
		}
		k = together(at + i, n - i);
		memcpy(p->out, p->in + (size_t)(base + at[i]) * p->size,
		    (size_t)k * p->size);
		p->out += (size_t)k * p->size;
	}
}

static void
pick_from(struct picking *p, int d, long long base)
{
	const struct netdims *dims = &p->pick->dims;
	const long long *at = d < dims->rank ? p->pick->at[d] : NULL;

	if (at == NULL) {
		put_element(p, base);
		return;
	}
	if (d == dims->rank - 1) {
		pick_row(p, base, at, dims->dim[d]);
		return;
	}
	for (long long i = 0; i < dims->dim[d]; i++)
		pick_from(p, d + 1, base < 0 || at[i] < 0 ? -1 : base + at[i]);
}

static void
concat(const struct onnxstep *s, size_t size, const void *const *in, char *out)
{
	for (long long o = 0; o < s->rows.outer; o++)
		for (int i = 0; i < s->ins; i++) {
			size_t n = (size_t)s->part[i] * size;

			memcpy(out, (const char *)in[i] + (size_t)o * n, n);
			out += n;
		}
}

void
onnxcalc_move(
    const struct onnxstep *s, size_t size, const void *const *in, void *out)
{
	struct picking p = {&s->pick, size, in[0], out};

	if (s->count == 0)
		return;
	if (s->kind == ONNXSTEP_VIEW)
		memcpy(out, in[0], (size_t)s->count * size);
	else if (s->kind == ONNXSTEP_CONCAT)
		concat(s, size, in, out);
	else
		pick_from(&p, 0, 0);
}

static void
run_matmul(const struct onnxstep *s, const float *const *in, float *out)
{
	const struct onnxstep_matmul *p = &s->matmul;
	int m = (int)p->m, n = (int)p->n, k = (int)p->k;

	for (long long i = 0; i < p->batch; i++, out += p->m * p->n) {
		const float *a = in[0] + p->a[i], *b = in[1] + p->b[i];

		if (!p->b_turned)
			netgemm_matrix(m, n, k, a, b, 0, out);
		for (long long r = 0; p->b_turned && r < m; r++)
			netgemm_vector(
			    n, k, b, a + r * p->k, 0, out + r * p->n);
		for (long long j = 0; s->ins > 2 && j < p->m * p->n; j++)
			out[j] += in[2][j % p->n];
	}
}

void
onnxcalc_run(const struct onnxstep *s, const float *const *in, float *out)
{
	switch (s->kind) {
	case ONNXSTEP_VIEW:
	case ONNXSTEP_PICK:
	case ONNXSTEP_CONCAT:
		onnxcalc_move(s, sizeof *out, (const void *const *)in, out);
		break;
	case ONNXSTEP_UNARY:
		run_unary(s, in[0], out);
		break;
	case ONNXSTEP_BINARY:
		run_binary(&s->binary, 0, in[0], in[1], out);
		break;
	case ONNXSTEP_AFFINE:
		run_affine(s, in, out);
		break;
	case ONNXSTEP_REDUCE:
		onnxrows_reduce(&s->reduce, in[0], out);
		break;
	case ONNXSTEP_SOFTMAX:
		onnxrows_softmax(&s->rows, in[0], out);
		break;
	case ONNXSTEP_NORM:
		onnxrows_norm(&s->rows, in, out);
		break;
	case ONNXSTEP_LRN:
		onnxrows_lrn(&s->lrn, in[0], out);
		break;
	case ONNXSTEP_MATMUL:
		run_matmul(s, in, out);
		break;
	case ONNXSTEP_CONV:
		onnxwindow_conv(&s->window, in, out);
		break;
	case ONNXSTEP_POOL:
		onnxwindow_pool(&s->window, in[0], out);
		break;
	case ONNXSTEP_RESIZE:
		onnxwindow_resize(&s->resize, in[0], out);
		break;
	}
}
