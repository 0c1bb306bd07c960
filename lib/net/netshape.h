/*
 * The shape of each layer's output, from its keys and the layer before.
 * The formulas are darknet's own (src/<type>_layer.c); the checks are those
 * without which darknet ends the process or reads outside its arrays.
 */
#ifndef NETSHAPE_H
#define NETSHAPE_H

#include "net/netcfg.h"

/* Follows the shapes through the network; one that can't be is exit 2. */
void netshape_follow(struct netcfg *cfg);

#endif
