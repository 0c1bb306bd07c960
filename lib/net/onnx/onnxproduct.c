#include "net/onnx/onnxmath.h"
#include "net/onnx/onnxpick.h"
#include "net/onnx/onnxproduct.h"
#include "tool/err.h"

enum { NONE = ONNXSTEP_NONE };

/* A product of matrices: batch times m x k by k x n. */
static int
product(struct onnxnode_making *m, const int in[3], struct onnxstep_matmul p,
    const struct netdims *made)
{
	struct onnxstep s = {.kind = ONNXSTEP_MATMUL, .matmul = p};

	return onnxnode_step(m, s, in[0], in[1], in[2], made);
}

/* Room for the places of so many matrices. */
static struct onnxstep_matmul
matrices(struct onnxnode_making *m, long long batch)
{
	struct onnxstep_matmul p = {.batch = batch};

	onnxgraph_charge(m->g, m->node, 2 * batch);
	p.a = err_calloc((size_t)batch + 1, sizeof *p.a);
	p.b = err_calloc((size_t)batch + 1, sizeof *p.b);
	return p;
}

/* A matrix, turned if wanted. */
static int
turned(struct onnxnode_making *m, int x, int turn)
{
	static const int order[] = {1, 0};

	return turn ? onnxpick_transpose(m, x, order) : x;
}

static void
make_gemm(struct onnxnode_making *m)
{
	double alpha = onnxnode_real(m, "alpha", 1);
	double beta = onnxnode_real(m, "beta", 1);
	int in[3] = {onnxnode_in(m, 0), onnxnode_in(m, 1), NONE};
	int turn_a = onnxnode_int(m, "transA", 0) != 0, added = NONE, made;
	struct onnxstep_matmul p = matrices(m, 1);
	struct netdims a, b;

	onnxnode_ignore(m, "broadcast");
	p.b_turned = onnxnode_int(m, "transB", 0) != 0;
	if (onnxnode_dims(m, in[0]).rank != 2 ||
	    onnxnode_dims(m, in[1]).rank != 2)
		onnxnode_die(m, "not of two matrices");
	in[0] = onnxmath_scale(m, turned(m, in[0], turn_a), alpha);
	a = onnxnode_dims(m, in[0]);
	b = onnxnode_dims(m, in[1]);
	p.m = a.dim[0];
	p.k = a.dim[1];
	p.n = b.dim[!p.b_turned];
	if (b.dim[p.b_turned] != p.k)
		onnxnode_die(m, "%s and %s do not multiply",
		    onnxnode_show(&a).s, onnxnode_show(&b).s);
	if (onnxnode_has(m, 2) && beta != 0) {
		struct netdims c;

		added = onnxmath_scale(m, onnxnode_in(m, 2), beta);
		c = onnxnode_dims(m, added);
		if (netdims_count(&c) == p.n && c.rank > 0 &&
		    c.dim[c.rank - 1] == p.n) {
			in[2] = added;
			added = NONE;
		}
	}
	made = product(m, in, p, &(struct netdims){2, {p.m, p.n}});
	onnxnode_out(m, 0, added == NONE ? made : onnxmath_add(m, made, added));
}

/* Where each matrix of a batch begins in a source, which may have fewer. */
static void
place(const struct netdims *source, const struct netdims *made, long long size,
    long long *at)
{
	int lead = made->rank - source->rank;
	long long n = netdims_product(made, 0, made->rank - 2);

	for (long long i = 0; i < n; i++) {
		long long rest = i, step = 1;

		at[i] = 0;
		for (int d = made->rank - 3; d >= lead; d--) {
			if (source->dim[d - lead] != 1)
				at[i] += rest % made->dim[d] * step;
			step *= source->dim[d - lead];
			rest /= made->dim[d];
		}
		at[i] *= size;
	}
}

/* The dimensions of a product before the matrices themselves. */
static struct netdims
outer(
    struct onnxnode_making *m, const struct netdims *a, const struct netdims *b)
{
	struct netdims made = *(a->rank > b->rank ? a : b);

	for (int d = 3; d <= made.rank; d++) {
		long long x = d <= a->rank ? a->dim[a->rank - d] : 1;
		long long y = d <= b->rank ? b->dim[b->rank - d] : 1;

		if (x != y && x != 1 && y != 1)
			onnxnode_die(m, "%s and %s do not multiply",
			    onnxnode_show(a).s, onnxnode_show(b).s);
		made.dim[made.rank - d] = x == 1 ? y : x;
	}
	made.dim[made.rank - 2] = a->dim[a->rank - 2];
	made.dim[made.rank - 1] = b->dim[b->rank - 1];
	return made;
}

static void
make_matmul(struct onnxnode_making *m)
{
	int in[3] = {onnxnode_in(m, 0), onnxnode_in(m, 1), NONE};
	struct netdims a = onnxnode_dims(m, in[0]), b = onnxnode_dims(m, in[1]);
	struct netdims made;
	struct onnxstep_matmul p;

	if (a.rank < 2 || b.rank < 2 || a.dim[a.rank - 1] != b.dim[b.rank - 2])
		onnxnode_die(m, "%s and %s do not multiply",
		    onnxnode_show(&a).s, onnxnode_show(&b).s);
	made = outer(m, &a, &b);
	onnxgraph_check(m->g, m->node, &made);
	p = matrices(m, netdims_product(&made, 0, made.rank - 2));
	p.m = made.dim[made.rank - 2];
	p.n = made.dim[made.rank - 1];
	p.k = a.dim[a.rank - 1];
	place(&a, &made, p.m * p.k, p.a);
	place(&b, &made, p.k * p.n, p.b);
	/* One matrix by which all rows are multiplied. */
	if (b.rank == 2) {
		p.m *= p.batch;
		p.batch = 1;
	}
	onnxnode_out(m, 0, product(m, in, p, &made));
}

const struct onnxnode_operator onnxproduct_list[] = {
    {"Gemm", make_gemm},
    {"MatMul", make_matmul},
    {NULL, NULL},
};
