/*
 * A network in training: darknet's structures, one for each thread, with
 * random weights or those of a file; the velocity of the descent; what a
 * checkpoint holds. netsgd.h trains it.
 * Foreign: darknet, whose types stay incomplete here.
 */
#ifndef NETTRAIN_H
#define NETTRAIN_H

#include <stddef.h>

#include "net/net.h"

struct network;

struct nettrain_plan {
	int jobs;  /* at least 1 */
	int batch; /* 0: the cfg's; must be a multiple of jobs */
	unsigned long long seed;
};

/* Others than the modules of a training only pass it on. */
struct nettrain {
	struct network **dark; /* one a job; all use the weights of the first */
	float *velocity;       /* as long as the weights, in their order */
	float *state;          /* weights and velocity, for checkpoints */
	size_t params;
	int jobs, batch;
	int soft; /* the softmax that is trained */
	double momentum, decay;
	double rate; /* the cfg's */
	unsigned long long seed, steps;
	struct net_shape shape;
};

/* Starts from random weights, or, unless weights is NULL, from that file. */
struct nettrain *nettrain_open(
    const char *cfg, const char *weights, const struct nettrain_plan *plan);

/*
 * All that the next step depends on, as n floats that live in t: get fills
 * them from t, set brings t to what stands in them. Steps done are apart.
 */
float *nettrain_state(struct nettrain *t, size_t *n);
void nettrain_get(struct nettrain *t);
void nettrain_set(struct nettrain *t, unsigned long long steps);

/* Writes a weights file: temporary, synced, renamed. What fails is exit 2. */
void nettrain_save(const struct nettrain *t, const char *path);
void nettrain_close(struct nettrain *t);

#endif
