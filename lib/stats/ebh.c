#include "stats/ebh.h"

double
ebh_limit(size_t k, double hypotheses, double share)
{
	return hypotheses / (share * (double)(k > 0 ? k : 1));
}

size_t
ebh_count(const double *falling, size_t n, double hypotheses, double share)
{
	size_t k = n;

	while (k > 0 && !(falling[k - 1] >= ebh_limit(k, hypotheses, share)))
		k--;
	return k;
}
