/* ARMA(1, 1): what is drawn is found, and a phi and a worth are of one. */
#include <math.h>

#include "stats/arma.h"
#include "tap.h"

enum { N = 2000, SERIES = 400 };

static void
draw(const struct arma *a, uint64_t number, double *x)
{
	double e, last = 0, z = 0, mean = 0;
	struct rng r;

	rng_seed(&r, 5, number);
	for (int i = -1000; i < N; i++) {
		e = rng_normal(&r);
		z = a->phi * z + e + a->theta * last;
		last = e;
		if (i >= 0)
			x[i] = z;
	}
	for (int i = 0; i < N; i++)
		mean += x[i] / N;
	for (int i = 0; i < N; i++)
		x[i] -= mean;
}

/* The deviation of the estimates is that of those drawn. */
static void
found(double phi, double theta)
{
	struct arma a = {phi, theta}, got;
	double x[N], p = 0, t = 0, pp = 0, tt = 0, dp = 0, dt = 0;
	struct rng r;

	rng_seed(&r, 6, 0);
	for (uint64_t i = 0; i < SERIES; i++) {
		draw(&a, i, x);
		arma_fit(&got, x, N);
		arma_correct(&got, N);
		p += (got.phi - phi) / SERIES;
		t += (got.theta - theta) / SERIES;
		pp += pow(got.phi - phi, 2);
		tt += pow(got.theta - theta, 2);
		got = arma_draw(&a, N, &r);
		dp += pow(got.phi - phi, 2);
		dt += pow(got.theta - theta, 2);
	}
	ok(fabs(p) < 0.2 * sqrt(dp / SERIES) + 4 * sqrt(dp) / SERIES,
	    "phi %g: off by %g, drawn with %g", phi, p, sqrt(dp / SERIES));
	ok(fabs(t) < 0.2 * sqrt(dt / SERIES) + 4 * sqrt(dt) / SERIES,
	    "theta %g: off by %g, drawn with %g", theta, t, sqrt(dt / SERIES));
	ok(fabs(log(pp / dp)) < log(1.5) && fabs(log(tt / dt)) < log(1.5),
	    "variances of estimates are those drawn: %g and %g of them",
	    pp / dp, tt / dt);
}

static void
worth(double phi, double theta)
{
	struct arma a = {phi, theta}, b;
	double w = arma_worth(&a, N), coefficient[40];
	size_t k;

	b = arma_of_worth(phi, w, N);
	ok(fabs(b.theta - theta) < 1e-9 && b.phi == phi, "of its worth, %g: %g",
	    w, b.theta);
	k = arma_coefficients(&a, coefficient, 40);
	ok(k >= 1 && k <= 40 && coefficient[0] == phi + theta &&
		(k == 1 ||
		    fabs(coefficient[1] + theta * (phi + theta)) < 1e-12),
	    "%zu coefficients", k);
}

int
main(void)
{
	struct arma a = {0.9, 0};
	double x[N] = {0};
	int whole = 1;

	near(arma_worth(&a, N), N * 0.1 / 1.9, 1e-12,
	    "an autoregression's worth");
	a = (struct arma){0, 0.8};
	near(arma_worth(&a, N), N * 1.64 / 3.24, 1e-12, "a moving average's");
	a = arma_of_worth(0.9, 1, N);
	ok(fabs(a.theta) < 1, "a worth that no theta has: %g", a.theta);
	/* Where the two cancel, drawing one comes to an end, too. */
	for (int i = -98; i <= 98; i++) {
		struct rng r;

		rng_seed(&r, 7, (uint64_t)(i + 98));
		a = arma_of_worth(i / 100., N, N);
		a = arma_draw(&a, N, &r);
		whole &= isfinite(a.phi) && isfinite(a.theta);
	}
	ok(whole, "worth as much as independent values");
	found(0.97, -0.87);
	found(0, 0.8);
	found(0.5, 0.4);
	worth(0.97, -0.87);
	worth(0.9, 0);
	worth(0, 0.8);
	worth(-0.4, -0.3);
	ok(arma_fit(&a, x, N) == 0 && isfinite(a.phi) && isfinite(a.theta),
	    "nothing but 0");
	ok(arma_fit(&a, x, 1) == 0 && a.phi == 0, "one value");
	return done_testing();
}
