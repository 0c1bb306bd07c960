/*
 * Special functions of statistics.
 * Foreign: GSL.
 */
#ifndef SPECIAL_H
#define SPECIAL_H

/*
 * P(X >= x) for X chi-square distributed with df > 0 degrees of freedom. Keeps
 * its relative accuracy where it is small, and is 0 below the smallest double.
 */
double special_chi2_tail(double x, double df);

#endif
