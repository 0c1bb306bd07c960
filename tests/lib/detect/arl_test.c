/* Run lengths of CUSUM against R, and against simulation. */
#include <string.h>

#include "detect/arl.h"
#include "stats/special.h"
#include "stats/rng.h"
#include "tap.h"

static int
is_near(double got, double want)
{
	return fabs(got / want - 1) < 1e-5;
}

/* Each line of the table that R's package spc made. */
static void
as_spc(void)
{
	double k, h, x0, x1, two, arl0;
	int rows = 0, limits = 0;
	char line[256];
	FILE *f = fopen("tests/vectors/cusum_arl_R_spc.txt", "r");

	while (f != NULL && fgets(line, sizeof line, f) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "k=%lf h=%lf one0=%lf one1=%lf two0=%lf", &k,
			&h, &x0, &x1, &two) == 5) {
			ok(is_near(arl_one(k, h, 0), x0) &&
				is_near(arl_one(k, h, 1), x1) &&
				is_near(arl_two(k, h, 0), two),
			    "%s", line);
			rows++;
		} else if (sscanf(line, "crit k=%lf ARL0=%lf h1=%lf", &k, &arl0,
			       &h) == 3) {
			ok(is_near(arl_limit(k, arl0), h), "%s", line);
			limits++;
		}
	}
	ok(rows == 24 && limits == 24, "all of the table");
	if (f != NULL)
		fclose(f);
}

/* There and back, far beyond the table. */
static void
round_trip(void)
{
	static const double k[] = {0.05, 0.25, 1, 5};

	for (int i = 0; i < 4; i++)
		for (double arl0 = 1e10; arl0 < 1e13; arl0 *= 100) {
			double h = arl_limit(k[i], arl0);

			near(arl_one(k[i], h, 0), arl0, 1e-9, "there and back");
		}
}

/* Without a limit it is the first value above k. */
static void
edges(void)
{
	near(arl_one(0.5, 0, 0), 1 / special_normal_cdf(-0.5), 1e-12, "h = 0");
	ok(arl_limit(10, 1e6) == 0, "no limit is low enough");
	ok(isnan(arl_limit(0.01, 1e15)), "a limit that is out of reach");
	ok(isnan(arl_one(0.5, -1, 0)) && isnan(arl_one(0.5, NAN, 0)),
	    "h below 0, and none");
	near(arl_one(0.25, 5, 1e3), 1, 1e-12, "a shift beyond all");
	ok(arl_one(0.25, 3, -40) > 1e100, "a shift the other way");
	near(arl_two(0.5, 5, 1),
	    1 / (1 / arl_one(0.5, 5, 1) + 1 / arl_one(0.5, 5, -1)), 1e-15,
	    "two sides of a shift");
}

static void
as_simulated(void)
{
	enum { RUNS = 4000 };
	double sum = 0, squares = 0, want = arl_one(0.5, 3, 0.25), mean;
	struct rng r;

	rng_seed(&r, 5, 0);
	for (int i = 0; i < RUNS; i++) {
		double g = 0, t = 0;

		for (; g <= 3; t++)
			g = fmax(0, g + rng_normal(&r) + 0.25 - 0.5);
		sum += t;
		squares += t * t;
	}
	mean = sum / RUNS;
	ok(fabs(mean - want) <
		4 * sqrt(squares / RUNS - mean * mean) / sqrt(RUNS),
	    "%.4g as simulated: %.4g", want, mean);
}

int
main(void)
{
	as_spc();
	round_trip();
	edges();
	as_simulated();
	return done_testing();
}
