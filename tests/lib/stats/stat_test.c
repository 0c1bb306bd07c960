/*
 * Statistics against the definitions in long double, which is a plain double on
 * some machines: so of values that are scaled to below 1.
 */
#include <stdlib.h>
#include <string.h>

#include "stats/rng.h"
#include "stats/stat.h"
#include "tap.h"

enum { MOST = 1000 };

static void
by_definition(struct stat *s, const double *x, size_t n)
{
	long double sum = 0, l2 = 0, m[5] = {0}, mean, y, first;
	int e;

	*s = (struct stat){.n = n, .min = x[0], .max = x[0]};
	for (size_t i = 0; i < n; i++) {
		s->zeros += x[i] == 0;
		s->min = fmin(s->min, x[i]);
		s->max = fmax(s->max, x[i]);
	}
	frexp(fmax(s->max, -s->min), &e);
	first = ldexpl(x[0], -e);
	for (size_t i = 0; i < n; i++) {
		y = ldexpl(x[i], -e);
		sum += y - first;
		l2 += y * y;
	}
	mean = sum / n; /* from x[0] on: an offset costs nothing */
	for (size_t i = 0; i < n; i++)
		for (int k = 2; k < 5; k++)
			m[k] += powl(ldexpl(x[i], -e) - first - mean, k) / n;
	s->mean = (double)ldexpl(first + mean, e);
	s->std = (double)ldexpl(sqrtl(m[2] * n / (n - 1)), e);
	s->l2 = (double)ldexpl(sqrtl(l2), e);
	s->skew = (double)(m[3] / powl(m[2], 1.5L));
	s->kurt = (double)(m[4] / (m[2] * m[2]) - 3);
}

static int
close_to(double got, double want, double scale, double tol)
{
	if (fabs(got - want) <= tol * fmax(fabs(want), scale))
		return 1;
	printf("# got %.17g, wanted %.17g\n", got, want);
	return 0;
}

static int
agrees(const double *x, size_t n, double tol)
{
	struct stat s, d;

	stat_of(&s, x, n);
	by_definition(&d, x, n);
	return s.n == n && s.zeros == d.zeros && s.min == d.min &&
	       s.max == d.max && close_to(s.mean, d.mean, d.std, tol) &&
	       close_to(s.std, d.std, 0, tol) && close_to(s.l2, d.l2, 0, tol) &&
	       close_to(s.skew, d.skew, 1, tol) &&
	       close_to(s.kurt, d.kurt, 1, tol);
}

static double
draw(struct rng *r, int law)
{
	switch (law) {
	case 0:
		return rng_normal(r);
	case 1:
		return fmax(0, rng_normal(r)); /* behind a rectifier */
	case 2:
		return exp(rng_normal(r));
	case 3:
		return (double)rng_below(r, 5);
	default:
		return rng_normal(r) * pow(10, (double)rng_below(r, 12) - 6);
	}
}

static void
random_arrays(double offset, double factor, double tol, const char *name)
{
	double x[MOST];
	struct rng r;
	int good = 0;

	rng_seed(&r, 8, 0);
	for (int i = 0; i < 300; i++) {
		size_t n = 3 + rng_below(&r, MOST - 2);

		for (size_t k = 0; k < n; k++)
			x[k] = offset + factor * draw(&r, i % 5);
		good += agrees(x, n, tol);
	}
	ok(good == 300, "300 arrays %s", name);
}

static void
is_exactly(const char *name, const double *x, size_t n, struct stat want)
{
	struct stat s;
	const double *a = &s.mean, *b = &want.mean;
	int same = 1;

	stat_of(&s, x, n);
	for (int i = 0; i < 7; i++)
		same &= (isnan(a[i]) && isnan(b[i])) ||
			fabs(a[i] - b[i]) <= 4e-16 * fabs(b[i]);
	if (!ok(same && s.n == n && s.zeros == want.zeros, "%s", name))
		printf("# %g %g %g %g %g %g %g\n", s.mean, s.std, s.min, s.max,
		    s.l2, s.skew, s.kurt);
}

static void
edges(void)
{
	double nan = NAN, far = 1.7e308, sk = 1 / sqrt(2);

	is_exactly("no value", NULL, 0,
	    (struct stat){0, 0, nan, nan, nan, nan, nan, nan, nan});
	is_exactly("one value", (double[]){-3}, 1,
	    (struct stat){0, 0, -3, nan, -3, -3, 3, nan, nan});
	is_exactly("two", (double[]){0, 2}, 2,
	    (struct stat){0, 1, 1, sqrt(2), 0, 2, 2, 0, -2});
	is_exactly("all alike", (double[]){.1, .1, .1}, 3,
	    (struct stat){0, 0, .1, 0, .1, .1, sqrt(.03), nan, nan});
	is_exactly("zeros of both signs", (double[]){0, -0.0, 0}, 3,
	    (struct stat){0, 3, 0, 0, 0, 0, 0, nan, nan});
	is_exactly("whose sum overflows", (double[]){1e308, 1e308, 1e308}, 3,
	    (struct stat){
		0, 0, 1e308, 0, 1e308, 1e308, sqrt(3) * 1e308, nan, nan});
	is_exactly("whose range overflows", (double[]){-far, far}, 2,
	    (struct stat){0, 0, 0, nan, -far, far, nan, 0, -2});
	is_exactly("whose squares overflow", (double[]){1e300, 0, 0}, 3,
	    (struct stat){
		0, 2, 1e300 / 3, 1e300 / sqrt(3), 0, 1e300, 1e300, sk, -1.5});
	is_exactly("whose squares vanish", (double[]){1e-300, 0, 0}, 3,
	    (struct stat){0, 2, 1e-300 / 3, 1e-300 / sqrt(3), 0, 1e-300, 1e-300,
		sk, -1.5});
	is_exactly("whose fourth powers vanish", (double[]){1e-100, 0, 0}, 3,
	    (struct stat){0, 2, 1e-100 / 3, 1e-100 / sqrt(3), 0, 1e-100, 1e-100,
		sk, -1.5});
}

int
main(void)
{
	random_arrays(0, 1, 1e-12, "around 0");
	random_arrays(1e9, 1e-3, 1e-9, "of thousandths around 1e9");
	random_arrays(-1e6, 1, 1e-10, "around -1e6");
	random_arrays(0, 1e-120, 1e-12, "of 1e-120");
	random_arrays(0, 1e120, 1e-12, "of 1e120");
	edges();
	return done_testing();
}
