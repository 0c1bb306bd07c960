#include <math.h>
#include <stdlib.h>

#include "accuracy/margin.h"
#include "stats/sort.h"

double
margin_of(double *x, size_t n, double probability)
{
	size_t at = (size_t)ceil(probability * (double)(n + 1));

	sort_reals(x, n);
	return n > 0 ? x[at < n ? at - 1 : n - 1] : 0;
}

double
margin_fresh(size_t n, size_t w, int drawn)
{
	return sqrt((double)(n + w) / (double)(drawn ? n : n - w));
}

/* Of the windows that fell by no more. */
static double
limit_of(double fall, const struct margin_fall *w, size_t n, double *scratch)
{
	double sum = 0, sets = 0, undamaged = 0;

	for (size_t i = 0; i < n;) {
		size_t set = w[i].set, harmless = 0;
		double x;

		for (; i < n && w[i].set == set; i++)
			if (w[i].truth <= fall)
				scratch[harmless++] = w[i].said;
		x = margin_of(scratch, harmless, 1 - LEARNT_WRONG);
		if (set == 0)
			undamaged = x;
		sum += x;
		sets += harmless > 0;
	}
	return sets > 0 ? fmax(sum / sets, undamaged) : 0;
}

void
margin_limits(double limit[LEARNT_FALLS], const struct margin_fall *w, size_t n,
    double *scratch)
{
	for (size_t k = 0; k < LEARNT_FALLS; k++)
		limit[k] = fmax(fmax(learnt_falls[k], k > 0 ? limit[k - 1] : 0),
		    limit_of(learnt_falls[k], w, n, scratch));
}
