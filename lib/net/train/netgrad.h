/*
 * Forward and backward passes of training, of the layer types where darknet's
 * own cost the time or draw from a generator that threads would share.
 * Foreign: darknet, whose types stay incomplete here.
 */
#ifndef NETGRAD_H
#define NETGRAD_H

#include "stats/rng.h"

struct layer;
struct network;

/*
 * Batch normalisation is darknet's: the variance is divided by n - 1, and
 * batch mean and variance are left in the layer for the caller to average.
 */
void netgrad_forward(struct layer *l, struct network *net, struct rng *rng);

/* Adds to the layer's updates, and to net->delta unless that is NULL. */
void netgrad_backward(struct layer *l, struct network *net);

#endif
