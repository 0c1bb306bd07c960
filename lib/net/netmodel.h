/*
 * A network of some format, as net.h runs it: what is wanted of it, what it
 * says of itself, and the verbs of those who read the format.
 */
#ifndef NETMODEL_H
#define NETMODEL_H

#include <stddef.h>

struct net_shape {
	int width, height, channels; /* of the input */
	int layers;                  /* in the network */
	int classes;                 /* outputs of the last layer */
	int onnx;                    /* and not darknet's */
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
	const char *cfg;     /* of darknet, or an ONNX file */
	const char *weights; /* NULL for an ONNX file */
	int engine;          /* enum net_engine */
	int batch;        /* images that net_predict gets at most; 1 or more */
	int threads;      /* that net_predict uses at most; 1 or more */
	long long memory; /* bytes that it may need (netneed.h); 0: no limit */
};

/*
  * Layers count from 0; negative numbers count from the end (-1 is the last).
 * width, height and channels are 0 when the output is no image. type is the
 * name of the section in the cfg, in full ("convolutional"), or of the
 * operator; name that of the array in an ONNX file.
 */
struct net_layer_shape {
	const char *name; /* NULL in a darknet network */
	const char *type;
	int width, height, channels;
	size_t outputs;
};

struct netmodel_verbs {
	struct net_layer_shape (*layer)(const void *ctx, int layer);
	/*
	 * Before the first run: keep says for each layer whether output will
	 * be asked for it. Each image is shared by threads; images at a time
	 * run at the same time.
	 */
	void (*prepare)(void *ctx, const int *keep, int threads, int images);
	/* One image. Threads have different numbers, from 0 to images - 1. */
	void (*run)(void *ctx, int number, const float *input);
	/* The output of a kept layer, as the last run of that number left it. */
	const float *(*output)(const void *ctx, int number, int layer);
	void (*close)(void *ctx);
};

struct netmodel {
	const struct netmodel_verbs *verbs;
	void *ctx;
	struct net_shape shape;
	int one;            /* it runs one image at a time */
	int last;           /* the layer whose output is the network's */
	int penultimate;    /* the default source of act */
	int logits;         /* the layer that enters the last softmax */
	double temperature; /* of that; 0: there is none */
};

#endif
