/* ONNX's operators: what makes the steps of each. */
#ifndef ONNXOPS_H
#define ONNXOPS_H

struct onnxgraph;

/*
 * Makes the steps of all nodes. An operator, or an attribute of one, that is
 * not known is a message with its name, its node and the opset, and exit 2.
 */
void onnxops_make(struct onnxgraph *g);

/*
 * Adds the softmax that makes probabilities of the output. Before it, the
 * output is an array that depends on the image.
 */
void onnxops_end(struct onnxgraph *g);

#endif
