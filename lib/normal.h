/* The standard normal distribution. */
#ifndef NORMAL_H
#define NORMAL_H

double normal_density(double x);

/* P(Z <= x), exact to the last digits in the lower tail too. */
double normal_cdf(double x);

/*
 * The x with P(Z <= x) = p, 0 < p < 1, within 1e-15 relative: M. J. Wichura,
 * Algorithm AS 241, Applied Statistics 37 (1988) 477-484.
 */
double normal_quantile(double p);

#endif
