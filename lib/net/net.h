/*
 * A trained darknet network: description (cfg), weights, forward pass.
 * train/nettrain.h trains one. Foreign: darknet; its types stay inside net/.
 *
 * darknet ends the process with status 0 on a missing file and ignores short
 * reads. So cfg and weights are checked here before darknet sees them; what
 * is wrong is a message with the file and line, and exit 2.
 */
#ifndef NET_H
#define NET_H

#include <stddef.h>

#include "net/netmodel.h"

struct net;

/*
 * Loads a network for inference. An answer depends on the engine, and not on
 * the batch or on the threads: it is the same bit for bit.
 *
 * With a batch, each of oneDNN's threads has images of its own, and takes the
 * next when it is ready; without, they share each image. darknet's engine has
 * one thread.
 */
struct net *net_open(const struct net_setup *setup);

/* The same with darknet's own arithmetic: what ours is compared with. */
struct net *net_open_plain(const char *cfg, const char *weights);

struct net_shape net_shape(const struct net *n);

struct net_layer_shape net_layer_shape(const struct net *n, int layer);

/* The default source of 'act'. */
int net_penultimate(const struct net *n);

/* Says, before the first prediction, that net_layer will be asked for it. */
void net_keep(struct net *n, int layer);

/*
 * One forward pass for each image; input is images x channels x height x
 * width floats in 0..1. Returns images x classes probabilities; they live in
 * the network until the next call. Weights that are absurdly large make them
 * NaN. Not for several threads at once.
 */
const float *net_predict(struct net *n, const float *input, int images);

/*
 * The output of a kept layer for an image of the last prediction; *len is its
 * length. By channels, rows and columns where it is an image.
 */
const float *net_layer(const struct net *n, int layer, int image, size_t *len);
/*
 * The layer whose output enters the softmax that ends the network, and what it
 * is divided by there, 1 mostly; 0 when the network does not end in one, or in
 * one with groups.
 */
int net_logits(const struct net *n);
double net_temperature(const struct net *n);

void net_close(struct net *n);

#endif
