/*
 * Steps of an ONNX network as operations of oneDNN: each adds its own to the
 * steps of netsteps.h, or a call of onnxcalc.h where the library has none.
 */
#ifndef ONNXADD_H
#define ONNXADD_H

#include "net/onnx/onnxuse.h"

struct netsteps;
struct onnxstep;

struct onnxadd {
	struct onnxgraph *g; /* kept */
	struct onnxuse use;
	struct netsteps *steps;
	int *value; /* of each array in steps; ONNXSTEP_NONE: not yet */
};

/*
 * Adds a step, with those after it that go along, which use then has as not
 * needed. What it needs is there.
 */
void onnxadd_step(struct onnxadd *p, const struct onnxstep *s);

#endif
