/*
 * Labelled images for training, held in 16 bits at the network's size: from an
 * IDX pair, or from a list of files with a line "PATH CLASS" for each, where
 * CLASS is a number or, with names given, a name. What can't be read is a
 * message with the file, or the list's line, and exit 2: a training set with
 * holes would train another network than the one asked for.
 */
#ifndef NETDATA_H
#define NETDATA_H

#include <stddef.h>
#include <stdint.h>

#include "labels.h"
#include "net.h"
#include "prep.h"

struct netdata {
	size_t n;
	struct net_shape shape;
	struct prep prep;
	size_t size;      /* of an image: channels x height x width */
	uint16_t *pixels; /* n of them, before mean and scale */
	int *class;
};

/*
 * Shape and prep stand in *d. Both names are needed for IDX; labels
 * NULL says that images is a list.
 */
void netdata_load(struct netdata *d, const char *images, const char *labels,
    const struct labels *names);
void netdata_free(struct netdata *d);

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

/* The view as a source for net_train_step and net_train_test. */
struct net_images netdata_images(struct netdata_view *v);

#endif
