/* The generator against its published output, and what is drawn from it. */
#include <stdlib.h>

#include "stats/rng.h"
#include "tap.h"

/* xoshiro256** from the state 1, 2, 3, 4, as the test of Rust's rand_xoshiro
 * has it, computed there with the authors' C program. */
static void
known_output(void)
{
	static const uint64_t want[] = {11520, 0, 1509978240,
	    1215971899390074240, 1216172134540287360, 607988272756665600,
	    16172922978634559625u, 8476171486693032832, 10595114339597558777u,
	    2904607092377533576};
	struct rng r = {{1, 2, 3, 4}};
	int same = 0;

	for (int i = 0; i < 10; i++)
		same += rng_next(&r) == want[i];
	ok(same == 10, "xoshiro256**");
}

static void
streams(void)
{
	struct rng a, b, c, d;
	int equal = 0;
	double sum = 0;

	rng_seed(&a, 1, 0);
	rng_seed(&b, 1, 0);
	rng_seed(&c, 1, 1);
	rng_seed(&d, 0, 1);
	for (int i = 0; i < 1000; i++) {
		uint64_t x = rng_next(&a), y = rng_next(&c);

		equal += x == rng_next(&b) && x != y && x != rng_next(&d);
	}
	ok(equal == 1000, "a seed and a number make a stream");
	/* The first draws of successive streams, as simulation uses them. */
	for (uint64_t i = 0; i < 10000; i++) {
		rng_seed(&a, 7, i);
		sum += rng_uniform(&a);
	}
	ok(fabs(sum / 10000 - .5) < 4 * sqrt(1. / 12 / 10000),
	    "first draws of streams are uniform");
}

static void
uniform(void)
{
	struct rng r;
	double sum = 0, squares = 0, serial = 0, last = .5;
	int outside = 0, n = 1000000;

	rng_seed(&r, 2, 0);
	for (int i = 0; i < n; i++) {
		double u = rng_uniform(&r);

		outside += u <= 0 || u >= 1;
		sum += u - .5;
		squares += (u - .5) * (u - .5);
		serial += (u - .5) * (last - .5);
		last = u;
	}
	ok(outside == 0, "uniform is between 0 and 1");
	ok(fabs(sum / n) < 4 * sqrt(1. / 12 / n), "with mean 1/2");
	ok(fabs(squares / n - 1. / 12) < 4 * sqrt(1. / 180 / n),
	    "and variance 1/12");
	ok(fabs(serial / n) < 4. / 12 / sqrt(n), "without memory");
}

static void
below(void)
{
	int count[7] = {0}, n = 700000, high = 0;
	double chi = 0;
	struct rng r;

	rng_seed(&r, 3, 0);
	for (int i = 0; i < n; i++)
		count[rng_below(&r, 7)]++;
	for (int i = 0; i < 7; i++)
		chi += pow(count[i] - n / 7., 2) / (n / 7.);
	ok(chi < 27.9, "0 .. 6 alike (chi-square %.1f)", chi);
	/* By remainder alone, two thirds would fall into the lower half. */
	for (int i = 0; i < 10000; i++)
		high += rng_below(&r, UINT64_C(3) << 62) >= UINT64_C(3) << 61;
	ok(abs(high - 5000) < 200, "unbiased for a large n (%d)", high);
	ok(rng_below(&r, 1) == 0, "one choice");
}

/* Sample moments against mean, variance and their standard errors. */
static void
moments(double mean, double var, double sum, double squares, int n, double kurt,
    const char *name)
{
	double m = sum / n, v = squares / n - m * m;

	ok(fabs(m - mean) < 4 * sqrt(var / n), "%s has mean %g", name, mean);
	ok(fabs(v - var) < 4 * var * sqrt((kurt + 2) / n), "%s has variance %g",
	    name, var);
}

static void
laws(void)
{
	double s = 0, s2 = 0, s4 = 0, x;
	int tails = 0, n = 1000000;
	struct rng r;

	rng_seed(&r, 4, 0);
	for (int i = 0; i < n; i++) {
		x = rng_normal(&r);
		s += x;
		s2 += x * x;
		s4 += x * x * x * x;
		tails += fabs(x) > 3;
	}
	moments(0, 1, s, s2, n, 0, "normal");
	ok(fabs(s4 / n - 3) < 4 * sqrt(96. / n), "normal has kurtosis 3");
	ok(abs(tails - 2700) < 4 * 52, "%d of 2700 beyond 3", tails);
}

int
main(void)
{
	known_output();
	streams();
	uniform();
	below();
	laws();
	return done_testing();
}
