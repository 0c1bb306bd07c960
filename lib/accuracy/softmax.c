#include <math.h>

#include "accuracy/softmax.h"

const char *
softmax_check(const double *p, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		if (!(p[i] >= 0 && p[i] <= 1 + SOFTMAX_SUM))
			return "has a number that is no probability";
		sum += p[i];
	}
	return fabs(sum - 1) <= SOFTMAX_SUM ? NULL : "does not sum to 1";
}

void
softmax_temper(double *p, size_t n, double t)
{
	double best = p[softmax_best(p, n)], sum = 0;

	for (size_t i = 0; i < n; i++) {
		if (t != 1 && p[i] > 0)
			p[i] = exp(log(p[i] / best) / t);
		sum += p[i];
	}
	for (size_t i = 0; i < n; i++)
		p[i] /= sum;
}

size_t
softmax_best(const double *p, size_t n)
{
	size_t best = 0;

	for (size_t i = 1; i < n; i++)
		if (p[i] > p[best])
			best = i;
	return best;
}

double
softmax_negentropy(const double *p, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		if (p[i] > 0)
			sum += p[i] * log(p[i]);
	return sum;
}
