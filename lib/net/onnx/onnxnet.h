/*
 * An ONNX network as net.h runs it. It is to take one image of one or three
 * channels, by channels or with the channels last, and to make one number for
 * each class. Where it does not end in a softmax or a sigmoid, a softmax makes
 * probabilities of these.
 *
 * A layer is a result of a node that depends on the image, in the order of the
 * file. The default source of act is what enters the last Gemm or MatMul with
 * constant weights; without one, what enters the softmax.
 */
#ifndef ONNXNET_H
#define ONNXNET_H

#include "net/netmodel.h"

/* setup->cfg is the file. What is wrong is a message and exit 2. */
struct netmodel onnxnet_open(const struct net_setup *setup);

#endif
