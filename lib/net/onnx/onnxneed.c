#include <stdlib.h>

#include "net/onnx/onnxgraph.h"
#include "net/onnx/onnxneed.h"
#include "tool/err.h"

enum { GROUP = 16 }; /* channels that oneDNN keeps together */

/* Floats of an array as oneDNN lays it out. */
static long long
padded(const struct netdims *d)
{
	struct netdims p = *d;

	if (d->rank == 4)
		p.dim[1] = (p.dim[1] + GROUP - 1) / GROUP * GROUP;
	return netdims_count(&p);
}

/* The largest sum of arrays that are alive at the same time. */
static long long
peak(const struct onnxgraph *g, const int *last)
{
	long long now = 0, most = 0;

	for (int i = 0; i < g->steps; i++) {
		const struct onnxstep *s = &g->step[i];

		now += padded(&g->array[s->out].dims);
		most = now > most ? now : most;
		for (int j = 0; j < s->ins; j++) {
			int a = s->in[j];

			/* Once, where a step reads it twice. */
			if (a == ONNXSTEP_NONE || last[a] != i ||
			    g->array[a].constant)
				continue;
			for (int k = 0; k <= j; k++)
				if (s->in[k] == a) {
					now -= k == j
						   ? padded(&g->array[a].dims)
						   : 0;
					break;
				}
		}
	}
	return most;
}

long long
onnxneed_bytes(const struct onnxgraph *g, int images)
{
	int *last = err_calloc((size_t)g->arrays + 1, sizeof *last);
	long long weights = 0, copy = 0, greatest = 0, all;

	for (int i = 0; i < g->steps; i++) {
		long long made = padded(&g->array[g->step[i].out].dims);

		greatest = made > greatest ? made : greatest;
		last[g->step[i].out] = i;
		for (int j = 0; j < g->step[i].ins; j++)
			if (g->step[i].in[j] != ONNXSTEP_NONE)
				last[g->step[i].in[j]] = i;
	}
	for (int i = 0; i < g->arrays; i++) {
		long long n = g->array[i].constant && last[i] > 0
				  ? netdims_count(&g->array[i].dims)
				  : 0;

		weights += n;
		copy = n > copy ? n : copy;
	}
	all = weights + copy +
	      images *
		  (peak(g, last) + greatest + padded(&g->array[g->input].dims));
	free(last);
	return all * (long long)sizeof(float);
}
