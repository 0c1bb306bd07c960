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

/*
 * How many times as far off an estimate is of a new window of w records as of
 * one that is part of the n records learnt from, or was drawn from them with
 * replacement.
 *
 * Let d_i be what a method says of record i on average, less 1 if it is right
 * and 0 if not, with variance s^2. Calibration makes the mean of d over the n
 * records 0, in the population it is -m, m being of variance s^2 / n: so a
 * method is off by mean_w(d) - mean_n(d), of variance
 *
 *	s^2 (1 / w - 1 / n)    part of the n records
 *	s^2 / w                drawn from them
 *	s^2 (1 / w + 1 / n)    a new window
 *
 * The ratio of the deviations is the square root of (n + w) / (n - w) and of
 * 1 + w / n. n > w.
 */
double margin_fresh(size_t n, size_t w, int drawn);

/* By how much the accuracy of a window has fallen, and was said to have. */
struct margin_fall {
	double truth, said;
	size_t set; /* that it is of */
};

/*
 * The limits of an alarm (learnt.h), none below its fall or the one before, by
 * n windows in the order of their sets: the mean of those that the sets with
 * windows of no larger fall have alone, and none below that of the first, the
 * undamaged ones. The kind of damage that is least like the others is far off
 * without itself, and would alone decide for all. Scratch has room for n
 * numbers.
 */
void margin_limits(double limit[LEARNT_FALLS], const struct margin_fall *w,
    size_t n, double *scratch);

#endif
