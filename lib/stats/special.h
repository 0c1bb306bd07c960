/*
 * Special functions of statistics, and the nodes of Gauss and Legendre.
 * Foreign: GSL.
 */
#ifndef SPECIAL_H
#define SPECIAL_H

#include <stddef.h>

/*
 * Before any use of GSL: its own error handler would end the program, and each
 * status is looked at. The functions here call it themselves.
 */
void special_init(void);

/*
 * P(X >= x) for X chi-square distributed with df > 0 degrees of freedom. Keeps
 * its relative accuracy where it is small, and is 0 below the smallest double.
 */
double special_chi2_tail(double x, double df);

/* The standard normal distribution. */
double special_normal_density(double x);

/* P(Z <= x), exact to the last digits in the lower tail too. */
double special_normal_cdf(double x);

/*
 * The x with P(Z <= x) = p, 0 < p < 1, within 1e-15 relative: M. J. Wichura,
 * Algorithm AS 241, Applied Statistics 37 (1988) 477-484.
 */
double special_normal_quantile(double p);

/*
 * The n nodes x, rising, and weights w with which sum_i w_i f(x_i) is the
 * integral of f over 0 .. high for every polynomial of degree below 2n. 0, or
 * -1 without memory.
 */
int special_legendre(size_t n, double high, double *x, double *w);

/*
 * The exact interval for the probability of what came k times in n trials,
 * 0 <= k <= n, n > 0, of this confidence: C. J. Clopper and E. S. Pearson,
 * Biometrika 26 (1934) 404-413.
 */
void special_binomial_interval(unsigned long long k, unsigned long long n,
    double level, double *low, double *high);

/*
 * The x with P(X > x) = tail, 0 < tail < 1, for X gamma distributed with this
 * mean and variance, both > 0.
 */
double special_gamma_upper(double mean, double variance, double tail);

#endif
