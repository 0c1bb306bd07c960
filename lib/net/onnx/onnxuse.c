#include <math.h>
#include <stdlib.h>

#include "net/onnx/onnxgraph.h"
#include "net/onnx/onnxuse.h"
#include "tool/err.h"

enum { NONE = ONNXSTEP_NONE };

void
onnxuse_find(struct onnxuse *u, struct onnxgraph *g, const int *keep)
{
	size_t n = (size_t)g->arrays + 1;

	*u = (struct onnxuse){.g = g, .keep = keep};
	u->maker = err_malloc(n * sizeof *u->maker);
	u->readers = err_calloc(n, sizeof *u->readers);
	u->reader = err_calloc(n, sizeof *u->reader);
	u->needed = err_calloc((size_t)g->steps + 1, sizeof *u->needed);
	for (int i = 0; i < g->arrays; i++)
		u->maker[i] = NONE;
	for (int i = g->steps - 1; i >= 0; i--) {
		const struct onnxstep *s = &g->step[i];

		u->maker[s->out] = i;
		u->needed[i] = keep[s->out] || u->readers[s->out] > 0;
		for (int j = 0; u->needed[i] && j < s->ins; j++)
			if (s->in[j] != NONE) {
				u->readers[s->in[j]]++;
				u->reader[s->in[j]] = i;
			}
	}
}

void
onnxuse_free(struct onnxuse *u)
{
	free(u->maker);
	free(u->readers);
	free(u->reader);
	free(u->needed);
}

struct onnxstep *
onnxuse_maker(const struct onnxuse *u, int array)
{
	return u->maker[array] == NONE ? NULL : &u->g->step[u->maker[array]];
}

struct onnxstep *
onnxuse_follower(const struct onnxuse *u, int array)
{
	if (u->keep[array] || u->readers[array] != 1)
		return NULL;
	return &u->g->step[u->reader[array]];
}

static int
near(double x, double y)
{
	return fabs(x - y) <= 1e-5 * fabs(y);
}

/* Whether an array is made by that function of one number. */
static const struct onnxstep *
made_by(const struct onnxuse *u, int array, int f)
{
	const struct onnxstep *s = onnxuse_maker(u, array);

	return s != NULL && s->kind == ONNXSTEP_UNARY && (int)s->unary.f == f
		   ? s
		   : NULL;
}

/* The function of x that y is x times of, as one; f LINEAR when there is none. */
static struct onnxstep_unary
product(const struct onnxuse *u, int x, int y)
{
	struct onnxstep_unary none = {ONNXSTEP_LINEAR, 0, 0, 1, 0};
	const struct onnxstep *s, *inner;

	s = made_by(u, y, ONNXSTEP_SIGMOID);
	if (s != NULL && s->in[0] == x && s->unary.shift == 0)
		return (struct onnxstep_unary){
		    ONNXSTEP_SWISH, 0, 0, s->unary.scale, 0};
	s = made_by(u, y, ONNXSTEP_HARDSIGMOID);
	if (s != NULL && s->in[0] == x && near(s->unary.a, 1 / 6.) &&
	    s->unary.b == .5F && s->unary.shift == 0)
		return (struct onnxstep_unary){
		    ONNXSTEP_HARDSWISH, 0, 0, s->unary.scale, 0};
	s = made_by(u, y, ONNXSTEP_ERF);
	inner = s ? made_by(u, s->in[0], ONNXSTEP_LINEAR) : NULL;
	if (inner != NULL && inner->in[0] == x && inner->unary.shift == 0 &&
	    near(inner->unary.scale, sqrt(.5)) && s->unary.scale == 1 &&
	    s->unary.shift == 1)
		return (struct onnxstep_unary){ONNXSTEP_GELU, 0, 0, 2, 0};
	s = made_by(u, y, ONNXSTEP_CLIP);
	inner = s ? made_by(u, s->in[0], ONNXSTEP_LINEAR) : NULL;
	if (inner != NULL && inner->in[0] == x && inner->unary.shift == 3 &&
	    inner->unary.scale == 1 && s->unary.a == 0 && s->unary.b == 6 &&
	    s->unary.shift == 0)
		return (struct onnxstep_unary){
		    ONNXSTEP_HARDSWISH, 0, 0, 6 * s->unary.scale, 0};
	return none;
}

/* x times a function of it. */
static void
join_product(const struct onnxuse *u, struct onnxstep *s)
{
	struct onnxstep_unary f = {ONNXSTEP_LINEAR, 0, 0, 1, 0};

	for (int i = 0; i < 2 && f.f == ONNXSTEP_LINEAR; i++) {
		f = product(u, s->in[i], s->in[1 - i]);
		if (f.f != ONNXSTEP_LINEAR)
			s->in[0] = s->in[i];
	}
	if (f.f == ONNXSTEP_LINEAR)
		return;
	s->kind = ONNXSTEP_UNARY;
	s->unary = f;
	s->ins = 1;
}

/* A function whose result nothing else reads, and x * scale + shift of it. */
static void
join_linear(const struct onnxuse *u, struct onnxstep *s)
{
	const struct onnxstep *before = onnxuse_maker(u, s->in[0]);
	struct onnxstep_unary f;

	if (before == NULL || before->kind != ONNXSTEP_UNARY ||
	    onnxuse_follower(u, s->in[0]) != s)
		return;
	f = before->unary;
	f.scale *= s->unary.scale;
	f.shift = f.shift * s->unary.scale + s->unary.shift;
	s->unary = f;
	s->in[0] = before->in[0];
}

void
onnxuse_join(struct onnxgraph *g, const int *keep)
{
	struct onnxuse u;

	onnxuse_find(&u, g, keep);
	for (int i = 0; i < g->steps; i++) {
		struct onnxstep *s = &g->step[i];

		if (s->kind == ONNXSTEP_BINARY && s->binary.f == ONNXSTEP_MUL)
			join_product(&u, s);
		else if (s->kind == ONNXSTEP_UNARY &&
			 s->unary.f == ONNXSTEP_LINEAR)
			join_linear(&u, s);
	}
	onnxuse_free(&u);
}
