/*
 * What the net modules share about a network in darknet's form. Internal:
 * only lib/net/ includes it, and darknet's types stay incomplete here.
 * Foreign: darknet.
 *
 * From the top down, each using those below it:
 *
 *	net netpick               inference: batches, which layer
 *	netdarkrun                darknet's format: which engine
 *	onnx/onnxnet              ONNX's: see onnx/onnxnet.h
 *	onednn/netplan netfold    the network made of oneDNN's operations
 *	  netdnnl netmerge        those; no darknet
 *	  netrun netsteps         and how they run
 *	  netlayout netarena      their arrays, and memory
 *	train/netfit netckpt      epochs and checkpoints of a training
 *	  netcal netdata          calibration; labelled images
 *	  netsgd netgrad nettrain a step, our layers for it, the state
 *	  netblas                 matrix products, oneDNN's where it is there
 *	netlayer                  our forward passes for darknet's layers
 *	netdark netblob           darknet's structures; weights files
 *	netneed                   the memory that a network needs
 *	netshape netcfg netkeys   the cfg, read and checked; no darknet
 *	netmath netgemm netact    arithmetic on arrays
 */
#ifndef NETDARK_H
#define NETDARK_H

#include "net/netcfg.h"

struct network;

/* Makes the network for a checked cfg; all weights are zero. */
struct network *netdark_make(const struct netcfg *cfg, int batch);
void netdark_free(struct network *n);

#endif
