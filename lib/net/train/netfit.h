/*
 * A whole training: epochs over shuffled images, the rate's schedule, the
 * progress line, checkpoints. SIGINT and SIGTERM end it after the step, with
 * a checkpoint; a training that was ended and taken up again gives the same
 * weights, to the bit, as one that was not.
 */
#ifndef NETFIT_H
#define NETFIT_H

#include <stddef.h>

struct netdata;
struct nettrain;

struct netfit_plan {
	long long epochs;
	unsigned long long seed;
	double rate;            /* the highest; 0: the cfg's */
	size_t images;          /* trained on: the first ones of the set */
	int flip, shift;        /* augmentation */
	const char *checkpoint; /* file */
	long long interval;     /* seconds between checkpoints */
	int resume;             /* from the file, when there is one */
	const char *cfg;        /* a checkpoint is of one cfg */
};

struct netfit_result {
	int stopped; /* by a signal */
	double loss; /* mean of the last epoch's steps */
	unsigned long long steps;
};

struct netfit_result netfit_run(
    struct nettrain *t, const struct netdata *d, const struct netfit_plan *p);

/*
 * The rate at a step of total: it rises in a line over the first twentieth,
 * then falls as half a cosine to 0 (Loshchilov and Hutter, ICLR 2017).
 */
double netfit_rate(
    double rate, unsigned long long step, unsigned long long total);

#endif
