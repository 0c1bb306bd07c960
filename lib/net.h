/*
 * A darknet network: description (cfg), weights, forward pass, training.
 * Foreign: darknet; its types stay inside net.c.
 *
 * darknet ends the process with status 0 on a missing file and ignores short
 * reads. So cfg and weights are checked here before darknet sees them; what
 * is wrong is a message with the file and line, and exit 2.
 */
#ifndef NET_H
#define NET_H

#include <stddef.h>

struct net;

struct net_shape {
	int width, height, channels; /* of the input */
	int layers;                  /* in the network */
	int classes;                 /* outputs of the last layer */
};

/*
 * Loads a network for inference, batch 1. Input and outputs of predict are
 * as described below.
 */
struct net *net_open(const char *cfg, const char *weights);
struct net_shape net_shape(const struct net *n);

/*
 * One forward pass. input is channels x height x width floats in 0..1.
 * Returns classes probabilities; they live in the network until the next
 * call.
 */
const float *net_predict(struct net *n, const float *input);

/*
 * The output of one layer in the last forward pass; *len is its length.
 * layer counts from 0; negative counts from the end (-1 is the last layer).
 */
const float *net_layer(const struct net *n, int layer, size_t *len);

/* The layer whose output enters the softmax: the default source of 'act'. */
int net_penultimate(const struct net *n);

void net_close(struct net *n);

/* Training functions follow; see imgtrain(1). */

#endif
