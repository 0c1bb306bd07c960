/* Special functions against SciPy and AS 241, and against what they invert. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "stats/special.h"
#include "tap.h"

static void
chi2_tail(void)
{
	/* chi2.sf of SciPy 1.10.1 */
	near(special_chi2_tail(31.2, 9), 0.00027352896254366634, 1e-12, "p");
	near(special_chi2_tail(1300, 9), 3.0937161204682167e-274, 1e-10,
	    "a tiny p");
	near(special_chi2_tail(1000, 999), 0.48513148927490146, 1e-10,
	    "p of many classes");
	ok(special_chi2_tail(1e6, 1) == 0, "p below the smallest double");
	ok(special_chi2_tail(0, 5) == 1, "p of 0");
}

/* The checks of AS 241, and there and back. */
static void
normal(void)
{
	double worst = 0;

	near(special_normal_quantile(0.25), -0.6744897501960817, 1e-15,
	    "p = 0.25");
	near(special_normal_quantile(0.001), -3.090232306167814, 1e-15,
	    "p = 0.001");
	near(special_normal_quantile(1e-20), -9.262340089798408, 1e-15,
	    "p = 1e-20");
	ok(special_normal_quantile(0.5) == 0, "p = 0.5");
	for (double x = -38; x < 0; x += 0.01) {
		double p = special_normal_cdf(x);

		worst = fmax(worst,
		    fabs(special_normal_cdf(special_normal_quantile(p)) / p -
			 1));
	}
	ok(worst < 1e-11, "there and back: %.2g", worst);
	near(
	    special_normal_density(1.5), 0.12951759566589174, 1e-15, "density");
}

/* What detectors say depends on each bit: GSL 2.7.1 on amd64 has these. */
static void
quantile_bits(void)
{
	uint64_t hash = 0, bits;

	for (int i = 1; i < 20000; i++) {
		double x = special_normal_quantile(i / 20000.0);

		memcpy(&bits, &x, sizeof(bits));
		hash = (hash ^ bits) * 0x9e3779b97f4a7c15;
		hash ^= hash >> 32;
	}
	ok(hash == UINT64_C(0x7d95069da1dd2881),
	    "the same bits on each processor: %" PRIx64, hash);
}

/* Exact for x^k up to k = 2n - 1, and not for 2n. */
static void
legendre(void)
{
	enum { MOST = 200 };
	static const size_t size[] = {1, 5, 32, MOST};
	double x[MOST], w[MOST];

	for (size_t s = 0; s < sizeof(size) / sizeof(*size); s++) {
		size_t n = size[s], rises = special_legendre(n, 2, x, w) == 0;

		for (size_t i = 1; i < n; i++)
			rises &= x[i - 1] < x[i];
		ok(rises && x[0] > 0 && x[n - 1] < 2, "%zu rising nodes", n);
		for (size_t k = 2 * n - 2; k <= 2 * n; k++) {
			double sum = 0, want = 2 / ((double)k + 1);
			double wrong;

			for (size_t i = 0; i < n; i++)
				sum += w[i] * pow(x[i] / 2, (double)k);
			wrong = fabs(sum / want - 1);
			if (k < 2 * n)
				ok(wrong < 1e-12, "degree %zu: %.2g", k, wrong);
			else if (n <= 5)
				ok(wrong > 1e-6, "not of degree %zu", k);
		}
	}
}

/* beta.ppf(t, k, n - k + 1) and beta.isf(t, k + 1, n - k) of SciPy 1.10.1, with
 * t = (1 - level) / 2. */
static const struct {
	unsigned long long k, n;
	double level, low, high;
} intervals[] = {
    {0, 1, 0.95, 0.0, 0.975},
    {1, 1, 0.95, 0.025000000000000022, 1.0},
    {0, 400, 0.95, 0.0, 0.00917980458366526},
    {400, 400, 0.95, 0.9908201954163347, 1.0},
    {6, 400, 0.95, 0.005524109504580662, 0.032361294480775016},
    {18, 400, 0.95, 0.026884625615141777, 0.0701887954953422},
    {3, 20, 0.9, 0.04216940788577861, 0.34366380431428184},
    {399, 400, 0.99, 0.981573264501472, 0.9999874687239583},
    {12345, 1000000, 0.95, 0.012129493825606208, 0.012563337660712827},
    {1, 1000000, 0.95, 2.53178076637942e-08, 5.571630655166939e-06},
};

static void
binomial(void)
{
	for (size_t i = 0; i < sizeof(intervals) / sizeof(*intervals); i++) {
		double low, high;

		special_binomial_interval(intervals[i].k, intervals[i].n,
		    intervals[i].level, &low, &high);
		near(low, intervals[i].low, 1e-9, "lower end");
		near(high, intervals[i].high, 1e-9, "upper end");
	}
}

int
main(void)
{
	chi2_tail();
	normal();
	quantile_bits();
	legendre();
	binomial();
	return done_testing();
}
