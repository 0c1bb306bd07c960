#include <math.h>
#include <string.h>

#include "accuracy/quadric.h"

enum { N = QUADRIC_TERMS };

static void
terms(const struct quadric *q, const double *x, double *t)
{
	size_t n = 1 + QUADRIC_X;

	t[0] = 1;
	for (size_t i = 0; i < QUADRIC_X; i++)
		t[1 + i] = (x[i] - q->mean[i]) / q->scale[i];
	for (size_t i = 0; i < QUADRIC_X; i++)
		for (size_t k = i; k < QUADRIC_X; k++)
			t[n++] = t[1 + i] * t[1 + k];
}

/* Means and deviations; how many points these are of. */
static double
standardize(
    struct quadric *q, const struct quadric_point *p, size_t n, size_t without)
{
	double count = 0;

	for (size_t i = 0; i < n; i++)
		count += p[i].set != without;
	for (size_t k = 0; k < QUADRIC_X; k++) {
		double sum = 0, squares = 0;

		for (size_t i = 0; i < n; i++)
			sum += p[i].set != without ? p[i].x[k] : 0;
		q->mean[k] = count > 0 ? sum / count : 0;
		for (size_t i = 0; i < n; i++) {
			double d = p[i].x[k] - q->mean[k];

			squares += p[i].set != without ? d * d : 0;
		}
		q->scale[k] = squares > 0 ? sqrt(squares / count) : 1;
	}
	return count;
}

/* Solves a x = b in place, a being positive definite (Cholesky). */
static void
solve(double a[N][N], double *b)
{
	for (size_t i = 0; i < N; i++)
		for (size_t k = 0; k <= i; k++) {
			double s = a[i][k];

			for (size_t j = 0; j < k; j++)
				s -= a[i][j] * a[k][j];
			a[i][k] = k == i ? sqrt(s) : s / a[k][k];
		}
	for (size_t i = 0; i < N; i++) {
		for (size_t j = 0; j < i; j++)
			b[i] -= a[i][j] * b[j];
		b[i] /= a[i][i];
	}
	for (size_t i = N; i-- > 0;) {
		for (size_t j = i + 1; j < N; j++)
			b[i] -= a[j][i] * b[j];
		b[i] /= a[i][i];
	}
}

void
quadric_fit(struct quadric *q, const struct quadric_point *p, size_t n,
    size_t without, double penalty)
{
	double a[N][N] = {{0}}, t[N];
	double count = standardize(q, p, n, without);

	memset(q->weight, 0, sizeof(q->weight));
	for (size_t i = 0; i < n; i++) {
		if (p[i].set == without)
			continue;
		terms(q, p[i].x, t);
		for (size_t k = 0; k < N; k++) {
			for (size_t j = 0; j < N; j++)
				a[k][j] += t[k] * t[j];
			q->weight[k] += t[k] * p[i].y;
		}
	}
	for (size_t k = 1; k < N; k++)
		a[k][k] += penalty * count;
	if (count > 0)
		solve(a, q->weight);
}

double
quadric_at(const struct quadric *q, const double *x)
{
	double t[N], sum = 0;

	terms(q, x, t);
	for (size_t i = 0; i < N; i++)
		sum += q->weight[i] * t[i];
	return sum;
}
