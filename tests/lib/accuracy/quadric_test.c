/*
 * The penalised mean of squares is least where its slope in each weight is 0,
 * whatever way led there; and points of the set that is left out count nothing.
 */
#include <math.h>

#include "accuracy/quadric.h"
#include "stats/rng.h"
#include "tap.h"

enum { N = 300 };

static struct quadric_point point[N];

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
		p->x[2] = rng_uniform(r);
		p->set = (size_t)i % 3;
		p->y = truth(p->x) + (p->set == 2 ? 50 : 0);
	}
}

/* The loss of the two sets that count, with one weight moved. */
static double
loss(const struct quadric *q, int weight, double by, double penalty)
{
	struct quadric other = *q;
	double sum = 0, n = 0;

	other.weight[weight] += by;
	for (int i = 0; i < N; i++) {
		double off = quadric_at(&other, point[i].x) - point[i].y;

		if (point[i].set == 2)
			continue;
		sum += off * off;
		n++;
	}
	sum /= n;
	for (int k = 1; k < QUADRIC_TERMS; k++)
		sum += penalty * other.weight[k] * other.weight[k];
	return sum;
}

static double
steepest(const struct quadric *q, double penalty)
{
	double most = 0;

	for (int k = 0; k < QUADRIC_TERMS; k++)
		most = fmax(most, fabs(loss(q, k, 1e-3, penalty) -
				       loss(q, k, -1e-3, penalty)));
	return most;
}

int
main(void)
{
	struct quadric q;
	struct rng r;
	double off = 0;

	rng_seed(&r, 3, 0);
	draw(&r);
	quadric_fit(&q, point, N, 2, 0.1);
	ok(steepest(&q, 0.1) < 1e-9, "no weight can be better");
	ok(steepest(&q, 0.2) > 1e-6, "with that penalty alone");
	quadric_fit(&q, point, N, 2, 1e-12);
	for (int i = 0; i < N; i++)
		off = fmax(
		    off, fabs(quadric_at(&q, point[i].x) - truth(point[i].x)));
	ok(off < 1e-6, "what is such a polynomial is found");
	for (int i = 0; i < N; i++)
		point[i].x[2] = 4;
	quadric_fit(&q, point, N, 2, 0.1);
	ok(isfinite(quadric_at(&q, point[0].x)),
	    "a number that is always the same");
	return done_testing();
}
