#include <math.h>
#include <string.h>

#include "net/onnx/onnxmath.h"
#include "net/onnx/onnxwhole.h"

enum { NONE = ONNXSTEP_NONE };

/* The step of a function on an array. */
static int
unary(struct onnxnode_making *m, int x, struct onnxstep_unary u)
{
	struct netdims dims = onnxnode_dims(m, x);

	return onnxnode_step(m,
	    (struct onnxstep){.kind = ONNXSTEP_UNARY, .unary = u}, x, NONE,
	    NONE, &dims);
}

/* A function of the node's source is its result. */
static void
make(struct onnxnode_making *m, int f, double a, double b)
{
	onnxnode_out(m, 0,
	    unary(m, onnxnode_in(m, 0),
		(struct onnxstep_unary){f, (float)a, (float)b, 1, 0}));
}

/* Those that have nothing to say about themselves. */
static const struct {
	const char *type;
	int f;
	float a, scale;
} plain[] = {
    {"Relu", ONNXSTEP_RELU, 0, 1},
    {"Sigmoid", ONNXSTEP_SIGMOID, 0, 1},
    {"HardSwish", ONNXSTEP_HARDSWISH, 0, 1},
    {"Tanh", ONNXSTEP_TANH, 0, 1},
    {"Mish", ONNXSTEP_MISH, 0, 1},
    {"Softplus", ONNXSTEP_SOFTPLUS, 0, 1},
    {"Softsign", ONNXSTEP_SOFTSIGN, 0, 1},
    {"Erf", ONNXSTEP_ERF, 0, 1},
    {"Exp", ONNXSTEP_EXP, 0, 1},
    {"Log", ONNXSTEP_LOG, 0, 1},
    {"Abs", ONNXSTEP_ABS, 0, 1},
    {"Floor", ONNXSTEP_FLOOR, 0, 1},
    {"Ceil", ONNXSTEP_CEIL, 0, 1},
    {"Round", ONNXSTEP_ROUND, 0, 1},
    {"Sqrt", ONNXSTEP_POW, .5F, 1},
    {"Reciprocal", ONNXSTEP_INVERT, 1, 1},
    {"Neg", ONNXSTEP_LINEAR, 0, -1},
};

static void
make_plain(struct onnxnode_making *m)
{
	size_t i = 0;

	while (strcmp(plain[i].type, m->node->type) != 0)
		i++;
	onnxnode_out(m, 0,
	    unary(m, onnxnode_in(m, 0),
		(struct onnxstep_unary){
		    plain[i].f, plain[i].a, 0, plain[i].scale, 0}));
}

static void
make_leaky(struct onnxnode_making *m)
{
	make(m, ONNXSTEP_RELU, onnxnode_real(m, "alpha", .01), 0);
}

static void
make_elu(struct onnxnode_making *m)
{
	make(m, ONNXSTEP_ELU, onnxnode_real(m, "alpha", 1), 0);
}

static void
make_celu(struct onnxnode_making *m)
{
	make(m, ONNXSTEP_CELU, onnxnode_real(m, "alpha", 1), 0);
}

static void
make_selu(struct onnxnode_making *m)
{
	float alpha = (float)onnxnode_real(m, "alpha", 1.67326319217681884766);
	float gamma = (float)onnxnode_real(m, "gamma", 1.05070102214813232422);

	onnxnode_out(m, 0,
	    unary(m, onnxnode_in(m, 0),
		(struct onnxstep_unary){ONNXSTEP_ELU, alpha, 0, gamma, 0}));
}

static void
make_hard_sigmoid(struct onnxnode_making *m)
{
	double alpha = onnxnode_real(m, "alpha", .2);

	make(m, ONNXSTEP_HARDSIGMOID, alpha, onnxnode_real(m, "beta", .5));
}

static void
make_gelu(struct onnxnode_making *m)
{
	static const char *const words[] = {"none", "tanh", NULL};

	make(m,
	    onnxnode_word(m, "approximate", words, 0) ? ONNXSTEP_GELU_TANH
						      : ONNXSTEP_GELU,
	    0, 0);
}

static void
make_clip(struct onnxnode_making *m)
{
	double low, high;

	if (onnxnode_opset(m) < 11) {
		low = onnxnode_real(m, "min", -INFINITY);
		high = onnxnode_real(m, "max", INFINITY);
	} else {
		low = onnxnode_in_real(m, 1, -INFINITY);
		high = onnxnode_in_real(m, 2, INFINITY);
	}
	make(m, ONNXSTEP_CLIP, low, high);
}

/* With a number on one side; NONE where that is no function of the other. */
static int
with_number(struct onnxnode_making *m, int f, int x, double v, int first)
{
	float n = (float)v;
	struct onnxstep_unary u = {ONNXSTEP_LINEAR, 0, 0, 1, 0};

	switch (f) {
	case ONNXSTEP_ADD:
		u.shift = n;
		break;
	case ONNXSTEP_SUB:
		u.scale = first ? -1 : 1;
		u.shift = first ? n : -n;
		break;
	case ONNXSTEP_MUL:
		u.scale = n;
		break;
	case ONNXSTEP_DIV:
		if (first)
			u = (struct onnxstep_unary){
			    ONNXSTEP_INVERT, n, 0, 1, 0};
		else
			u.scale = (float)(1 / v);
		break;
	case ONNXSTEP_MIN:
		u = (struct onnxstep_unary){ONNXSTEP_CLIP, -INFINITY, n, 1, 0};
		break;
	case ONNXSTEP_MAX:
		u = (struct onnxstep_unary){ONNXSTEP_CLIP, n, INFINITY, 1, 0};
		break;
	case ONNXSTEP_POWER:
		if (first)
			return NONE;
		u = (struct onnxstep_unary){ONNXSTEP_POW, n, 0, 1, 0};
		break;
	case ONNXSTEP_PRELU:
		if (first)
			return NONE;
		u = (struct onnxstep_unary){ONNXSTEP_RELU, n, 0, 1, 0};
		break;
	}
	return unary(m, x, u);
}

/* Whether it is one number that does not add dimensions to the other. */
static int
is_number(const struct onnxnode_making *m, int array, int other)
{
	const struct onnxgraph_array *a = &m->g->array[array];

	return a->constant && !a->tensor.whole &&
	       netdims_count(&a->dims) == 1 &&
	       a->dims.rank <= m->g->array[other].dims.rank;
}

/* Steps in a source for each dimension of the result; it is right-aligned. */
static void
follow(
    const struct netdims *source, const struct netdims *made, long long *step)
{
	long long stride[NETDIMS_RANK];
	int lead = made->rank - source->rank;

	netdims_strides(source, stride);
	for (int d = 0; d < made->rank; d++)
		step[d] = d < lead || source->dim[d - lead] == 1
			      ? 0
			      : stride[d - lead];
}

static int
both(struct onnxnode_making *m, int f, int a, int b)
{
	struct netdims da = onnxnode_dims(m, a), db = onnxnode_dims(m, b);
	struct onnxstep s = {.kind = ONNXSTEP_BINARY, .binary = {.f = f}};

	if (onnxwhole_broadcast(&da, &db, &s.binary.dims) < 0)
		onnxnode_die(m, "%s and %s do not go together",
		    onnxnode_show(&da).s, onnxnode_show(&db).s);
	follow(&da, &s.binary.dims, s.binary.a);
	follow(&db, &s.binary.dims, s.binary.b);
	return onnxnode_step(m, s, a, b, NONE, &s.binary.dims);
}

static int
binary(struct onnxnode_making *m, int f, int a, int b)
{
	int made = NONE;

	if (onnxwhole_is(m, a) && onnxwhole_is(m, b))
		return onnxwhole_binary(m, f, a, b);
	if (is_number(m, b, a))
		made = with_number(
		    m, f, a, onnxtensor_real(onnxnode_constant(m, b), 0), 0);
	else if (is_number(m, a, b))
		made = with_number(
		    m, f, b, onnxtensor_real(onnxnode_constant(m, a), 0), 1);
	return made != NONE ? made : both(m, f, a, b);
}

int
onnxmath_add(struct onnxnode_making *m, int a, int b)
{
	return binary(m, ONNXSTEP_ADD, a, b);
}

int
onnxmath_scale(struct onnxnode_making *m, int x, double factor)
{
	return factor == 1 ? x : with_number(m, ONNXSTEP_MUL, x, factor, 0);
}

static const struct {
	const char *type;
	int f;
} pairs[] = {
    {"Add", ONNXSTEP_ADD},
    {"Sub", ONNXSTEP_SUB},
    {"Mul", ONNXSTEP_MUL},
    {"Div", ONNXSTEP_DIV},
    {"Pow", ONNXSTEP_POWER},
    {"PRelu", ONNXSTEP_PRELU},
    {"Min", ONNXSTEP_MIN},
    {"Max", ONNXSTEP_MAX},
    {"Sum", ONNXSTEP_ADD},
};

/* Of two sources, or of as many as there are. */
static void
make_pairs(struct onnxnode_making *m)
{
	int made = onnxnode_in(m, 0);
	size_t k = 0;

	/* Of opset 6, in which it says what has been so since. */
	onnxnode_ignore(m, "broadcast");

	while (strcmp(pairs[k].type, m->node->type) != 0)
		k++;
	if (strcmp(m->node->type, "Pow") == 0) {
		/* The exponent may be of another type. */
		int power = onnxwhole_to_float(m, onnxnode_in(m, 1));

		made = binary(m, pairs[k].f, made, power);
	} else
		for (int i = 1; i < m->node->ins; i++)
			made = binary(m, pairs[k].f, made, onnxnode_in(m, i));
	onnxnode_out(m, 0, made);
}

/* Nothing happens in inference. */
static void
make_nothing(struct onnxnode_making *m)
{
	onnxnode_ignore(m, "ratio");
	onnxnode_ignore(m, "seed");
	onnxnode_ignore(m, "is_test");
	if (onnxnode_in_real(m, 2, 0) != 0 && onnxnode_in_real(m, 1, .5) != 0)
		onnxnode_die(m, "in training mode: export it for inference");
	onnxnode_out(m, 0, onnxnode_in(m, 0));
}

static void
make_cast(struct onnxnode_making *m)
{
	int type = (int)onnxnode_int(m, "to", 0);
	int kind = onnxtensor_is_float(type), x = onnxnode_in(m, 0);

	onnxnode_ignore(m, "saturate");
	if (kind < 0)
		onnxnode_die(m, "to type %d, which is not known", type);
	if (kind == 1)
		x = onnxwhole_to_float(m, x);
	else
		x = onnxwhole_from_float(m, x);
	onnxnode_out(m, 0, x);
}

const struct onnxnode_operator onnxmath_list[] = {
    {"Relu", make_plain},
    {"Sigmoid", make_plain},
    {"HardSwish", make_plain},
    {"Tanh", make_plain},
    {"Mish", make_plain},
    {"Softplus", make_plain},
    {"Softsign", make_plain},
    {"Erf", make_plain},
    {"Exp", make_plain},
    {"Log", make_plain},
    {"Abs", make_plain},
    {"Floor", make_plain},
    {"Ceil", make_plain},
    {"Round", make_plain},
    {"Sqrt", make_plain},
    {"Reciprocal", make_plain},
    {"Neg", make_plain},
    {"LeakyRelu", make_leaky},
    {"Elu", make_elu},
    {"Celu", make_celu},
    {"Selu", make_selu},
    {"HardSigmoid", make_hard_sigmoid},
    {"Gelu", make_gelu},
    {"Clip", make_clip},
    {"Add", make_pairs},
    {"Sub", make_pairs},
    {"Mul", make_pairs},
    {"Div", make_pairs},
    {"Pow", make_pairs},
    {"PRelu", make_pairs},
    {"Min", make_pairs},
    {"Max", make_pairs},
    {"Sum", make_pairs},
    {"Identity", make_nothing},
    {"Dropout", make_nothing},
    {"Cast", make_cast},
    {NULL, NULL},
};
