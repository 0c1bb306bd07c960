#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "nmddm_kde.h"

#define FAR         37.416573867739413 /* sqrt(1400): the kernel is exp(-700) */
#define HALF_LN_2PI 0.91893853320467274178
#define LARGEST_Z   1e100

enum {
	LANES = 8,
};

/* What turns a squared distance into a kernel: exp(-min(d2, far2) scale). */
struct kernel {
	double scale, far2;
};

static struct kernel
kernel_of(double h, double far)
{
	return (struct kernel){.5 / (h * h), far * far};
}

/* e[i] = kernel(x[i] - y). Of a fixed small n the compiler makes vector
 * instructions. exp(t) = 2^k exp(r), |r| <= ln(2)/2, with the Taylor series:
 * relative error below 1e-15 (1e-13 near exp(-700)); exp(0) is 1 exactly. */
static inline __attribute__((always_inline)) void
kernels(struct kernel f, const double *restrict x, double y, size_t n,
    double *restrict e)
{
	const double log2e = 1.4426950408889634, ln2 = 0.69314718055994531,
		     round = 0x1.8p52;

	for (size_t i = 0; i < n; i++) {
		double d = x[i] - y, d2 = d * d, t, k, r, r2, r4, p;
		uint64_t pbits, kbits;

		d2 = d2 < f.far2 ? d2 : f.far2;
		t = -log2e * (d2 * f.scale);
		k = t + round;
		r = (t - (k - round)) * ln2;
		r2 = r * r;
		r4 = r2 * r2;
		/* in pairs rather than nested: a shorter chain */
		p = 1 + r + r2 * (.5 + r * (1. / 6)) +
		    r4 * (1. / 24 + r * (1. / 120) +
			     r2 * (1. / 720 + r * (1. / 5040)) +
			     r4 * (1. / 40320 + r * (1. / 362880) +
				      r2 * (1. / 3628800 +
					       r * (1. / 39916800))));
		memcpy(&pbits, &p, sizeof p);
		memcpy(&kbits, &k, sizeof k);
		pbits += kbits << 52; /* k stands in the lowest bits */
		memcpy(&e[i], &pbits, sizeof p);
	}
}

/* Sum of kernels around y. */
static double
kernel_sum(struct kernel f, const double *x, size_t n, double y)
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
nmddm_kde_leave_one_out(
    const double *y, size_t m, double h, double far, double *sum)
{
	struct kernel f = kernel_of(h, far);
	double e[LANES], mean = 0;

	memset(sum, 0, m * sizeof *sum);
	/* Each pair once; a point's own kernel never enters. */
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
		mean += log(sum[i]);
	}
	return mean / (double)m - log((double)(m - 1) * h) - HALF_LN_2PI;
}

/* Mean and standard deviation. Scaled by a power of two, which is exact, so
 * that squares neither overflow nor vanish; relative to the first value, so
 * that a large offset costs no digits. */
static void
moments(const double *x, size_t n, double *mean, double *sd)
{
	double max = 0, shift, sum = 0, squares = 0;
	int e;

	for (size_t i = 0; i < n; i++)
		max = fabs(x[i]) > max ? fabs(x[i]) : max;
	frexp(max, &e);
	e += 2;
	shift = ldexp(x[0], -e);
	for (size_t i = 0; i < n; i++)
		sum += ldexp(x[i], -e) - shift;
	sum /= (double)n;
	for (size_t i = 0; i < n; i++) {
		double d = ldexp(x[i], -e) - shift - sum;

		squares += d * d;
	}
	*mean = ldexp(shift + sum, e);
	*sd = ldexp(sqrt(squares / (double)(n - 1)), e);
	if (*sd > DBL_MAX)
		*sd = DBL_MAX;
}

double
nmddm_kde_bandwidth(const double *x, size_t n)
{
	double mean, sd;

	moments(x, n, &mean, &sd);
	return sd * pow((double)n, -.2);
}

static double
to_z(const struct nmddm_kde *d, double x)
{
	double z = (x - d->centre) / d->h;

	return z > LARGEST_Z ? LARGEST_Z : z < -LARGEST_Z ? -LARGEST_Z : z;
}

const char *
nmddm_kde_init(struct nmddm_kde *d, const double *ref, size_t n, size_t m)
{
	double sd;

	*d = (struct nmddm_kde){.n = n, .m = m};
	if (n < 2 || m < 2)
		return "a density needs two values";
	if (m > (size_t)1 << 40)
		return "the window is too large";
	moments(ref, n, &d->centre, &sd);
	d->h = sd * pow((double)n, -.2);
	if (d->h == 0)
		return "the reference is constant";
	d->h_win = pow((double)n / (double)m, .2);
	d->ref = malloc(n * sizeof *d->ref);
	d->win = malloc(m * sizeof *d->win);
	d->lref = malloc(m * sizeof *d->lref);
	d->sum = malloc(m * sizeof *d->sum);
	if (!d->ref || !d->win || !d->lref || !d->sum) {
		nmddm_kde_free(d);
		return "out of memory";
	}
	for (size_t i = 0; i < n; i++)
		d->ref[i] = to_z(d, ref[i]);
	return NULL;
}

/* The nearer of 37.4 of either bandwidth, in units of the reference's. */
static double
far_away(const struct nmddm_kde *d)
{
	return d->h_win < 1 ? FAR * d->h_win : FAR;
}

static double
log_density(const double *x, size_t n, double h, double far, double y)
{
	return log(kernel_sum(kernel_of(h, far), x, n, y)) -
	       log((double)n * h) - HALF_LN_2PI;
}

void
nmddm_kde_add(struct nmddm_kde *d, double x)
{
	double z = to_z(d, x);

	d->win[d->next] = z;
	d->lref[d->next] = log_density(d->ref, d->n, 1, far_away(d), z);
	d->next = d->next + 1 == d->m ? 0 : d->next + 1;
	d->held += d->held < d->m;
}

double
nmddm_kde_mean(struct nmddm_kde *d)
{
	double sum = 0;

	for (size_t i = 0; i < d->m; i++)
		sum += d->lref[i];
	return nmddm_kde_leave_one_out(
		   d->win, d->m, d->h_win, far_away(d), d->sum) -
	       sum / (double)d->m;
}

double
nmddm_kde_max(struct nmddm_kde *d)
{
	double h = nmddm_kde_bandwidth(d->win, d->m), max = -INFINITY;

	if (h < 1e-6)
		h = 1e-6;
	for (size_t i = 0; i < d->m; i++) {
		double y = d->win[i], l;

		l = d->lref[i] < -690
			? 0
			: log_density(d->win, d->m, h, FAR * h, y) - d->lref[i];
		max = l > max ? l : max;
	}
	return max;
}

void
nmddm_kde_reset(struct nmddm_kde *d)
{
	d->held = d->next = 0;
}

void
nmddm_kde_free(struct nmddm_kde *d)
{
	free(d->ref);
	free(d->win);
	free(d->lref);
	free(d->sum);
	*d = (struct nmddm_kde){0};
}
