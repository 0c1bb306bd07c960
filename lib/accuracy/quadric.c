#include <math.h>
#include <string.h>

#include "accuracy/quadric.h"
#include "stats/sort.h"

enum { N = QUADRIC_TERMS, STEPS = 50 };

/* A deviation that is one of rounding alone. */
#define NONE 1e-9

/* What a Newton step moves no weight by at the end. */
#define SETTLED 1e-11

const size_t quadric_of[QUADRIC_PARTS][3] = {
    {0, 1, 2}, {0, 1, 3}, {0, 1, 4}, {0, 5, 6}};

/* One of the fits: the points, and what is to be least. */
struct fit {
	const struct quadric *q;
	const struct quadric_point *p;
	size_t n, without, part;
	double count, penalty;
};

static void
terms(const struct quadric *q, size_t part, const double *x, double *t)
{
	double z[3];
	size_t n = 0;

	t[n++] = 1;
	for (size_t i = 0; i < 3; i++) {
		size_t k = quadric_of[part][i];

		t[n++] = z[i] = (x[k] - q->mean[k]) / q->scale[k];
	}
	for (size_t i = 0; i < 3; i++)
		for (size_t k = i; k < 3; k++)
			t[n++] = z[i] * z[k];
}

static double
product(const double *a, const double *b)
{
	double sum = 0;

	for (size_t i = 0; i < N; i++)
		sum += a[i] * b[i];
	return sum;
}

static double
share(double logit)
{
	return 1 / (1 + exp(-logit));
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

/* The y that few of the points are at or below. */
static double
lowest(const struct fit *f, double *scratch)
{
	size_t n = 0;

	for (size_t i = 0; i < f->n; i++)
		if (f->p[i].set != f->without)
			scratch[n++] = f->p[i].y;
	sort_reals(scratch, n);
	return n > 0 ? scratch[(size_t)(QUADRIC_LEAST * (double)(n - 1))] : 0;
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

/* What is to be least, times the number of points. */
static double
loss(const struct fit *f, const double *weight)
{
	double sum = 0, t[N];

	for (size_t i = 0; i < f->n; i++) {
		double z;

		if (f->p[i].set == f->without)
			continue;
		terms(f->q, f->part, f->p[i].x, t);
		z = product(weight, t);
		/* ln(1 + exp(z)) - y z, whatever z is. */
		sum += fmax(z, 0) + log1p(exp(-fabs(z))) - f->p[i].y * z;
	}
	for (size_t k = 1; k < N; k++)
		sum += f->penalty / 2 * f->count * weight[k] * weight[k];
	return sum;
}

/* Newton's step. */
static void
find_step(const struct fit *f, const double *weight, double *step)
{
	double slope[N] = {0}, curve[N][N] = {{0}}, t[N];

	for (size_t i = 0; i < f->n; i++) {
		double s, v;

		if (f->p[i].set == f->without)
			continue;
		terms(f->q, f->part, f->p[i].x, t);
		s = share(product(weight, t));
		v = fmax(s * (1 - s), 1e-9);
		for (size_t k = 0; k < N; k++) {
			slope[k] += (f->p[i].y - s) * t[k];
			for (size_t j = 0; j <= k; j++)
				curve[k][j] += v * t[k] * t[j];
		}
	}
	for (size_t k = 1; k < N; k++) {
		slope[k] -= f->penalty * f->count * weight[k];
		curve[k][k] += f->penalty * f->count;
	}
	solve(curve, slope);
	memcpy(step, slope, sizeof(slope));
}

/* Takes the step, or so much of it that the loss grows no more. */
static double
take_step(const struct fit *f, double *weight, const double *step)
{
	double was = loss(f, weight), part = 1, most = 0, next[N];

	for (int i = 0; i < STEPS; i++, part /= 2) {
		for (size_t k = 0; k < N; k++)
			next[k] = weight[k] + part * step[k];
		if (loss(f, next) <= was + 1e-12 * fabs(was))
			break;
	}
	for (size_t k = 0; k < N; k++)
		most = fmax(most, fabs(next[k] - weight[k]));
	memcpy(weight, next, sizeof(next));
	return most;
}

void
quadric_fit(struct quadric *q, const struct quadric_point *p, size_t n,
    size_t without, double penalty, double *scratch)
{
	struct fit f = {.q = q,
	    .p = p,
	    .n = n,
	    .without = without,
	    .penalty = penalty,
	    .count = standardize(q, p, n, without)};
	double step[N];

	memset(q->weight, 0, sizeof(q->weight));
	q->least = lowest(&f, scratch);
	for (; f.part < QUADRIC_PARTS && f.count > 0; f.part++)
		for (int i = 0; i < STEPS; i++) {
			find_step(&f, q->weight[f.part], step);
			if (take_step(&f, q->weight[f.part], step) < SETTLED)
				break;
		}
}

double
quadric_at(const struct quadric *q, const double *x)
{
	double t[N], sum = 0;

	for (size_t part = 0; part < QUADRIC_PARTS; part++) {
		terms(q, part, x, t);
		sum += product(q->weight[part], t) / QUADRIC_PARTS;
	}
	return fmax(share(sum), q->least);
}
