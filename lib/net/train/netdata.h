/*
 * Labelled images for training, decoded in a process of its own (decoder/) and
 * held in 16 bits at the network's size: from an IDX pair, or from a list of
 * files with a line "PATH CLASS" for each, where CLASS is a number or, with
 * names given, a name. What can't be read is a message with the file, or the
 * list's line, and exit 2: a training set with holes would train another
 * network than the one asked for.
 */
#ifndef NETDATA_H
#define NETDATA_H

#include <stddef.h>
#include <stdint.h>

#include "tool/labels.h"
#include "net/net.h"
#include "image/prep.h"

struct netdata {
	size_t n;
	struct net_shape shape;
	struct prep prep;
	int no_sandbox;   /* for the decoder process */
	size_t size;      /* of an image: channels x height x width */
	uint16_t *pixels; /* n of them, before mean and scale */
	int *class;
};

/*
 * Shape, prep and no_sandbox stand in *d. Both names are needed for IDX; labels
 * NULL says that images is a list.
 */
void netdata_load(struct netdata *d, const char *images, const char *labels,
    const struct labels *names);
void netdata_free(struct netdata *d);

/* A source of images; its functions are called from several threads. */
struct netdata_images {
	/* Writes image i: channels x height x width floats. */
	void (*image)(void *ctx, size_t i, float *input);
	int (*class)(void *ctx, size_t i); /* 0 .. classes - 1 */
	void *ctx;
};

/* A part of the set, seen through an order and changed at random. */
struct netdata_view {
	const struct netdata *data;
	size_t first;        /* of the set; with an order, index into it */
	const size_t *order; /* or NULL */
	/* Augmentation; shift 0 and flip 0 leave the images as they are. */
	int flip;                  /* mirror every other one */
	int shift;                 /* move up to so many pixels each way */
	unsigned long long seed;   /* of the changes, */
	unsigned long long stream; /* which are image by image from here */
};

/* The view as such a source; v must stay. */
struct netdata_images netdata_images(struct netdata_view *v);

#endif
