#include <math.h>
#include <stdlib.h>

#include "calib.h"

/* At least this many lives; more for a small q, so that twenty lie above. */
enum { LIVES = 1999, ABOVE = 20 };

size_t
calib_lives(double q)
{
	double need = ceil(ABOVE / q) - 1;

	return need > LIVES ? (size_t)need : LIVES;
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
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
	qsort(maxima, b, sizeof(*maxima), ascending);
	return maxima[rank - 1];
}
