/*
 * How much memory an ONNX network needs to run, as netneed.h has it for
 * darknet's: all weights once, the largest once more while its form changes,
 * and of the other arrays those that are needed at the same time.
 */
#ifndef ONNXNEED_H
#define ONNXNEED_H

struct onnxgraph;

/* In bytes, when so many images run at the same time. */
long long onnxneed_bytes(const struct onnxgraph *g, int images);

#endif
