/*
 * A darknet network as net.h runs it: by oneDNN, or by darknet's layers one
 * after the other. Foreign: darknet.
 */
#ifndef NETDARKRUN_H
#define NETDARKRUN_H

#include "net/netmodel.h"

/* Reads cfg and weights; what is wrong is a message and exit 2. */
struct netmodel netdarkrun_open(const struct net_setup *setup);

/* The same with darknet's own arithmetic. */
struct netmodel netdarkrun_plain(const struct net_setup *setup);

#endif
