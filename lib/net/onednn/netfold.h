/*
 * What of a darknet layer goes into another operation: its activation, and its
 * batch normalisation, (x - mean) / (sqrt(variance) + 1e-6) * scale + bias.
 * Foreign: darknet.
 */
#ifndef NETFOLD_H
#define NETFOLD_H

#include <stddef.h>

struct layer;
struct netdnnl_act;

/* A layer's activation of that number, or NULL where oneDNN has no match. */
const struct netdnnl_act *netfold_act(int activation);

/* The normalisation of each channel as x * scale + shift. */
void netfold_norm(
    const struct layer *l, int channels, float *scale, float *shift);

/*
 * The layer's weights, each to an output, with the normalisation in them, to
 * be freed; bias gets what is to be added.
 */
float *netfold_weights(
    const struct layer *l, int outputs, size_t each, float *bias);

#endif
