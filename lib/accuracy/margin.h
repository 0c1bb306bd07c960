/*
 * How far off an estimate may be, by how far off others like it were: the
 * value that one more of n values is at or below with some probability, if all
 * are exchangeable (V. Vovk et al., Algorithmic Learning in a Random World,
 * 2005).
 */
#ifndef MARGIN_H
#define MARGIN_H

#include <stddef.h>

/* By how many units an estimate of a window was off. */
struct margin_off {
	double by;
	size_t set; /* that it is of */
};

/*
 * The width that is to cover 9 of 10 windows of a set that is new, by n windows
 * in the order of their sets, each judged by what was learnt without its own:
 * what 9 of 10 of them are at or below; of three sets or more, what 95 of 100 are
 * of all but the set that is farthest off. Learnt from few sets, what that one is
 * off by without itself says more of how unlike it is to the others than of the
 * next one. 0 of none. Scratch has room for n numbers.
 */
double margin_width(const struct margin_off *w, size_t n, double *scratch);

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

#endif
