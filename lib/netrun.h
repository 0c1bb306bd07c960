/*
 * What netsteps.c makes and netrun.c runs. Only they include it.
 * Foreign: oneDNN, whose types stay incomplete here.
 */
#ifndef NETRUN_H
#define NETRUN_H

#include <stddef.h>

#include "netsteps.h"

struct dnnl_engine;
struct dnnl_primitive;

enum { NETRUN_NONE = -1, NETRUN_INPUT = 0 };

struct netrun_value {
	void *layout;
	float *constant; /* its data, when it is one */
	int last;        /* the step that needs it last */
	int buffer;      /* NETRUN_NONE for the input and constants */
};

struct netrun_step {
	struct dnnl_primitive *primitive; /* NULL for a call */
	void *scratch; /* layout of what it needs beside its arguments */
	netsteps_fn *call;
	void *ctx;
	int index;
	struct netsteps_arg *arg; /* the sources, and then what is made */
	int n;
};

struct netrun; /* the memory of one run at a time */

struct netsteps {
	struct dnnl_engine *engine;
	int threads;
	struct netrun_value *value; /* the first is the input */
	struct netrun_step *step;
	int values, steps;
	size_t *size; /* of each buffer */
	int buffers;
	struct netrun *run;
	int runs;
};

#endif
