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

/* The five verbs of a module whose params have the life's type. */
#define VERBS(m)                                                               \
	static const char *m##_init_(union detector *d, const union params *p, \
	    const double *ref, size_t n)                                       \
	{                                                                      \
		return m##_init(&d->m, &p->m, ref, n);                         \
	}                                                                      \
	static int m##_stat_(const union detector *d, double *stat)            \
	{                                                                      \
		struct m##_stat s;                                             \
		int ready = m##_stat(&d->m, &s);                               \
		if (ready)                                                     \
			*stat = s.stat;                                        \
		return ready;                                                  \
	}                                                                      \
	static void m##_free_(union detector *d)                               \
	{                                                                      \
		m##_free(&d->m);                                               \
	}

#define NUMERIC(m)                                                             \
	static void m##_add_(union detector *d, double x)                      \
	{                                                                      \
		m##_add(&d->m, x);                                             \
	}                                                                      \
	static double m##_life_(const void *p, size_t n,                       \
	    unsigned long long horizon, struct rng *r)                         \
	{                                                                      \
		return m##_simulate(                                           \
		    &((const union params *)p)->m, n, horizon, r);             \
	}

#define WINDOW(m)                                                              \
	static size_t *m##_window_(union params *p)                            \
	{                                                                      \
		return &p->m.window;                                           \
	}

/* clang-format off */
VERBS(pht)
NUMERIC(pht)
VERBS(iks)
NUMERIC(iks)
WINDOW(iks)
VERBS(nmddm)
NUMERIC(nmddm)
WINDOW(nmddm)
VERBS(chi2)
WINDOW(chi2)
/* clang-format on */

static void
hold_pht(union detector *d, double limit)
{
	pht_hold(&d->pht, limit);
}

static void
add_chi2(union detector *d, double x)
{
	chi2_add(&d->chi2, (size_t)x);
}

static double
life_chi2(const void *d, size_t n, unsigned long long horizon, struct rng *r)
{
	(void)n;
	return chi2_simulate(&((const union detector *)d)->chi2, horizon, r);
}

const struct kind kind_pht = {
    pht_init_, hold_pht, pht_add_, pht_stat_, pht_free_, pht_life_, NULL, 0};
const struct kind kind_iks = {
    iks_init_, NULL, iks_add_, iks_stat_, iks_free_, iks_life_, iks_window_, 0};
const struct kind kind_nmddm = {nmddm_init_, NULL, nmddm_add_, nmddm_stat_,
    nmddm_free_, nmddm_life_, nmddm_window_, 0};
const struct kind kind_chi2 = {chi2_init_, NULL, add_chi2, chi2_stat_,
    chi2_free_, life_chi2, chi2_window_, 1};

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
