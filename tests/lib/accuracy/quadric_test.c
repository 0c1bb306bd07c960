/*
 * The penalised likelihood of a logistic regression is largest where its slope
 * in each weight is 0, whatever way led there. Where the logit of the truth is a
 * polynomial in the numbers that all four have, each finds it. Points of the set
 * that is left out count nothing.
 */
#include <math.h>
#include <string.h>

#include "accuracy/quadric.h"
#include "stats/rng.h"
#include "tap.h"

enum { N = 300 };

static struct quadric_point point[N];
static double scratch[N];

static double
share(double logit)
{
	return 1 / (1 + exp(-logit));
}

static double
truth(const double *x)
{
	double a = x[0] - 10;

	return share(0.5 + a - 0.4 * a * a);
}

static void
draw(struct rng *r, int noise)
{
	for (int i = 0; i < N; i++) {
		struct quadric_point *p = &point[i];

		p->x[0] = 10 + rng_normal(r);
		p->x[1] = p->x[0] / 5 + 0.1 * rng_normal(r);
		for (int k = 2; k < QUADRIC_X; k++)
			p->x[k] = k * rng_uniform(r);
		p->set = (size_t)i % 3;
		p->y = p->set == 2 ? rng_uniform(r) < 0.1 : truth(p->x);
		if (noise)
			p->y = fmin(p->y + 0.3 * rng_uniform(r) * noise, 1);
	}
}

/* What a polynomial says, by its weights in the order that quadric.h has. */
static double
logit(const struct quadric *q, size_t part, const double *w, const double *x)
{
	static const int of[6][2] = {
	    {0, 0}, {0, 1}, {0, 2}, {1, 1}, {1, 2}, {2, 2}};
	double z[3], sum = w[0];

	for (int i = 0; i < 3; i++) {
		size_t k = quadric_of[part][i];

		z[i] = (x[k] - q->mean[k]) / q->scale[k];
		sum += w[1 + i] * z[i];
	}
	for (int i = 0; i < 6; i++)
		sum += w[4 + i] * z[of[i][0]] * z[of[i][1]];
	return sum;
}

/* Of the two sets that count. */
static double
loss(const struct quadric *q, size_t part, const double *w, double penalty)
{
	double sum = 0, n = 0;

	for (int i = 0; i < N; i++) {
		double s = share(logit(q, part, w, point[i].x));

		if (point[i].set == 2)
			continue;
		sum -= point[i].y * log(s) + (1 - point[i].y) * log(1 - s);
		n++;
	}
	sum /= n;
	for (int k = 1; k < QUADRIC_TERMS; k++)
		sum += penalty / 2 * w[k] * w[k];
	return sum;
}

/* The largest slope in any weight. */
static double
steepest(const struct quadric *q, double penalty)
{
	double most = 0, w[QUADRIC_TERMS];

	for (size_t part = 0; part < QUADRIC_PARTS; part++) {
		memcpy(w, q->weight[part], sizeof(w));
		for (int k = 0; k < QUADRIC_TERMS; k++) {
			double was = w[k], up, down;

			w[k] = was + 1e-4;
			up = loss(q, part, w, penalty);
			w[k] = was - 1e-4;
			down = loss(q, part, w, penalty);
			w[k] = was;
			most = fmax(most, fabs(up - down) / 2e-4);
		}
	}
	return most;
}

/* How far it is from the mean logit of the four, or from what is least. */
static double
off_mean(const struct quadric *q)
{
	double off = 0;

	for (int i = 0; i < N; i++) {
		double sum = 0;

		for (size_t part = 0; part < QUADRIC_PARTS; part++)
			sum += logit(q, part, q->weight[part], point[i].x);
		sum = fmax(share(sum / QUADRIC_PARTS), q->least);
		off = fmax(off, fabs(quadric_at(q, point[i].x) - sum));
	}
	return off;
}

static double
off_truth(const struct quadric *q)
{
	double off = 0;

	for (int i = 0; i < N; i++) {
		double y = fmax(truth(point[i].x), q->least);

		off = fmax(off, fabs(quadric_at(q, point[i].x) - y));
	}
	return off;
}

static void
extremes(struct quadric *q)
{
	double far[QUADRIC_X] = {4, 1, 1, 1, 1, 1, 1};
	int below = 0;

	for (int i = 0; i < N; i++)
		below += point[i].set != 2 && point[i].y <= q->least;
	ok(below == 2, "one in a hundred of 200 is at or below the least");
	ok(quadric_at(q, far) == q->least, "less is never said");

	for (int i = 0; i < N; i++)
		point[i].x[2] = 4;
	quadric_fit(q, point, N, 2, 0.1, scratch);
	ok(isfinite(quadric_at(q, point[0].x)),
	    "a number that is always the same");
	for (int y = 0; y < 2; y++) {
		for (int i = 0; i < N; i++)
			point[i].y = y;
		quadric_fit(q, point, N, 2, 1e-3, scratch);
		ok(fabs(quadric_at(q, point[0].x) - y) < 1e-6,
		    "shares that are all %d", y);
	}
}

int
main(void)
{
	struct quadric q;
	struct rng r;

	rng_seed(&r, 3, 0);
	draw(&r, 1);
	quadric_fit(&q, point, N, 2, 0.1, scratch);
	ok(steepest(&q, 0.1) < 1e-7, "no weight can be better");
	ok(steepest(&q, 0.2) > 1e-4, "with that penalty alone");
	ok(off_mean(&q) < 1e-12, "the mean logit of the four");
	draw(&r, 0);
	quadric_fit(&q, point, N, 2, 1e-12, scratch);
	ok(off_truth(&q) < 1e-6, "what is such a polynomial is found");
	extremes(&q);
	return done_testing();
}
