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

void
margin_limits(double limit[LEARNT_FALLS], const struct margin_fall *w, size_t n,
    double *scratch)
{
	for (size_t k = 0; k < LEARNT_FALLS; k++) {
		size_t harmless = 0;

		for (size_t i = 0; i < n; i++)
			if (w[i].truth <= learnt_falls[k])
				scratch[harmless++] = w[i].said;
		limit[k] = fmax(learnt_falls[k],
		    margin_of(scratch, harmless, 1 - LEARNT_WRONG));
	}
}
