/*
 * A classifier: network and labels, and what is said about one image. The
 * members that it writes are those of driftpipe-records(5).
 *
 * The numbers in them come from single-precision arithmetic and are written
 * in the shortest form that reads back the same float.
 */
#ifndef CLASSIFY_H
#define CLASSIFY_H

#include "base/buf.h"
#include "classify/judge.h"
#include "image/image.h"
#include "json/json.h"
#include "tool/labels.h"
#include "tool/opt.h"
#include "image/pixels.h"
#include "image/prep.h"

struct net;

struct classify_setup {
	const char *cfg, *weights;
	const char *labels; /* NULL: classes have no names */
	int engine;         /* enum net_engine */
	int batch, threads; /* of the network: net.h */
	long long memory;   /* MiB that it may need */
	/* Whose outputs are act: words of netpick.h, commas between them. */
	struct opt_list layers;
	int pool;           /* act has the mean of each channel */
	long long top;      /* classes listed at most */
	int no_act;         /* leave out act */
	int probs;          /* list the probability of every class */
	double temperature; /* of temper.h; 1: as the network says */
};

struct classify_layer {
	const char *name; /* as the user called it */
	int number;
	size_t plane; /* values of a channel; 1 when it is no image */
};

struct classify {
	struct net *net;
	struct labels labels;
	struct prep prep; /* of prepopt.h */
	int width, height, channels, classes;
	struct classify_layer *layer;
	size_t layers;       /* 0: no act */
	int top, pool, list; /* list: probs is wanted */
	double temperature;  /* of the logits; 0: the network's own softmax */
	const char *id;      /* of modelid.h: set it, it is kept */
	float *heated;       /* probabilities at that temperature */
	const float *probs;  /* of the last prediction */
	/* Of the image that is being answered: */
	int image;
	const float *prob;
	int *order; /* the top classes, the most probable first */
	struct judge judge;
};

/*
 * Opens the network and the labels. What is missing, malformed or does not
 * fit together is a message and exit 2.
 */
void classify_open(struct classify *c, const struct classify_setup *setup);

/* Runs the network on 1 .. batch images. */
void classify_predict(struct classify *c, const float *input, int images);

/*
 * Appends what the last prediction says of one of its images: the members
 * model, class, label, prob, wrong, top, probs if it is wanted, entropy, pixels
 * and act. truth is the class as a number, or a label as a string; where
 * it is absent, or no class of this network, there is no wrong. Without a finite
 * answer the member is error, of stage "predict", and the call returns -1.
 */
int classify_answer(struct classify *c, int image,
    const struct pixels_stats *seen, const struct json_span *truth,
    struct buf *b);

/* Appends the member error. */
void classify_error(const struct image_error *e, struct buf *b);

/* Says with -v how many were right, if that is known of any. */
void classify_report(const struct classify *c);

void classify_close(struct classify *c);

#endif
