#include <math.h>
#include <stdlib.h>

#include "detect/arl.h"
#include "stats/special.h"

/*
 * The chain: state 0 is g = 0, and state i of 1 .. n the node u[i], upwards.
 * Steps further than the reach, within 0 .. h, are left out: the matrix is a
 * band, and stays one.
 */
static const double reach = 9;

struct chain {
	size_t n;
	double *u, *weight;
	double *exit; /* probability of the alarm at the next step */
	double *stay; /* expected steps until the state is left */
	double *to;   /* (n + 1) x (n + 1) probabilities of the steps */
};

static int
chain_init(struct chain *c, double h)
{
	size_t n = 32 + (size_t)(2 * h);
	double *room = calloc((n + 1) * (n + 5), sizeof(*room));

	*c = (struct chain){.n = n};
	if (room == NULL)
		return -1;
	c->to = room;
	c->u = room + (n + 1) * (n + 1);
	c->weight = c->u + n + 1;
	c->exit = c->weight + n + 1;
	c->stay = c->exit + n + 1;
	if (special_legendre(n, h, c->u + 1, c->weight + 1) == 0)
		return 0;
	free(room);
	return -1;
}

/* The steps from each state, z - k having the mean drift. */
static void
chain_fill(struct chain *c, double h, double drift)
{
	for (size_t i = 0; i <= c->n; i++) {
		double from = c->u[i] + drift, *row = c->to + i * (c->n + 1);

		c->exit[i] = special_normal_cdf(from - h);
		c->stay[i] = 1;
		row[0] = from < reach ? special_normal_cdf(-from) : 0;
		for (size_t j = 1; j <= c->n; j++) {
			double step = c->u[j] - from;

			if (fabs(step) < reach)
				row[j] = c->weight[j] *
					 special_normal_density(step);
		}
	}
}

/* Takes the states out from above; returns the steps to the alarm from 0. */
static double
chain_solve(struct chain *c)
{
	size_t width = c->n + 1;

	for (size_t s = c->n; s > 0; s--) {
		const double *row = c->to + s * width;
		double leaves = c->exit[s];
		size_t low = 0;

		while (low < s && row[low] == 0)
			low++;
		for (size_t j = low; j < s; j++)
			leaves += row[j];
		for (size_t i = s; i-- > 0;) {
			double *other = c->to + i * width, part;

			if (other[s] == 0)
				continue;
			part = other[s] / leaves;
			c->exit[i] += part * c->exit[s];
			c->stay[i] += part * c->stay[s];
			for (size_t j = low; j < s; j++)
				other[j] += part * row[j];
		}
	}
	return c->stay[0] / c->exit[0];
}

double
arl_one(double k, double h, double mean)
{
	struct chain c;
	double steps;

	if (!(h >= 0 && h <= ARL_H_MAX) || chain_init(&c, h) < 0)
		return NAN;
	chain_fill(&c, h, mean - k);
	steps = chain_solve(&c);
	free(c.to);
	return steps;
}

double
arl_two(double k, double h, double mean)
{
	return 1 / (1 / arl_one(k, h, mean) + 1 / arl_one(k, h, -mean));
}

/* Illinois: false position on the logarithm, which is nearly straight. */
static double
find_root(double k, double target, double a, double fa, double b, double fb)
{
	double x = b;

	for (int round = 0; round < 60 && b - a > 1e-11 * b; round++) {
		double f;

		x = (a * fb - b * fa) / (fb - fa);
		f = log(arl_one(k, x, 0)) - target;
		if (isnan(f) || fabs(f) < 1e-13)
			return isnan(f) ? NAN : x;
		if (f < 0) {
			a = x;
			fa = f;
			fb /= 2;
		} else {
			b = x;
			fb = f;
			fa /= 2;
		}
	}
	return x;
}

double
arl_limit(double k, double arl0)
{
	double target = log(arl0), a = 0, fa = log(arl_one(k, 0, 0)) - target;

	if (!(fa < 0))
		return isnan(fa) ? NAN : 0;
	for (double b = 2;; b *= 2) {
		double fb;

		b = fmin(b, ARL_H_MAX);
		fb = log(arl_one(k, b, 0)) - target;
		if (isnan(fb))
			return NAN;
		if (fb >= 0)
			return find_root(k, target, a, fa, b, fb);
		if (b >= ARL_H_MAX)
			return NAN;
		a = b;
		fa = fb;
	}
}
