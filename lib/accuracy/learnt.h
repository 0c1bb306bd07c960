/*
 * What accuracy is estimated by, learnt once from records with their truth
 * (learn.h), and the same as a file: one line of JSON, which is refused unless
 * it is as it was written.
 */
#ifndef LEARNT_H
#define LEARNT_H

#include <stddef.h>
#include <stdint.h>

#include "accuracy/quadric.h"
#include "base/store.h"
#include "json/recmodel.h"

enum {
	LEARNT_CLASSES = 1000,
	LEARNT_WINDOW = 100000,
	LEARNT_KNOTS = 4096,
	LEARNT_RECORDS = 10000000
};

/* By which method; in the order of --method. */
enum learnt_method {
	LEARNT_CBPE, /* mean of the largest probability, at the temperature */
	LEARNT_ATC,  /* share of records at or above a threshold */
	LEARNT_DOC,  /* accuracy, and the difference of mean confidence */
	LEARNT_COT,  /* a curve of the cost of transport to the class mix */
	LEARNT_COTT, /* share of what is transported at or below a threshold */
	LEARNT_EM,   /* CBPE, for the mix of classes that EM finds */
	LEARNT_FIT,  /* a polynomial of the numbers of prior.h */
	LEARNT_METHODS,
	LEARNT_AUTO = LEARNT_METHODS /* EM, or FIT where that can't be right */
};
#define LEARNT_NAMES "cbpe|atc|doc|cot|cott|em|fit|auto"

struct learnt {
	size_t classes, window, records;
	struct recmodel model; /* that the records are of, if they say */
	double temperature;
	double accuracy;   /* of the records, 0 to 1 */
	double confidence; /* mean of their largest probability */
	double atc, cott;  /* the thresholds: negative entropy in nats, cost */
	uint32_t *count;   /* records of each class */
	/* The curve: at rising costs falling accuracies; straight between. */
	size_t knots;
	double *cost, *right;
	size_t damaged; /* records that it is learnt from, beside these */
	/* The largest probability's mean and variance, by the answer. */
	double *sure, *spread;
	double doubt; /* above this much of prior_doubt a window is damaged */
	struct quadric fit;
	/*
	 * The half width of the 90 % interval of each method, in the unit of
	 * learnt_unit.
	 */
	double width[LEARNT_METHODS];
};

/* Walks over all; what is read into must be empty. Memory: store_refuse. */
void learnt_store(struct learnt *l, struct store *s);

/*
 * How far an estimate of this accuracy may be from a window's, but for a
 * factor: the deviation of a share, and a quarter of the fall from the
 * accuracy that was learnt, as methods are wrong by a part of it; of EM and FIT
 * a tenth. In FIT's there is also the PRIOR_GAIN of the window, which grows with
 * the square of what the mix of classes has changed by: that is not told from
 * damage for sure; and 2 points, as the estimate for any kind of damage may
 * be off by so much. Of other methods gain is 0.
 */
double learnt_unit(const struct learnt *l, enum learnt_method method,
    double accuracy, double gain);

/*
 * The limit of the estimated fall, for an alarm that accuracy has fallen by more
 * than this: where the stream's has not, the accuracy of at most LEARNT_WRONG of
 * its windows is below it, by chance.
 */
double learnt_limit(const struct learnt *l, double fall);

#define LEARNT_WRONG 0.01

/* The accuracy at a cost. */
double learnt_curve(const struct learnt *l, double cost);

void learnt_free(struct learnt *l);

#endif
