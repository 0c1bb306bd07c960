/* Normal scores: by counting, and under transforms. */
#include <string.h>

#include "stats/special.h"
#include "detect/nscore.h"
#include "tap.h"

enum { N = 137, M = 2000 };

static double
counted(const double *ref, double x, double u)
{
	double less = 0, equal = 0;

	for (int i = 0; i < N; i++) {
		less += ref[i] < x;
		equal += ref[i] == x;
	}
	return special_normal_quantile((less + u * (equal + 1)) / (N + 1));
}

/* Values rounded to that grain, 0 for not at all; the first one is far away. */
static void
as_counted(double grain, double first)
{
	double ref[N];
	struct nscore middle, any;
	struct rng r;
	int good = 1, inside = 1;

	rng_seed(&r, 8, 0);
	for (int i = 0; i < N; i++)
		ref[i] = grain > 0 ? round(rng_normal(&r) / grain) * grain
				   : rng_normal(&r);
	ref[0] = first;
	nscore_init(&middle, ref, N, 0, 0);
	nscore_init(&any, ref, N, NSCORE_RANDOM, 7);
	for (int i = 0; i < M; i++) {
		double x = 2 * rng_normal(&r), z;

		x = i < N ? ref[i] : grain > 0 ? round(x / grain) * grain : x;
		z = nscore_of(&any, x);
		good = good && fabs(nscore_of(&middle, x) -
				    counted(ref, x, 0.5)) < 1e-12;
		inside = inside && z >= counted(ref, x, 1e-9) &&
			 z <= counted(ref, x, 1 - 1e-9) &&
			 fabs(z) < 1e-9 + special_normal_quantile(
					      (N + 0.5) / (N + 1));
	}
	ok(good, "grain %g, first %g: as counted", grain, first);
	ok(inside, "grain %g, first %g: random places lie in their gap", grain,
	    first);
	nscore_free(&middle);
	nscore_free(&any);
}

static double
same_value(double x)
{
	return x;
}

static double
affine(double x)
{
	return 1e9 + 1e-3 * x;
}

static double
vast(double x)
{
	return 1e300 * x;
}

/* Increasing transforms leave every bit as it is, random ties included. */
static void
invariant(const char *name, double (*f)(double), int random)
{
	double x[N + M], y[N + M];
	struct nscore a, b;
	struct rng r;
	int good = 1;

	rng_seed(&r, 6, 0);
	for (int i = 0; i < N + M; i++) {
		/* So few bits that no transform here makes ties. */
		x[i] = round(rng_normal(&r) * 0x1p12) / 0x1p12;
		y[i] = f(x[i]);
	}
	nscore_init(&a, x, N, random ? NSCORE_RANDOM : 0, 3);
	nscore_init(&b, y, N, random ? NSCORE_RANDOM : 0, 3);
	for (int i = N; i < N + M; i++)
		good = good && nscore_of(&a, x[i]) == nscore_of(&b, y[i]);
	ok(good, "%s, %s", name, random ? "random" : "middle");
	nscore_free(&a);
	nscore_free(&b);
}

/* Uniform places make uniform ranks of tied values. */
static void
spread(void)
{
	double ref[N], sum = 0, squares = 0;
	struct nscore s;
	struct rng r;

	rng_seed(&r, 1, 0);
	for (int i = 0; i < N; i++)
		ref[i] = i < N / 2;
	nscore_init(&s, ref, N, NSCORE_RANDOM, 1);
	for (int i = 0; i < 40000; i++) {
		double z = nscore_of(&s, (int)rng_below(&r, N) < N / 2);

		sum += z;
		squares += z * z;
	}
	ok(fabs(sum / 40000) < 0.03 && fabs(squares / 40000 - 1) < 0.05,
	    "two values, random: mean %.3f, variance %.3f", sum / 40000,
	    squares / 40000);
	nscore_free(&s);
}

/* The square is the mean over the gap; over all gaps it is 1. */
static void
square(void)
{
	static const double ref[] = {1, 2, 2, 2, 5, 5, 7},
			    at[] = {0, 1, 2, 3, 5, 6, 7, 8};
	static const double from[] = {0, 0, 1, 4, 4, 6, 6, 7},
			    to[] = {1, 2, 5, 5, 7, 7, 8, 8};
	double z, worst = 0, sum = 0;
	struct nscore s;

	nscore_init(&s, ref, 7, NSCORE_SQUARES, 0);
	for (int i = 0; i < 8; i++) {
		double got = nscore_square(&s, at[i], &z), mean = 0;
		enum { STEPS = 100000 };

		for (int j = 0; j < STEPS; j++) {
			double u = (j + .5) / STEPS;
			double q = special_normal_quantile(
			    (from[i] + u * (to[i] - from[i])) / 8);

			mean += q * q / STEPS;
		}
		worst = fmax(worst, fabs(got - mean));
		worst = fmax(worst, fabs(z - nscore_of(&s, at[i])));
	}
	ok(worst < 1e-3, "squares by quadrature: off by %.2g", worst);
	nscore_free(&s);
	nscore_init(&s, (double[]){1, 2, 3}, 3, NSCORE_SQUARES, 0);
	for (int i = 0; i < 4; i++)
		sum += nscore_square(&s, i + .5, &z) / 4;
	near(sum, 1, 1e-14, "1 on average");
	nscore_free(&s);
	nscore_init(&s, (double[]){4, 4, 4}, 3, NSCORE_SQUARES, 0);
	near(nscore_square(&s, 4, &z), 1, 1e-14, "as for a constant");
	nscore_free(&s);
	nscore_init(&s, ref, 7, NSCORE_RANDOM, 3);
	sum = nscore_square(&s, 2, &z);
	near(sum, z * z, 1e-14, "random: of the score");
	nscore_free(&s);
}

/* Those that share a reference score alike, and one outlives the other. */
static void
shared(void)
{
	static const double ref[] = {3, 1, 2, 2};
	struct nscore a, b;
	double z;

	nscore_init(&a, ref, 4, NSCORE_SQUARES, 0);
	nscore_share(&b, &a);
	z = nscore_of(&a, 2.5);
	nscore_free(&a);
	ok(nscore_of(&b, 2.5) == z && nscore_square(&b, 2.5, &z) > 0 &&
		b.ref->users == 1,
	    "a shared reference");
	nscore_free(&b);
}

int
main(void)
{
	static const double constant[] = {5, 5, 5};
	struct nscore s;

	as_counted(0, 0);
	as_counted(0.1, 0);
	as_counted(1, 0);
	as_counted(0, 1e9);
	as_counted(0.1, -1e308);
	shared();
	for (int random = 0; random < 2; random++) {
		invariant("the same", same_value, random);
		invariant("exp", exp, random);
		invariant("tiny on an offset", affine, random);
		invariant("vast", vast, random);
		invariant("cube root", cbrt, random);
	}
	spread();
	nscore_init(&s, constant, 3, 0, 0);
	ok(nscore_of(&s, 5) == 0 && nscore_of(&s, 4) < 0 &&
		nscore_of(&s, 4) == -nscore_of(&s, 6),
	    "a reference that does not vary");
	near(nscore_of(&s, 1e308), special_normal_quantile(0.875), 1e-15,
	    "far above");
	nscore_free(&s);
	square();
	return done_testing();
}
