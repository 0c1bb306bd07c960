#include <math.h>

#include "stats/temper.h"

enum { BINS = 15, STEPS = 200 };

static size_t
largest(const float *z, size_t n)
{
	size_t best = 0;

	for (size_t i = 1; i < n; i++)
		if (z[i] > z[best])
			best = i;
	return best;
}

/* The sum of exp(b (z - max)). */
static double
mass(const float *z, size_t n, double b, double max)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += exp(b * (z[i] - max));
	return sum;
}

void
temper_softmax(const float *z, size_t n, double t, float *p)
{
	double max = z[largest(z, n)], sum = mass(z, n, 1 / t, max);

	for (size_t i = 0; i < n; i++)
		p[i] = (float)(exp((z[i] - max) / t) / sum);
}

/* The first two derivatives of the loss by b = 1 / T, times n. */
static void
slope(const struct temper *d, double b, double *first, double *second)
{
	*first = *second = 0;
	for (size_t i = 0; i < d->n; i++) {
		const float *z = d->z + i * d->classes;
		double max = z[largest(z, d->classes)];
		double sum = 0, mean = 0, square = 0;

		for (size_t k = 0; k < d->classes; k++) {
			double x = z[k] - max, p = exp(b * x);

			sum += p;
			mean += p * x;
			square += p * x * x;
		}
		mean /= sum;
		*first += mean - (z[d->truth[i]] - max);
		*second += square / sum - mean * mean;
	}
}

double
temper_fit(const struct temper *d)
{
	double low = 1 / TEMPER_MAX, high = 1 / TEMPER_MIN, b = 1;
	double first, second;

	slope(d, low, &first, &second);
	if (!(first < 0))
		return 0;
	slope(d, high, &first, &second);
	if (!(first > 0))
		return 0;
	/* Newton's steps; where one leaves the bracket, it is halved. */
	for (int i = 0; i < STEPS; i++) {
		double next;

		slope(d, b, &first, &second);
		if (first > 0)
			high = b;
		else
			low = b;
		next = b - first / second;
		if (!(next > low && next < high))
			next = (low + high) / 2;
		if (fabs(next - b) <= 1e-12 * b)
			break;
		b = next;
	}
	return 1 / b;
}

struct temper_score
temper_score(const struct temper *d, double t)
{
	double images[BINS] = {0}, right[BINS] = {0}, sure[BINS] = {0};
	struct temper_score s = {0};

	for (size_t i = 0; i < d->n; i++) {
		const float *z = d->z + i * d->classes;
		size_t best = largest(z, d->classes), truth;
		double max = z[best], sum = mass(z, d->classes, 1 / t, max);
		/* A bin is open below and closed above. */
		int bin = (int)ceil(BINS / sum) - 1;

		truth = (size_t)d->truth[i];
		bin = bin < 0 ? 0 : bin >= BINS ? BINS - 1 : bin;
		images[bin]++;
		right[bin] += best == truth;
		sure[bin] += 1 / sum;
		s.accuracy += best == truth;
		s.loss += log(sum) - (z[truth] - max) / t;
	}
	for (int i = 0; i < BINS; i++)
		s.ece += fabs(right[i] - sure[i]) / (double)d->n;
	s.accuracy /= (double)d->n;
	s.loss /= (double)d->n;
	return s;
}
