/*
 * The penalised mean of squares is least where its slope in each weight is 0,
 * whatever way led there: seen where the last three numbers are one, so that all
 * three polynomials are. Where they are not, the polynomial is the mean of those
 * that each of them has so. Points of the set that is left out count nothing.
 */
#include <math.h>

#include "accuracy/quadric.h"
#include "stats/rng.h"
#include "tap.h"

enum { N = 300 };

static struct quadric_point point[N], same[N];

static double
truth(const double *x)
{
	return 0.5 + 0.3 * x[0] - x[1] * x[2] + 0.1 * x[2] * x[2];
}

static void
draw(struct rng *r)
{
	for (int i = 0; i < N; i++) {
		struct quadric_point *p = &point[i];

		p->x[0] = 10 + rng_normal(r);
		p->x[1] = p->x[0] / 5 + 0.1 * rng_normal(r);
		for (int k = 2; k < QUADRIC_X; k++)
			p->x[k] = k * rng_uniform(r);
		p->set = (size_t)i % 3;
		p->y = truth(p->x) + (p->set == 2 ? 50 : 0);
	}
}

/* The same points, with one of the last numbers in place of all. */
static void
copy(int number)
{
	for (int i = 0; i < N; i++) {
		same[i] = point[i];
		for (int k = 2; k < QUADRIC_X; k++)
			same[i].x[k] = point[i].x[number];
	}
}

/* Ten weights, in the order of the constant, three numbers, their products. */
static double
value(const double *weight, const double *z)
{
	double sum = weight[0];
	int n = 4;

	for (int i = 0; i < 3; i++)
		sum += weight[1 + i] * z[i];
	for (int i = 0; i < 3; i++)
		for (int k = i; k < 3; k++)
			sum += weight[n++] * z[i] * z[k];
	return sum;
}

/* The loss of the two sets that count. */
static double
loss(const struct quadric *q, const double *weight, double penalty)
{
	double sum = 0, n = 0, z[3];

	for (int i = 0; i < N; i++) {
		if (same[i].set == 2)
			continue;
		for (int k = 0; k < 3; k++)
			z[k] = (same[i].x[k] - q->mean[k]) / q->scale[k];
		sum += pow(value(weight, z) - same[i].y, 2);
		n++;
	}
	sum /= n;
	for (int k = 1; k < 10; k++)
		sum += penalty * weight[k] * weight[k];
	return sum;
}

/* The weights of the one polynomial, of which each has a third. */
static void
join(const struct quadric *q, double *weight)
{
	int term = 0;

	for (int i = 0; i < 10; i++)
		weight[i] = 0;
	weight[term] = q->weight[term];
	for (int i = 0; i < QUADRIC_X; i++)
		weight[1 + (i < 2 ? i : 2)] += q->weight[++term];
	for (int i = 0; i < QUADRIC_X; i++)
		for (int k = i; k < QUADRIC_X; k++) {
			static const int at[3][3] = {
			    {4, 5, 6}, {5, 7, 8}, {6, 8, 9}};

			weight[at[i < 2 ? i : 2][k < 2 ? k : 2]] +=
			    q->weight[++term];
		}
}

static double
steepest(const struct quadric *q, double penalty)
{
	double most = 0, weight[10];

	join(q, weight);
	for (int k = 0; k < 10; k++) {
		double was = weight[k], up, down;

		weight[k] = was + 1e-3;
		up = loss(q, weight, penalty);
		weight[k] = was - 1e-3;
		down = loss(q, weight, penalty);
		weight[k] = was;
		most = fmax(most, fabs(up - down));
	}
	return most;
}

int
main(void)
{
	struct quadric q, each[QUADRIC_X];
	struct rng r;
	double off = 0;

	rng_seed(&r, 3, 0);
	draw(&r);
	copy(2);
	quadric_fit(&q, same, N, 2, 0.1);
	ok(steepest(&q, 0.1) < 1e-9, "no weight can be better");
	ok(steepest(&q, 0.2) > 1e-6, "with that penalty alone");
	quadric_fit(&q, same, N, 2, 1e-12);
	for (int i = 0; i < N; i++)
		off = fmax(
		    off, fabs(quadric_at(&q, same[i].x) - truth(same[i].x)));
	ok(off < 1e-6, "what is such a polynomial is found");

	for (int k = 2; k < QUADRIC_X; k++) {
		copy(k);
		quadric_fit(&each[k], same, N, 2, 0.1);
	}
	quadric_fit(&q, point, N, 2, 0.1);
	off = 0;
	for (int i = 0; i < N; i++) {
		double mean = 0;

		for (int k = 2; k < QUADRIC_X; k++) {
			copy(k);
			mean += quadric_at(&each[k], same[i].x) /
				(QUADRIC_X - 2);
		}
		off = fmax(off, fabs(quadric_at(&q, point[i].x) - mean));
	}
	ok(off < 1e-9, "the mean of what each number says");
	for (int i = 0; i < N; i++)
		point[i].x[2] = 4;
	quadric_fit(&q, point, N, 2, 0.1);
	ok(isfinite(quadric_at(&q, point[0].x)),
	    "a number that is always the same");
	return done_testing();
}
