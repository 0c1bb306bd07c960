/*
 * The families of damage by which classifiers are compared, of five severities
 * each. The constants are those of ImageNet-C (D. Hendrycks and T. Dietterich,
 * ICLR 2019), which MNIST-C (N. Mu and J. Gilmer, 2019) shares, and of the
 * milder CIFAR-10-C for small images; where neither has the family they are
 * our own, and its line says so. Samples are 0 .. 1 here, clipped and rounded
 * at the end.
 *
 * What differs from one image to the next is drawn from image, what is wrong
 * with the camera, and stays, from camera.
 */
#ifndef CORRUPT_H
#define CORRUPT_H

#include <stddef.h>

struct corrupt_work;
struct image;
struct rng;

enum { CORRUPT_SEVERITIES = 5, CORRUPT_CONSTANTS = 5 };
enum corrupt_set { CORRUPT_IMAGENET, CORRUPT_CIFAR, CORRUPT_SETS };

struct corrupt_family {
	const char *name, *about;
	int own;                              /* the constants are ours */
	int (*apply)(struct corrupt_work *w); /* 0, or -1 without memory */
	double k[CORRUPT_SETS][CORRUPT_SEVERITIES][CORRUPT_CONSTANTS];
};

extern const struct corrupt_family corrupt_families[];
extern const size_t corrupt_count;

/* The index of a name of that length, or -1. */
int corrupt_find(const char *name, size_t len);

/*
 * Damages an image of 8 bits in place. severity is 1 .. CORRUPT_SEVERITIES.
 * Returns 0, or -1 without memory.
 */
int corrupt(struct image *im, size_t family, enum corrupt_set set, int severity,
    struct rng *image, struct rng *camera);

#endif
