/*
 * Average run lengths of the standardised CUSUM, and the limit for one.
 *
 *	g_0 = 0,  g_t = max(0, g_{t-1} + z_t - k),  alarm at g_t > h
 *
 * with independent normal z_t of a known mean and deviation 1. The run length
 * L(u) from g = u solves the Fredholm equation
 *
 *	L(u) = 1 + L(0) P(k - u) + integral_0^h L(v) p(v + k - u) dv
 *
 * with the normal distribution P and density p about the mean of z. It is
 * solved at Gauss-Legendre nodes (Nystrom), whose number grows with h.
 * A. L. Goel, S. M. Wu, Technometrics 13 (1971) 221-230.
 *
 * The linear system is that of a Markov chain which leaves through the alarm.
 * It is eliminated without any subtraction, the diagonal being what the rest
 * of its row leaves of 1 (W. K. Grassmann, M. I. Taksar, D. P. Heyman,
 * Operations Research 33 (1985) 1107-1116), so that a run length of 1e12 has
 * as many digits as one of 10.
 *
 * Nothing of this knows of a reference that is estimated: with one, most runs
 * are shorter. pht(1) has figures.
 */
#ifndef ARL_H
#define ARL_H

/*
 * One-sided, from zero start, k >= 0, h >= 0, z about mean. NAN when memory
 * ends or h is beyond ARL_H_MAX.
 */
double arl_one(double k, double h, double mean);

/* Of the sums in both directions: 1/ARL = 1/ARL+ + 1/ARL-. */
double arl_two(double k, double h, double mean);

/*
 * The limit h at which the one-sided run length without shift is arl0 >= 1,
 * within 1e-10 relative. 0 when it is longer than that even there. NAN as
 * above, or where the limit would be.
 */
double arl_limit(double k, double arl0);

enum { ARL_H_MAX = 1000 };

#endif
