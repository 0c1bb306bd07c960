#include <math.h>
#include <string.h>

#include "accuracy/quadric.h"

/* Of one of the polynomials: the constant, three numbers, their products. */
enum { N = 10 };

/* A deviation that is one of rounding alone. */
#define NONE 1e-9

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
		q->scale[k] = count > 0 ? sqrt(squares / count) : 1;
		if (q->scale[k] < NONE)
			q->scale[k] = 1;
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

/* Which of the terms are those of the first two numbers and this one. */
static void
choose(size_t *term, size_t other)
{
	size_t n = 0, at = 1 + QUADRIC_X;

	term[n++] = 0;
	for (size_t i = 0; i < QUADRIC_X; i++)
		if (i < 2 || i == other)
			term[n++] = 1 + i;
	for (size_t i = 0; i < QUADRIC_X; i++)
		for (size_t k = i; k < QUADRIC_X; k++, at++)
			if ((i < 2 || i == other) && (k < 2 || k == other))
				term[n++] = at;
}

/* Adds one of the polynomials, by the sums of products of all terms. */
static void
add_fit(double *weight, double sum[QUADRIC_TERMS][QUADRIC_TERMS],
    const double *right, size_t other, double penalty)
{
	double a[N][N], b[N];
	size_t term[N];

	choose(term, other);
	for (size_t i = 0; i < N; i++) {
		for (size_t k = 0; k < N; k++)
			a[i][k] = sum[term[i]][term[k]];
		a[i][i] += i > 0 ? penalty : 0;
		b[i] = right[term[i]];
	}
	solve(a, b);
	for (size_t i = 0; i < N; i++)
		weight[term[i]] += b[i] / (QUADRIC_X - 2);
}

void
quadric_fit(struct quadric *q, const struct quadric_point *p, size_t n,
    size_t without, double penalty)
{
	double sum[QUADRIC_TERMS][QUADRIC_TERMS] = {{0}};
	double right[QUADRIC_TERMS] = {0}, t[QUADRIC_TERMS];
	double count = standardize(q, p, n, without);

	memset(q->weight, 0, sizeof(q->weight));
	for (size_t i = 0; i < n; i++) {
		if (p[i].set == without)
			continue;
		terms(q, p[i].x, t);
		for (size_t k = 0; k < QUADRIC_TERMS; k++) {
			for (size_t j = 0; j < QUADRIC_TERMS; j++)
				sum[k][j] += t[k] * t[j];
			right[k] += t[k] * p[i].y;
		}
	}
	for (size_t other = 2; other < QUADRIC_X && count > 0; other++)
		add_fit(q->weight, sum, right, other, penalty * count);
}

double
quadric_at(const struct quadric *q, const double *x)
{
	double t[QUADRIC_TERMS], sum = 0;

	terms(q, x, t);
	for (size_t i = 0; i < QUADRIC_TERMS; i++)
		sum += q->weight[i] * t[i];
	return sum;
}
