/*
 * How far off an estimate may be, by how far off others like it were: the
 * value that one more of n values is at or below with some probability, if all
 * are exchangeable (V. Vovk et al., Algorithmic Learning in a Random World,
 * 2005).
 */
#ifndef MARGIN_H
#define MARGIN_H

#include "accuracy/learnt.h"

/* Sorts the values. The largest where n is too small; 0 of none. */
double margin_of(double *x, size_t n, double probability);

/* By how much the accuracy of a window has fallen, and was said to have. */
struct margin_fall {
	double truth, said;
};

/*
 * The limits of an alarm (learnt.h), none below its fall, by n windows;
 * scratch has room for as many numbers.
 */
void margin_limits(double limit[LEARNT_FALLS], const struct margin_fall *w,
    size_t n, double *scratch);

#endif
