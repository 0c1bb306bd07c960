/*
 * Sums of Gaussian kernels exp(-(x - y)^2 / (2 h^2)), without their factor
 * 1 / (h sqrt(2 pi)). A distance beyond far counts as far; far is at most
 * 37.4 h, where a kernel is exp(-700): sums are never 0 and their logarithms
 * are finite. Relative error below 1e-14 (1e-12 near exp(-700)).
 */
#ifndef NMDDM_KERNEL_H
#define NMDDM_KERNEL_H

#include <stddef.h>

#define NMDDM_KERNEL_FAR 37.416573867739413 /* sqrt(1400), in bandwidths */

struct nmddm_kernel {
	double scale, far2; /* exp2(-min(d^2, far2) scale) */
};

struct nmddm_kernel nmddm_kernel_of(double h, double far);

/* The sum over x[0 .. n-1] around y. */
double nmddm_kernel_sum(
    struct nmddm_kernel f, const double *x, size_t n, double y);

/* The same, and the sum of kernel times (x - y) through *moment. */
double nmddm_kernel_moment(
    struct nmddm_kernel f, const double *x, size_t n, double y, double *moment);

/* sum[i] = the sum around y[i] over the others, for all m. */
void nmddm_kernel_others(
    struct nmddm_kernel f, const double *y, size_t m, double *sum);

#endif
