#include <stdlib.h>

#include "net/onnx/onnxstep.h"

void
onnxstep_free(struct onnxstep *s)
{
	if (s->kind == ONNXSTEP_PICK)
		for (int i = 0; i < s->pick.dims.rank; i++)
			free(s->pick.at[i]);
	if (s->kind == ONNXSTEP_REDUCE) {
		free(s->reduce.from);
		free(s->reduce.over);
	}
	if (s->kind == ONNXSTEP_MATMUL) {
		free(s->matmul.a);
		free(s->matmul.b);
	}
	if (s->kind == ONNXSTEP_RESIZE)
		for (int i = 0; i < 2; i++) {
			free(s->resize.low[i]);
			free(s->resize.part[i]);
		}
	free(s->part);
	free(s->in);
}
