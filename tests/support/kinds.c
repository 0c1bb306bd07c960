#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "alias.h"
#include "kinds.h"

enum { MOST_CLASSES = 400 };

void *
need(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL) {
		fprintf(stderr, "out of memory\n");
		exit(2);
	}
	return p;
}

void
kinds_set_window(const struct kind_verbs *kind, union params *p, size_t window)
{
	if (kind == &iks_verbs)
		p->iks.window = window;
	else if (kind == &nmddm_verbs)
		p->nmddm.window = window;
	else if (kind == &chi2_verbs)
		p->chi2.window = window;
}

static double
lognormal(struct rng *r)
{
	return exp(rng_normal(r));
}

static double
byte(struct rng *r)
{
	double x = floor(128 + 32 * rng_normal(r));

	return x < 0 ? 0 : x > 255 ? 255 : x;
}

/* A share of one in five: such as a field that says wrong, or right. */
static double
binary(struct rng *r)
{
	return rng_uniform(r) < 0.2;
}

const struct data data_numeric[DATA_NUMERIC] = {
    {"normal", rng_normal, 0, 0, 0, 0},
    {"lognormal", lognormal, 0, 0, 0, 0},
    {"8-bit", byte, 0, 0, 0, 0},
    {"binary", binary, 0, 0, 0, 0},
};

const struct data data_classes[DATA_CLASSES] = {
    {"2, 49 to 1", NULL, 2, 1, 0, 0.02},
    {"10 even", NULL, 10, 1, 0, 0},
    {"10 skewed", NULL, 10, 0.6, 0, 0},
    {"10, a rare", NULL, 10, 1, 0, 0.002},
    {"100 skewed", NULL, 100, 0.95, 0, 0},
    {"400 Zipf", NULL, 400, 1, 1, 0},
};

static void
fill(struct alias *t, const struct data *d)
{
	double p[MOST_CLASSES], w = 1, sum = 0;

	for (size_t i = 0; i < d->classes; i++, w *= d->ratio)
		sum += p[i] = w / pow((double)i + 1, d->power);
	if (d->rare > 0) {
		sum -= p[d->classes - 1];
		p[d->classes - 1] = d->rare / (1 - d->rare) * sum;
		sum += p[d->classes - 1];
	}
	for (size_t i = 0; i < d->classes; i++)
		p[i] /= sum;
	if (!alias_init(t, p, d->classes))
		abort();
}

void
data_draw(const struct data *d, struct rng *r, double *x, size_t n)
{
	size_t code[MOST_CLASSES] = {0}, codes = 0;
	struct alias t;

	if (d->draw != NULL) {
		for (size_t i = 0; i < n; i++)
			x[i] = d->draw(r);
		return;
	}
	fill(&t, d);
	for (size_t i = 0; i < n; i++) {
		size_t c = alias_draw(&t, r);

		if (code[c] == 0)
			code[c] = ++codes;
		x[i] = (double)(code[c] - 1);
	}
	alias_free(&t);
}
