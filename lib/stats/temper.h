/*
 * Temperature: a network whose probabilities are too bold, or too timid, gets
 * the right ones on average when what enters its softmax (the logits z) is
 * divided by one number T:
 *
 *	p_k = exp(z_k / T) / sum_j exp(z_j / T)
 *
 * T minimises the mean of -log p_truth over images that the network was not
 * trained on; that is convex in 1 / T. The order of the classes stays.
 * Guo et al., On Calibration of Modern Neural Networks, ICML 2017.
 */
#ifndef TEMPER_H
#define TEMPER_H

#include <stddef.h>

#define TEMPER_MIN 0.01
#define TEMPER_MAX 100.0

/* Writes n probabilities; z and p may be the same. t > 0. */
void temper_softmax(const float *z, size_t n, double t, float *p);

/* Images with their truth. */
struct temper {
	size_t n, classes;
	const float *z;   /* n x classes logits, finite */
	const int *truth; /* n of them, 0 .. classes - 1 */
};

/*
 * The best T. 0 when it is not within TEMPER_MIN .. TEMPER_MAX: all images
 * are right, or the network is no better than a guess.
 */
double temper_fit(const struct temper *d);

struct temper_score {
	double accuracy; /* 0 .. 1 */
	double loss;     /* mean of -log p_truth, in nats */
	/*
	 * Expected calibration error: over 15 bins of equal width of the
	 * largest probability, the mean distance of the accuracy in a bin to
	 * the mean of that probability there, by the images in the bin.
	 */
	double ece;
};

struct temper_score temper_score(const struct temper *d, double t);

#endif
