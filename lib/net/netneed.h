/*
 * How much memory a network needs to run, from its cfg alone: so that a cfg
 * that asks for more than there is ends with a message before any is taken.
 * In bytes, 4 for each float:
 *
 *	weights         of all layers; oneDNN's engine: and of the largest once
 *	                more, or twice if normalised, while their form changes
 *	outputs         darknet's engine: of all layers. oneDNN's: what is needed
 *	                at the same time at most, for each image that runs, with
 *	                channels in groups of 16, and once more the largest
 *	scratch space   darknet's, of its largest layer, which oneDNN's engine
 *	                may have to leave to darknet
 */
#ifndef NETNEED_H
#define NETNEED_H

#include "net/netcfg.h"

/* images: that run at the same time; 0 for darknet's engine. */
struct netneed_plan {
	int images;
	long long limit; /* bytes */
};

/*
 * The bytes that the network needs; the cfg's shapes are known. With a limit
 * that is not 0, a network that needs more is a message with the layer that
 * passes it and the bytes up to there, and exit 2.
 */
long long netneed_bytes(
    const struct netcfg *cfg, const struct netneed_plan *plan);

#endif
