#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

#include "stats/special.h"

void
special_init(void)
{
	gsl_set_error_handler_off();
}

double
special_chi2_tail(double x, double df)
{
	gsl_sf_result r;
	int status;

	if (x <= 0)
		return 1;
	special_init();
	status = gsl_sf_gamma_inc_Q_e(df / 2, x / 2, &r);
	if (status == GSL_EUNDRFLW)
		return 0;
	return status == GSL_SUCCESS ? r.val : NAN;
}

double
special_normal_density(double x)
{
	return 0.398942280401432677940 * exp(-0.5 * x * x);
}

double
special_normal_cdf(double x)
{
	return 0.5 * erfc(-x * 0.707106781186547524401);
}

/* Two polynomials of degree 7 by their coefficients from r^0 on, a over b. */
static double
ratio(const double a[8], const double b[8], double r)
{
	double above = a[7], below = b[7];

	for (int i = 6; i >= 0; i--) {
		above = a[i] + r * above;
		below = b[i] + r * below;
	}
	return above / below;
}

/*
 * GSL has the same algorithm, but where a processor fuses multiplication and
 * addition its packages round otherwise. Scores are made of this: what detectors
 * say is not to depend on the machine.
 */
double
special_normal_quantile(double p)
{
	static const double a[] = {3.3871328727963666080, 133.14166789178437745,
	    1971.5909503065514427, 13731.693765509461125, 45921.953931549871457,
	    67265.770927008700853, 33430.575583588128105,
	    2509.0809287301226727};
	static const double b[] = {1, 42.313330701600911252,
	    687.18700749205790830, 5394.1960214247511077, 21213.794301586595867,
	    39307.895800092710610, 28729.085735721942674,
	    5226.4952788528545610};
	static const double c[] = {1.42343711074968357734,
	    4.63033784615654529590, 5.76949722146069140550,
	    3.64784832476320460504, 1.27045825245236838258,
	    0.241780725177450611770, 0.0227238449892691845833,
	    0.000774545014278341407640};
	static const double d[] = {1, 2.05319162663775882187,
	    1.67638483018380384940, 0.689767334985100004550,
	    0.148103976427480074590, 0.0151986665636164571966,
	    0.000547593808499534494600, 1.05075007164441684324e-9};
	static const double e[] = {6.65790464350110377720,
	    5.46378491116411436990, 1.78482653991729133580,
	    0.296560571828504891230, 0.0265321895265761230930,
	    0.00124266094738807843860, 2.71155556874348757815e-5,
	    2.01033439929228813265e-7};
	static const double f[] = {1, 0.599832206555887937690,
	    0.136929880922735805310, 0.0148753612908506148525,
	    0.000786869131145613259100, 1.84631831751005468180e-5,
	    1.42151175831644588870e-7, 2.04426310338993978564e-15};
	double q = p - 0.5, r, x;

	if (fabs(q) <= 0.425)
		return q * ratio(a, b, 0.180625 - q * q);
	r = sqrt(-log(q < 0 ? p : 1 - p));
	x = r <= 5 ? ratio(c, d, r - 1.6) : ratio(e, f, r - 5);
	return q < 0 ? -x : x;
}

int
special_legendre(size_t n, double high, double *x, double *w)
{
	gsl_integration_glfixed_table *t;

	special_init();
	t = gsl_integration_glfixed_table_alloc(n);
	if (t == NULL)
		return -1;
	for (size_t i = 0; i < n; i++)
		gsl_integration_glfixed_point(0, high, i, &x[i], &w[i], t);
	gsl_integration_glfixed_table_free(t);
	return 0;
}

/*
 * The x above which a beta variable is with probability p, or with upper 0
 * below which it is. GSL's own quantiles fail for some; its distribution does
 * not, and halving can't.
 */
static double
beta_quantile(double p, double a, double b, int upper)
{
	double low = 0, high = 1;

	for (;;) {
		double middle = low + (high - low) / 2;
		int below;

		if (middle <= low || middle >= high)
			return middle;
		below = upper ? gsl_cdf_beta_Q(middle, a, b) > p
			      : gsl_cdf_beta_P(middle, a, b) < p;
		if (below)
			low = middle;
		else
			high = middle;
	}
}

void
special_binomial_interval(unsigned long long k, unsigned long long n,
    double level, double *low, double *high)
{
	double tail = (1 - level) / 2, hits = (double)k,
	       misses = (double)(n - k);

	special_init();
	*low = k == 0 ? 0 : beta_quantile(tail, hits, misses + 1, 0);
	*high = k == n ? 1 : beta_quantile(tail, hits + 1, misses, 1);
}

double
special_gamma_upper(double mean, double variance, double tail)
{
	special_init();
	return gsl_cdf_gamma_Qinv(
	    tail, mean * mean / variance, variance / mean);
}
