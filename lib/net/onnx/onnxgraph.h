/*
 * A network as steps (onnxstep.h) on arrays, made node by node out of an ONNX
 * file by onnxops.h. Arrays that do not depend on the image are computed at
 * once; what is left are the steps for each image, in an order in which they
 * can run.
 *
 * What is wrong is a message with file, node and operator, and exit 2.
 */
#ifndef ONNXGRAPH_H
#define ONNXGRAPH_H

#include "net/netdims.h"
#include "net/onnx/onnxmodel.h"
#include "net/onnx/onnxstep.h"
#include "net/onnx/onnxtensor.h"

struct onnxgraph_array {
	struct netdims dims;
	int constant; /* whether it has a tensor */
	struct onnxtensor tensor;
};

/* A result of a node that depends on the image. */
struct onnxgraph_result {
	const char *name; /* of the array, in the model */
	const char *type; /* of the operator */
	int array;
};

struct onnxgraph {
	struct onnxmodel *model;     /* kept */
	struct onnxgraph_name *name; /* of all arrays, sorted */
	size_t names;
	struct onnxgraph_array *array;
	int arrays;
	struct onnxstep *step;
	int steps;
	struct onnxgraph_result *layer;
	int layers;
	long long charged; /* by onnxgraph_charge */
	int input, output; /* arrays */
};

enum { ONNXGRAPH_MOST = 1 << 28 }; /* numbers of an array */

/*
 * Takes the names and constants of the model, and its image: the one input
 * that is no constant. free stands for the dimensions that the file leaves
 * free.
 */
void onnxgraph_open(
    struct onnxgraph *g, struct onnxmodel *m, const struct netdims *free);
void onnxgraph_close(struct onnxgraph *g);

/* Ends the program: the node, and what is wrong with it. */
_Noreturn void onnxgraph_die(
    const struct onnxgraph *g, const struct onnxnode *n, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The array of that name that the node takes; one that is not made dies. */
int onnxgraph_find(
    const struct onnxgraph *g, const struct onnxnode *n, const char *name);

/* The node's result i is that array from now on. */
void onnxgraph_name(
    struct onnxgraph *g, const struct onnxnode *n, int i, int array);

/* Adds a layer; the names are kept. */
void onnxgraph_layer(
    struct onnxgraph *g, const char *name, const char *type, int array);

/* A new constant, taken over. */
int onnxgraph_constant(struct onnxgraph *g, struct onnxtensor *t);

/*
 * Adds a step and takes it over; its sources are in order. Returns the array of
 * those dimensions that it makes: a constant, when all sources are.
 */
int onnxgraph_add(struct onnxgraph *g, const struct onnxnode *n,
    struct onnxstep *s, const struct netdims *dims);

/*
 * The node asks for room for so many numbers that do not depend on the image:
 * it dies when that is much more than the file has.
 */
void onnxgraph_charge(
    struct onnxgraph *g, const struct onnxnode *n, long long numbers);

/* Dies when an array of the node would be too large. */
void onnxgraph_check(const struct onnxgraph *g, const struct onnxnode *n,
    const struct netdims *dims);

#endif
