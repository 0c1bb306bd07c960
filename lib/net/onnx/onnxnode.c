#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/onnx/onnxnode.h"
#include "tool/err.h"

/* Fields of an AttributeProto, and its types. */
enum { NAME = 1, REAL = 2, INT = 3, TEXT = 4, TENSOR = 5, REALS = 7, INTS = 8 };

void
onnxnode_begin(
    struct onnxnode_making *m, struct onnxgraph *g, const struct onnxnode *n)
{
	*m = (struct onnxnode_making){g, n, NULL};
	m->asked = err_calloc((size_t)n->attributes + 1, 1);
}

void
onnxnode_die(const struct onnxnode_making *m, const char *fmt, ...)
{
	char what[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	onnxgraph_die(m->g, m->node, "%s", what);
}

long long
onnxnode_opset(const struct onnxnode_making *m)
{
	return m->g->model->opset;
}

/* Whether the attribute has the name. */
static int
is_named(struct onnxwire attribute, const char *name)
{
	struct onnxwire_field f;

	return onnxwire_find(&attribute, NAME, ONNXWIRE_BYTES, &f) &&
	       onnxwire_length(&f.bytes) == strlen(name) &&
	       memcmp(f.bytes.p, name, strlen(name)) == 0;
}

/* The attribute of that name; with nothing in it when it is not there. */
static struct onnxwire
find(struct onnxnode_making *m, const char *name)
{
	for (int i = 0; i < m->node->attributes; i++)
		if (is_named(m->node->attribute[i], name)) {
			m->asked[i] = 1;
			return m->node->attribute[i];
		}
	return (struct onnxwire){NULL, NULL};
}

int
onnxnode_given(struct onnxnode_making *m, const char *name)
{
	return find(m, name).p != NULL;
}

/* A field of the attribute; one that is given has to have it. */
static int
find_field(struct onnxnode_making *m, const char *name, unsigned number,
    enum onnxwire_type type, struct onnxwire_field *f)
{
	struct onnxwire a = find(m, name);

	if (a.p == NULL)
		return 0;
	/* Protocol buffers leave out what is 0 or empty. */
	if (!onnxwire_find(&a, number, type, f))
		*f = (struct onnxwire_field){.bytes = {a.end, a.end}};
	return 1;
}

long long
onnxnode_int(struct onnxnode_making *m, const char *name, long long fallback)
{
	struct onnxwire_field f;

	if (!find_field(m, name, INT, ONNXWIRE_VARINT, &f))
		return fallback;
	return (long long)f.value;
}

static float
to_float(uint64_t bits)
{
	uint32_t b = (uint32_t)bits;
	float x;

	memcpy(&x, &b, sizeof x);
	return x;
}

double
onnxnode_real(struct onnxnode_making *m, const char *name, double fallback)
{
	struct onnxwire_field f;

	if (!find_field(m, name, REAL, ONNXWIRE_FIXED32, &f))
		return fallback;
	return to_float(f.value);
}

int
onnxnode_word(struct onnxnode_making *m, const char *name,
    const char *const *words, int fallback)
{
	struct onnxwire_field f;
	size_t n;

	if (!find_field(m, name, TEXT, ONNXWIRE_BYTES, &f))
		return fallback;
	n = onnxwire_length(&f.bytes);
	for (int i = 0; words[i] != NULL; i++)
		if (strlen(words[i]) == n &&
		    memcmp(words[i], f.bytes.p, n) == 0)
			return i;
	onnxnode_die(m, "attribute '%s' is '%.*s', which is not known", name,
	    n > 40 ? 40 : (int)n, (const char *)f.bytes.p);
}

static void
push(struct onnxnode_making *m, const char *name, struct onnxnode_ints *out,
    long long v)
{
	if (out->n == ONNXNODE_INTS)
		onnxnode_die(
		    m, "'%s' has more than %d numbers", name, ONNXNODE_INTS);
	out->v[out->n++] = v;
}

void
onnxnode_ints(
    struct onnxnode_making *m, const char *name, struct onnxnode_ints *out)
{
	struct onnxwire a = find(m, name);
	struct onnxwire_field f;
	uint64_t v;

	out->n = a.p == NULL ? ONNXSTEP_NONE : 0;
	while (onnxwire_next(&a, &f) > 0) {
		if (f.number != INTS)
			continue;
		if (f.type == ONNXWIRE_VARINT)
			push(m, name, out, (long long)f.value);
		while (f.type == ONNXWIRE_BYTES &&
		       onnxwire_varint(&f.bytes, &v) == 0)
			push(m, name, out, (long long)v);
	}
}

int
onnxnode_reals(
    struct onnxnode_making *m, const char *name, double *out, int most)
{
	struct onnxwire a = find(m, name);
	struct onnxwire_field f;
	int n = 0;

	if (a.p == NULL)
		return ONNXSTEP_NONE;
	while (onnxwire_next(&a, &f) > 0) {
		if (f.number != REALS)
			continue;
		if (f.type == ONNXWIRE_FIXED32 && n < most)
			out[n++] = to_float(f.value);
		for (; f.type == ONNXWIRE_BYTES &&
		       onnxwire_length(&f.bytes) >= 4 && n < most;
		     f.bytes.p += 4)
			out[n++] = onnxwire_float(f.bytes.p);
	}
	return n;
}

int
onnxnode_tensor(struct onnxnode_making *m, const char *name)
{
	struct onnxwire_field f;
	struct onnxtensor t;
	const char *why;

	if (!find_field(m, name, TENSOR, ONNXWIRE_BYTES, &f))
		return ONNXSTEP_NONE;
	why = onnxtensor_read(&t, f.bytes);
	if (why != NULL)
		onnxnode_die(m, "attribute '%s': %s", name, why);
	return onnxgraph_constant(m->g, &t);
}

void
onnxnode_ignore(struct onnxnode_making *m, const char *name)
{
	find(m, name);
}

int
onnxnode_has(const struct onnxnode_making *m, int i)
{
	return i < m->node->ins && *m->node->in[i] != '\0';
}

int
onnxnode_in(const struct onnxnode_making *m, int i)
{
	if (!onnxnode_has(m, i))
		onnxnode_die(m, "input %d is missing", i);
	return onnxgraph_find(m->g, m->node, m->node->in[i]);
}

struct netdims
onnxnode_dims(const struct onnxnode_making *m, int array)
{
	return m->g->array[array].dims;
}

struct onnxnode_text
onnxnode_show(const struct netdims *d)
{
	struct onnxnode_text t = {"one number"};
	size_t at = 0;

	for (int i = 0; i < d->rank && at < sizeof t.s; i++)
		at += (size_t)snprintf(t.s + at, sizeof t.s - at, "%s%lld",
		    i > 0 ? " x " : "", d->dim[i]);
	return t;
}

const struct onnxtensor *
onnxnode_constant(const struct onnxnode_making *m, int array)
{
	if (!m->g->array[array].constant)
		onnxnode_die(m, "depends on the image in more than its first "
				"input, which is not known");
	return &m->g->array[array].tensor;
}

void
onnxnode_in_ints(
    const struct onnxnode_making *m, int i, struct onnxnode_ints *out)
{
	const struct onnxtensor *t;
	long long n;

	out->n = ONNXSTEP_NONE;
	if (!onnxnode_has(m, i))
		return;
	t = onnxnode_constant(m, onnxnode_in(m, i));
	n = netdims_count(&t->dims);
	if (n > ONNXNODE_INTS)
		onnxnode_die(
		    m, "input %d has more than %d numbers", i, ONNXNODE_INTS);
	out->n = (int)n;
	for (int k = 0; k < n; k++)
		out->v[k] = onnxtensor_whole(t, k);
}

void
onnxnode_ints_since(struct onnxnode_making *m, int opset, const char *name,
    int i, struct onnxnode_ints *out)
{
	if (onnxnode_opset(m) < opset)
		onnxnode_ints(m, name, out);
	else
		onnxnode_in_ints(m, i, out);
}

double
onnxnode_in_real(const struct onnxnode_making *m, int i, double fallback)
{
	const struct onnxtensor *t;

	if (!onnxnode_has(m, i))
		return fallback;
	t = onnxnode_constant(m, onnxnode_in(m, i));
	if (netdims_count(&t->dims) != 1)
		onnxnode_die(m, "input %d is not one number", i);
	return onnxtensor_real(t, 0);
}

int
onnxnode_axis(const struct onnxnode_making *m, long long axis, int rank)
{
	if (axis < -rank || axis >= rank)
		onnxnode_die(m, "axis %lld of %d dimensions", axis, rank);
	return (int)(axis < 0 ? axis + rank : axis);
}

int
onnxnode_floats(
    struct onnxnode_making *m, const float *v, const struct netdims *dims)
{
	struct onnxtensor t;

	onnxtensor_make(&t, dims, 0);
	memcpy(t.own, v, (size_t)netdims_count(dims) * sizeof *v);
	return onnxgraph_constant(m->g, &t);
}

int
onnxnode_step(struct onnxnode_making *m, struct onnxstep s, int a, int b, int c,
    const struct netdims *dims)
{
	int in[] = {a, b, c};

	if (s.in == NULL) {
		s.ins = c != ONNXSTEP_NONE ? 3 : b != ONNXSTEP_NONE ? 2 : 1;
		s.in = err_malloc(sizeof in);
		memcpy(s.in, in, sizeof in);
	}
	return onnxgraph_add(m->g, m->node, &s, dims);
}

void
onnxnode_out(struct onnxnode_making *m, int i, int array)
{
	onnxgraph_name(m->g, m->node, i, array);
}

void
onnxnode_end(struct onnxnode_making *m)
{
	for (int i = 0; i < m->node->attributes; i++) {
		struct onnxwire a = m->node->attribute[i];
		struct onnxwire_field f = {.bytes = {a.end, a.end}};

		if (m->asked[i])
			continue;
		onnxwire_find(&a, NAME, ONNXWIRE_BYTES, &f);
		onnxnode_die(m, "attribute '%.*s' is not known",
		    (int)(onnxwire_length(&f.bytes) & 63),
		    (const char *)f.bytes.p);
	}
	free(m->asked);
}
