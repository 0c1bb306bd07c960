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

double
special_normal_quantile(double p)
{
	return gsl_cdf_ugaussian_Pinv(p);
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
