/*
 * What the net modules share about a network in darknet's form. Internal:
 * only lib/net*.c include it, and darknet's types stay incomplete here.
 * Foreign: darknet.
 *
 *	netcfg netkeys netshape   the cfg, read and checked; no darknet
 *	netdark netblob           darknet's structures; weights files
 *	net netlayer              inference, and our layers for it
 *	netplan netfold           the same, made of oneDNN's operations
 *	netdnnl netsteps netrun   those, and how they run; no darknet
 *	netlayout netarena        their arrays, and memory
 *	nettrain netinit netgrad  training, and our layers for it
 *	netmath netgemm netblas   arithmetic on arrays; the last is oneDNN's
 *	netdata netfit netckpt    images, epochs and checkpoints of a training
 */
#ifndef NETDARK_H
#define NETDARK_H

#include <stddef.h>

#include "netcfg.h"

struct layer;
struct net;
struct network;

/* Makes the network for a checked cfg; all weights are zero. */
struct network *netdark_make(const struct netcfg *cfg, int batch);
void netdark_free(struct network *n);

/* Puts our own arithmetic in the place of darknet's, where we have one. */
void netlayer_install(struct network *n);

/* As net_open, with darknet's own arithmetic: what ours is compared with. */
struct net *net_open_plain(const char *cfg, const char *weights);

/* The arrays of a layer that its weights file holds, in the file's order. */
struct netblob {
	float *value;
	float *update; /* what training adds up for it, or NULL */
	size_t n;
	enum { NETBLOB_BIAS, NETBLOB_WEIGHT, NETBLOB_SCALE, NETBLOB_STAT } kind;
};

enum { NETBLOB_MAX = 5 };

/* Returns how many there are. */
int netblob_list(const struct layer *l, struct netblob out[NETBLOB_MAX]);

/* Whether the file is one of this cfg, by its size; if not, exit 2. */
void netblob_check(const struct netcfg *cfg, const char *path);

/* Reads the weights of a whole network; what is wrong is exit 2. */
void netblob_load(
    struct network *n, const struct netcfg *cfg, const char *path);

/* Writes a weights file; seen is the number of images trained on. */
void netblob_save(struct network *n, unsigned long long seen, const char *path);

#endif
