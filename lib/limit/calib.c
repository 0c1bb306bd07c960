#include <math.h>
#include <stdlib.h>

#include "limit/calib.h"
#include "stats/sort.h"

enum { FEWEST = 4999, MOST = 19999, ABOVE = 20 };

/* Records worth simulating in all: some seconds, once. */
static const double records = 2e7;

size_t
calib_runs(double q, unsigned long long horizon)
{
	double runs = records / (double)horizon - 1;

	runs = runs < FEWEST ? FEWEST : runs > MOST ? MOST : runs;
	if (runs < ABOVE / q)
		runs = ABOVE / q - 1;
	return (size_t)ceil(runs);
}

double
calib_limit(double *maxima, size_t b, double q)
{
	size_t rank;

	for (size_t i = 0; i < b; i++)
		if (isnan(maxima[i]))
			return NAN;
	/* The slack keeps 2000 x 0.95 from becoming 1901 by rounding. */
	rank = (size_t)ceil((double)(b + 1) * (1 - q) - 1e-9);
	if (rank > b)
		return NAN;
	sort_reals(maxima, b);
	return maxima[rank - 1];
}
