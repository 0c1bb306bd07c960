/*
 * A classifier: network and labels, and what is said about one image. The
 * members that it writes are those of driftpipe-records(5).
 *
 * The numbers in them come from single-precision arithmetic and are written
 * in the shortest form that reads back the same float.
 */
#ifndef CLASSIFY_H
#define CLASSIFY_H

#include "buf.h"
#include "image.h"
#include "json.h"
#include "labels.h"

struct net;

struct classify_setup {
	const char *cfg, *weights;
	const char *labels; /* NULL: classes have no names */
	int engine;         /* enum net_engine */
	long long layer;    /* whose output is act; negative from the end */
	int default_layer;  /* take the one before the softmax instead */
	long long top;      /* classes listed at most */
	int no_act;         /* leave out act */
};

struct classify {
	struct net *net;
	struct labels labels;
	int width, height, channels, classes;
	int layer, top, no_act;
	float *input;
	/* Of the last image: */
	const float *prob;
	int *order; /* the top classes, the most probable first */
};

/*
 * Opens the network and the labels. What is missing, malformed or does not
 * fit together is a message and exit 2.
 */
void classify_open(struct classify *c, const struct classify_setup *setup);

/*
 * Classifies an image and appends the members class, label, prob, wrong, top,
 * entropy, pixels and act. truth is the class as a number, or a label as a
 * string; is it absent, or no class of this network, there is no wrong.
 *
 * An image without pixels, or one without a finite answer (stage "predict"),
 * gets the member error from *e instead, and the call returns -1.
 */
int classify_answer(struct classify *c, const struct image *im,
    struct image_error *e, const struct json_span *truth, struct buf *b);

void classify_close(struct classify *c);

#endif
