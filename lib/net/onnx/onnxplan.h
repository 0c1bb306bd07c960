/*
 * An ONNX network compiled for oneDNN: each step becomes an operation of its
 * own, with what follows it in the same pass where it can be; what the library
 * has no operation for is computed by onnxcalc.h in between.
 */
#ifndef ONNXPLAN_H
#define ONNXPLAN_H

struct onnxgraph;
struct onnxplan;

/*
 * keep says of each array whether onnxplan_output will be asked for it. Each
 * image is shared by threads; images run at the same time. The graph stays the
 * caller's, must stay as long as the plan, and is changed.
 */
struct onnxplan *onnxplan_make(
    struct onnxgraph *g, const int *keep, int threads, int images);

/* One image: channels x rows x columns, also where the network has them last. */
void onnxplan_run(struct onnxplan *p, int run, const float *input);

/* A kept array, as the last run of that number left it. */
const float *onnxplan_output(const struct onnxplan *p, int run, int array);

void onnxplan_free(struct onnxplan *p);

/* Whether an input of those dimensions is an image with its channels last. */
struct netdims;
int onnxplan_is_last(const struct netdims *input);

#endif
