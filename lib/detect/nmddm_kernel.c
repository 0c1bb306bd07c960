#include <stdint.h>
#include <string.h>

#include "detect/nmddm_kernel.h"

enum {
	LANES = 8,
};

struct nmddm_kernel
nmddm_kernel_of(double h, double far)
{
	const double log2e = 1.4426950408889634;

	return (struct nmddm_kernel){.5 * log2e / (h * h), far * far};
}

/* e[i] = kernel(x[i] - y). Of a fixed small n the compiler makes vector
 * instructions. exp2(t) = 2^k exp(r), |r| <= ln(2)/2, exp(r) by its Taylor
 * series, in pairs rather than nested, which makes a shorter chain. */
static inline __attribute__((always_inline)) void
kernels(struct nmddm_kernel f, const double *restrict x, double y, size_t n,
    double *restrict e)
{
	const double ln2 = -0.69314718055994531, round = 0x1.8p52;

	for (size_t i = 0; i < n; i++) {
		double d = x[i] - y, d2 = d * d, t, k, r, r2, r4, p;
		uint64_t pbits, kbits;

		d2 = d2 < f.far2 ? d2 : f.far2;
		t = d2 * f.scale;
		k = round - t;
		r = (t + (k - round)) * ln2;
		r2 = r * r;
		r4 = r2 * r2;
		p = 1 + r + r2 * (.5 + r * (1. / 6)) +
		    r4 * (1. / 24 + r * (1. / 120) +
			     r2 * (1. / 720 + r * (1. / 5040)) +
			     r4 * (1. / 40320 + r * (1. / 362880) +
				      r2 * (1. / 3628800 +
					       r * (1. / 39916800))));
		memcpy(&pbits, &p, sizeof p);
		memcpy(&kbits, &k, sizeof k);
		pbits += kbits << 52; /* -t, rounded, is in the lowest bits */
		memcpy(&e[i], &pbits, sizeof p);
	}
}

double
nmddm_kernel_sum(struct nmddm_kernel f, const double *x, size_t n, double y)
{
	double acc[LANES] = {0}, e[LANES], sum = 0;
	size_t i = 0;

	for (; i + LANES <= n; i += LANES) {
		kernels(f, x + i, y, LANES, e);
		for (size_t k = 0; k < LANES; k++)
			acc[k] += e[k];
	}
	for (; i < n; i++) {
		kernels(f, x + i, y, 1, e);
		sum += *e;
	}
	for (size_t k = 0; k < LANES; k++)
		sum += acc[k];
	return sum;
}

double
nmddm_kernel_moment(
    struct nmddm_kernel f, const double *x, size_t n, double y, double *moment)
{
	double acc[LANES] = {0}, mom[LANES] = {0}, e[LANES], sum = 0;
	size_t i = 0;

	*moment = 0;
	for (; i + LANES <= n; i += LANES) {
		kernels(f, x + i, y, LANES, e);
		for (size_t k = 0; k < LANES; k++) {
			acc[k] += e[k];
			mom[k] += e[k] * (x[i + k] - y);
		}
	}
	for (; i < n; i++) {
		kernels(f, x + i, y, 1, e);
		sum += *e;
		*moment += *e * (x[i] - y);
	}
	for (size_t k = 0; k < LANES; k++) {
		sum += acc[k];
		*moment += mom[k];
	}
	return sum;
}

/* Each pair once; a point's own kernel never enters, so that nothing needs to
 * be subtracted. */
void
nmddm_kernel_others(
    struct nmddm_kernel f, const double *y, size_t m, double *sum)
{
	double e[LANES];

	memset(sum, 0, m * sizeof *sum);
	for (size_t i = 0; i < m; i++) {
		double acc[LANES] = {0};
		size_t j = i + 1;

		for (; j + LANES <= m; j += LANES) {
			kernels(f, y + j, y[i], LANES, e);
			for (size_t k = 0; k < LANES; k++) {
				sum[j + k] += e[k];
				acc[k] += e[k];
			}
		}
		for (; j < m; j++) {
			kernels(f, y + j, y[i], 1, e);
			sum[j] += *e;
			sum[i] += *e;
		}
		for (size_t k = 0; k < LANES; k++)
			sum[i] += acc[k];
	}
}
