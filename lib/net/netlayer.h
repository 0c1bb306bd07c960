/*
 * Our own forward passes for the layers where darknet's cost the time, in
 * darknet's terms: for --engine darknet, for a layer that oneDNN has no
 * operation for, and for tests in a training; train/netgrad.h has the passes
 * of training itself. Foreign: darknet, whose types stay incomplete here.
 */
#ifndef NETLAYER_H
#define NETLAYER_H

struct network;

/* Puts them in the place of darknet's. */
void netlayer_install(struct network *n);

/* n values through a layer's activation, darknet's own or one of netact.h. */
void netlayer_activate(float *x, int n, int activation);

#endif
