/*
 * A node while its steps are made: its attributes, its sources, and what it
 * makes. An attribute that nobody has asked for at the end is an error, since
 * it would change the answer; so is a result that something wants and nobody
 * has made.
 */
#ifndef ONNXNODE_H
#define ONNXNODE_H

#include "net/onnx/onnxgraph.h"

struct onnxnode_making;

/* An operator, and what makes its steps; NULL ends a list. */
struct onnxnode_operator {
	const char *type;
	void (*make)(struct onnxnode_making *m);
};

enum { ONNXNODE_INTS = 64 }; /* numbers of an attribute or a small constant */

struct onnxnode_ints {
	int n; /* ONNXSTEP_NONE: it is not given */
	long long v[ONNXNODE_INTS];
};

struct onnxnode_making {
	struct onnxgraph *g;
	const struct onnxnode *node;
	unsigned char *asked; /* of each attribute */
};

void onnxnode_begin(
    struct onnxnode_making *m, struct onnxgraph *g, const struct onnxnode *n);
void onnxnode_end(struct onnxnode_making *m);

_Noreturn void onnxnode_die(const struct onnxnode_making *m, const char *fmt,
    ...) __attribute__((format(printf, 2, 3)));

long long onnxnode_opset(const struct onnxnode_making *m);

int onnxnode_given(struct onnxnode_making *m, const char *name);

/* An attribute, or the fallback. */
long long onnxnode_int(
    struct onnxnode_making *m, const char *name, long long fallback);
double onnxnode_real(
    struct onnxnode_making *m, const char *name, double fallback);
void onnxnode_ints(
    struct onnxnode_making *m, const char *name, struct onnxnode_ints *out);
int onnxnode_reals(
    struct onnxnode_making *m, const char *name, double *out, int most);
/* The number of the attribute's text among words, which NULL ends. */
int onnxnode_word(struct onnxnode_making *m, const char *name,
    const char *const *words, int fallback);
/* Its array as a new constant; ONNXSTEP_NONE: it is not given. */
int onnxnode_tensor(struct onnxnode_making *m, const char *name);
/* It is there, and does not matter. */
void onnxnode_ignore(struct onnxnode_making *m, const char *name);

/* Source i: its array, ONNXSTEP_NONE for one left out. The second dies then. */
int onnxnode_has(const struct onnxnode_making *m, int i);
int onnxnode_in(const struct onnxnode_making *m, int i);
struct netdims onnxnode_dims(const struct onnxnode_making *m, int array);

/* Source i, which has to be a constant: its numbers, or n ONNXSTEP_NONE. */
void onnxnode_in_ints(
    const struct onnxnode_making *m, int i, struct onnxnode_ints *out);
/* Numbers that were an attribute once, and are source i since an opset. */
void onnxnode_ints_since(struct onnxnode_making *m, int opset, const char *name,
    int i, struct onnxnode_ints *out);
/* A constant with one number, or the fallback where it is left out. */
double onnxnode_in_real(
    const struct onnxnode_making *m, int i, double fallback);
/* The tensor of an array that has to be a constant. */
const struct onnxtensor *onnxnode_constant(
    const struct onnxnode_making *m, int array);

/* An axis from its number, which may count from the end. */
int onnxnode_axis(const struct onnxnode_making *m, long long axis, int rank);

/* A new constant of so many floats, taken over. */
int onnxnode_floats(
    struct onnxnode_making *m, const float *v, const struct netdims *dims);

/* Adds a step on up to three arrays; ONNXSTEP_NONE ends them. */
int onnxnode_step(struct onnxnode_making *m, struct onnxstep s, int a, int b,
    int c, const struct netdims *dims);

/* The dimensions in words, for a message. */
struct onnxnode_text {
	char s[160];
};
struct onnxnode_text onnxnode_show(const struct netdims *d);

/* The result number i of the node. */
void onnxnode_out(struct onnxnode_making *m, int i, int array);

#endif
