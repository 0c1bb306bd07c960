/*
 * What a window's mix of classes is, out of its probabilities alone, by the EM
 * algorithm: M. Saerens, P. Latinne, C. Decaestecker, Adjusting the outputs of
 * a classifier to new a priori probabilities, Neural Computation 14 (2002).
 *
 * Where nothing but the mix has changed, p_ik s_k / c_k, made to sum to 1, are
 * the probabilities of record i, s being the shares now and c those that were
 * learnt (each class counted once more, so that none is 0).
 */
#ifndef PRIOR_H
#define PRIOR_H

#include "accuracy/learnt.h"

/* The numbers that LEARNT_FIT goes by, in the order that quadric.h has. */
enum {
	PRIOR_GAIN, /* mean logarithm of sum_k p_ik s_k / c_k: how likelier it is */
	PRIOR_SECOND, /* mean of the second largest probability */
	PRIOR_RIGHT, /* mean probability of the answers, for the mix as found */
	PRIOR_DOUBT, /* prior_doubt */
	PRIOR_LOGS,  /* mean over records of the deviation of ln max(p, 1e-6) */
	PRIOR_MIXED, /* entropy of the mean probabilities, in nats */
	PRIOR_SQUARES, /* mean over records of sum_k p_ik^2 */
	PRIOR_NUMBERS
};
_Static_assert((int)PRIOR_NUMBERS == (int)QUADRIC_X, "one for each");

/* Of n rows at the temperature. -1 when memory ends. */
int prior_find(const struct learnt *l, const double *p, size_t n, double *x);

/*
 * How many standard deviations the largest probabilities lie below those of
 * undamaged records with the same answers: independent of the mix.
 */
double prior_doubt(const struct learnt *l, const double *p, size_t n);

#endif
