/*
 * A darknet network: description (cfg), weights, forward pass, training.
 * Foreign: darknet; its types stay inside lib/net*.c.
 *
 * darknet ends the process with status 0 on a missing file and ignores short
 * reads. So cfg and weights are checked here before darknet sees them; what
 * is wrong is a message with the file and line, and exit 2.
 */
#ifndef NET_H
#define NET_H

#include <stddef.h>

struct net;

struct net_shape {
	int width, height, channels; /* of the input */
	int layers;                  /* in the network */
	int classes;                 /* outputs of the last layer */
};

/* What computes: oneDNN, or darknet's layers one by one. */
#ifdef WITH_ONEDNN
#define NET_ENGINES "onednn|darknet"
enum net_engine { NET_ONEDNN, NET_DARKNET };
#else
#define NET_ENGINES "darknet"
enum net_engine { NET_DARKNET };
#endif

struct net_setup {
	const char *cfg, *weights;
	int engine;  /* enum net_engine */
	int batch;   /* images that net_predict gets at most; 1 or more */
	int threads; /* that net_predict uses at most; 1 or more */
};

/*
 * Loads a network for inference. An answer depends on the engine, and not on
 * the batch or on the threads: it is the same bit for bit.
 *
 * With a batch, each of oneDNN's threads has images of its own, and takes the
 * next when it is ready; without, they share each image. darknet's engine has
 * one thread.
 */
struct net *net_open(const struct net_setup *setup);
struct net_shape net_shape(const struct net *n);

/*
 * Layers count from 0; negative numbers count from the end (-1 is the last).
 * width, height and channels are 0 when the output is no image. type is the
 * name of the section in the cfg, in full ("convolutional").
 */
struct net_layer_shape {
	const char *type;
	int width, height, channels;
	size_t outputs;
};
struct net_layer_shape net_layer_shape(const struct net *n, int layer);

/* The layer whose output enters the softmax: the default source of 'act'. */
int net_penultimate(const struct net *n);

/* Says, before the first prediction, that net_layer will be asked for it. */
void net_keep(struct net *n, int layer);

/*
 * One forward pass for each image; input is images x channels x height x
 * width floats in 0..1. Returns images x classes probabilities; they live in
 * the network until the next call. Weights that are absurdly large make them
 * NaN. Not for several threads at once.
 */
const float *net_predict(struct net *n, const float *input, int images);

/*
 * The output of a kept layer for an image of the last prediction; *len is its
 * length. By channels, rows and columns where it is an image.
 */
const float *net_layer(const struct net *n, int layer, int image, size_t *len);
/*
 * The divisor of the logits in the softmax that ends the network, 1 mostly;
 * net_penultimate has the logits. 0 when it does not end in one, or in one
 * with groups.
 */
double net_temperature(const struct net *n);

void net_close(struct net *n);

/*
 * Training: stochastic gradient descent with momentum on the cross-entropy of
 * a softmax, as darknet does it: v = momentum v + gradient - decay w,
 * w += rate v. A batch is shared out to jobs threads, each with its own
 * activations and batch-norm statistics; the gradients are added in the order
 * of the jobs, so that the result depends on their number and not on time.
 */
struct net_train;

struct net_train_plan {
	int jobs;  /* at least 1 */
	int batch; /* 0: the cfg's; must be a multiple of jobs */
	unsigned long long seed;
};

/* A source of images; its functions are called from several threads. */
struct net_images {
	/* Writes image i: channels x height x width floats. */
	void (*image)(void *ctx, size_t i, float *input);
	int (*class)(void *ctx, size_t i); /* 0 .. classes - 1 */
	void *ctx;
};

struct net_score {
	size_t right;
	double loss; /* mean cross-entropy */
};

/* Starts from random weights, or from those of a file. */
struct net_train *net_train_open(
    const char *cfg, const char *weights, const struct net_train_plan *plan);
struct net_shape net_train_shape(const struct net_train *t);
int net_train_batch(const struct net_train *t);
int net_train_jobs(const struct net_train *t);
double net_train_rate(const struct net_train *t); /* the cfg's */

/* One step on images 0 .. batch - 1. Returns their mean loss. */
double net_train_step(
    struct net_train *t, const struct net_images *im, double rate);

/* Classifies images 0 .. n - 1 as net_predict would. */
struct net_score net_train_test(
    struct net_train *t, const struct net_images *im, size_t n);

/*
 * All that the next step depends on, as n floats that live in t: get fills
 * them from t, set brings t to what stands in them. Steps done are apart.
 */
float *net_train_state(struct net_train *t, size_t *n);
void net_train_get(struct net_train *t);
void net_train_set(struct net_train *t, unsigned long long steps);
unsigned long long net_train_steps(const struct net_train *t);

/* Writes a weights file: temporary, synced, renamed. What fails is exit 2. */
void net_train_save(const struct net_train *t, const char *path);
void net_train_close(struct net_train *t);

#endif
