#include <math.h>
#include <stdlib.h>

#include "accuracy/prior.h"
#include "accuracy/softmax.h"

/* When the shares have settled. */
#define SETTLED 1e-6

enum { STEPS = 200 };

/* Below it, what a probability is says nothing, or was rounded away. */
#define SMALLEST 1e-6

/* The share of a class in what was learnt. */
static double
usual(const struct learnt *l, size_t k)
{
	return ((double)l->count[k] + 1) /
	       ((double)l->records + (double)l->classes);
}

static double
likelihood(const double *row, const double *ratio, size_t classes)
{
	double sum = 0;

	for (size_t k = 0; k < classes; k++)
		sum += row[k] * ratio[k];
	return sum;
}

/* One step of EM on the ratios of the shares; how far the farthest moved. */
static double
step(const struct learnt *l, const double *p, size_t n, double *ratio,
    double *next)
{
	double moved = 0;

	for (size_t k = 0; k < l->classes; k++)
		next[k] = 0;
	for (size_t i = 0; i < n; i++) {
		const double *row = p + i * l->classes;
		double part = 1 / likelihood(row, ratio, l->classes);

		for (size_t k = 0; k < l->classes; k++)
			next[k] += row[k] * part;
	}
	for (size_t k = 0; k < l->classes; k++) {
		double share = ratio[k] * next[k] / (double)n;

		moved = fmax(moved, fabs(share - ratio[k] * usual(l, k)));
		ratio[k] = share / usual(l, k);
	}
	return moved;
}

static double
second_best(const double *row, size_t classes, size_t best)
{
	double most = 0;

	for (size_t k = 0; k < classes; k++)
		most = k != best && row[k] > most ? row[k] : most;
	return most;
}

/* Scratch has room for as many numbers. */
static double
log_deviation(const double *row, size_t classes, double *scratch)
{
	double mean = 0, squares = 0, n = (double)classes;

	for (size_t k = 0; k < classes; k++) {
		scratch[k] = log(fmax(row[k], SMALLEST));
		mean += scratch[k] / n;
	}
	for (size_t k = 0; k < classes; k++)
		squares += (scratch[k] - mean) * (scratch[k] - mean);
	return sqrt(squares / n);
}

/* The entropy of the mean probabilities; scratch as above. */
static double
mixed(const double *p, size_t n, size_t classes, double *scratch)
{
	double sum = 0;

	for (size_t k = 0; k < classes; k++)
		scratch[k] = 0;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < classes; k++)
			scratch[k] += p[i * classes + k] / (double)n;
	for (size_t k = 0; k < classes; k++)
		sum -= scratch[k] > 0 ? scratch[k] * log(scratch[k]) : 0;
	return sum;
}

int
prior_find(const struct learnt *l, const double *p, size_t n, double *x)
{
	double *ratio = malloc(2 * l->classes * sizeof(*ratio)), *scratch;

	if (ratio == NULL)
		return -1;
	scratch = ratio + l->classes;
	for (size_t k = 0; k < l->classes; k++)
		ratio[k] = 1;
	for (int i = 0; i < STEPS; i++)
		if (step(l, p, n, ratio, scratch) < SETTLED)
			break;
	for (int i = 0; i < PRIOR_NUMBERS; i++)
		x[i] = 0;
	for (size_t i = 0; i < n; i++) {
		const double *row = p + i * l->classes;
		size_t best = softmax_best(row, l->classes);
		double sum = likelihood(row, ratio, l->classes);

		x[PRIOR_GAIN] += log(sum) / (double)n;
		x[PRIOR_SECOND] += second_best(row, l->classes, best) /
				   (double)n;
		x[PRIOR_RIGHT] += row[best] * ratio[best] / sum / (double)n;
		x[PRIOR_LOGS] += log_deviation(row, l->classes, scratch) /
				 (double)n;
		for (size_t k = 0; k < l->classes; k++)
			x[PRIOR_SQUARES] += row[k] * row[k] / (double)n;
	}
	x[PRIOR_DOUBT] = prior_doubt(l, p, n);
	x[PRIOR_MIXED] = mixed(p, n, l->classes, scratch);
	free(ratio);
	return 0;
}

double
prior_doubt(const struct learnt *l, const double *p, size_t n)
{
	double below = 0, variance = 0;

	for (size_t i = 0; i < n; i++) {
		const double *row = p + i * l->classes;
		size_t best = softmax_best(row, l->classes);

		below += l->sure[best] - row[best];
		variance += l->spread[best];
	}
	return below / sqrt(fmax(variance, 1e-12));
}
