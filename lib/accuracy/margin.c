#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "accuracy/estimate.h"
#include "accuracy/margin.h"
#include "stats/sort.h"

#define WITHOUT_FARTHEST 0.95

/* Sorts the values. The largest where n is too small; 0 of none. */
static double
margin_of(double *x, size_t n, double probability)
{
	size_t at = (size_t)ceil(probability * (double)(n + 1));

	sort_reals(x, n);
	return n > 0 ? x[at < n ? at - 1 : n - 1] : 0;
}

/* The windows of one set, or of all others. */
static size_t
pick(const struct margin_off *w, size_t n, size_t set, int others, double *to)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		if ((w[i].set != set) == others)
			to[count++] = w[i].by;
	return count;
}

double
margin_width(const struct margin_off *w, size_t n, double *scratch)
{
	size_t kinds = 0, farthest = SIZE_MAX, last = SIZE_MAX;
	double most = -1, share = ESTIMATE_LEVEL;

	for (size_t i = 0; i < n; i++) {
		double x;

		if (w[i].set == last)
			continue;
		last = w[i].set;
		kinds++;
		x = margin_of(scratch, pick(w, n, last, 0, scratch), share);
		if (x > most) {
			most = x;
			farthest = last;
		}
	}
	if (kinds < 3)
		farthest = SIZE_MAX;
	else
		share = WITHOUT_FARTHEST;
	return margin_of(scratch, pick(w, n, farthest, 1, scratch), share);
}

double
margin_fresh(size_t n, size_t w, int drawn)
{
	return sqrt((double)(n + w) / (double)(drawn ? n : n - w));
}
