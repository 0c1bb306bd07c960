/*
 * A network in training, shared by the files of that module. Internal to
 * lib/net*.c; net.h has what others call.
 */
#ifndef NETTRAIN_H
#define NETTRAIN_H

struct network;

/* Streams of random numbers of one seed: weights, dropout. */
enum { STREAM_WEIGHTS = 1, STREAM_DROPOUT = 1 << 16 };

struct net_train {
	struct network **dark; /* one a job; all use the weights of the first */
	float *velocity;       /* as long as the weights, in their order */
	float *state;          /* weights and velocity, for checkpoints */
	size_t params;
	int jobs, batch;
	int soft; /* the softmax that is trained */
	double momentum, decay, rate;
	unsigned long long seed, steps;
	struct net_shape shape;
};

#endif
