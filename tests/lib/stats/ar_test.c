/* Autoregression: how often there is one where there is none, and its bias. */
#include <stdlib.h>

#include "stats/ar.h"
#include "stats/rng.h"
#include "tap.h"

enum { N = 200, SERIES = 4000 };

static void
draw(double phi, uint64_t number, double *x)
{
	struct rng r;
	double z;

	rng_seed(&r, 5, number);
	z = rng_normal(&r) / sqrt(1 - phi * phi);
	for (size_t i = 0; i < N; i++)
		x[i] = z = phi * z + rng_normal(&r);
}

/* An independent series has an order by chance in one of 60. */
static void
chance(void)
{
	double x[N];
	int found = 0, forced = 1;
	struct ar a;

	for (uint64_t i = 0; i < SERIES; i++) {
		draw(0, i, x);
		ar_fit(&a, x, N, AR_MOST, 1, AR_ANY);
		found += a.order > 0;
		ar_fit(&a, x, N, AR_MOST, 0, AR_ANY);
		forced &= a.order > 0;
	}
	ok(found > SERIES / 120 && found < SERIES / 40,
	    "%d of %d independent series seem dependent", found, SERIES);
	ok(forced, "all of them where an order is asked for");
}

/* The coefficient is right on average; so is its deviation. */
static void
bias(double phi)
{
	double x[N], sum = 0, square = 0, error = sqrt(1 - phi * phi);
	struct ar a;

	for (uint64_t i = 0; i < SERIES; i++) {
		draw(phi, i, x);
		ar_fit(&a, x, N, 1, 0, AR_PLAIN);
		sum += a.phi[0];
		square += pow(a.phi[0] - phi, 2);
	}
	ok(fabs(sum / SERIES - phi) < 4 * error / sqrt(N * SERIES),
	    "phi %g: %g on average", phi, sum / SERIES);
	ok(fabs(sqrt(square / SERIES * N) / error - 1) < 0.2,
	    "its deviation: %g for %g", sqrt(square / SERIES), error / sqrt(N));
}

static void
constant(void)
{
	double x[N] = {0};
	struct ar a;

	ar_fit(&a, x, N, AR_MOST, 0, AR_ANY);
	ok(a.order == 1 && !a.mixed && fabs(a.phi[0]) < 0.01,
	    "a constant: order %zu, %g", a.order, a.phi[0]);
}

int
main(void)
{
	chance();
	constant();
	bias(0);
	bias(0.5);
	bias(0.9);
	return done_testing();
}
