#include <math.h>

#include "stats/arma.h"

/* Where to begin: each phi with each theta. */
static const double phis[] = {-0.5, 0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.995};
static const double thetas[] = {-0.98, -0.95, -0.9, -0.8, -0.6, -0.3, 0.3, 0.7};
enum { PHIS = 8, THETAS = 8, STEPS = 20 };

/* No nearer to 1 than that; and of a worth, which hardly depends on it there. */
static const double edge = 0.9999, most_theta = 0.9;

static int
allowed(const struct arma *a)
{
	return fabs(a->phi) <= edge && fabs(a->theta) <= edge;
}

/* The best of a grid. The loops over theta are for the processor's vectors. */
static void
begin(struct arma *a, const double *x, size_t n)
{
	double least = INFINITY;

	for (size_t i = 0; i < PHIS; i++) {
		double e[THETAS] = {0}, sum[THETAS] = {0};

		for (size_t t = 1; t < n; t++) {
			double of = x[t] - phis[i] * x[t - 1];

			for (size_t j = 0; j < THETAS; j++) {
				e[j] = of - thetas[j] * e[j];
				sum[j] += e[j] * e[j];
			}
		}
		for (size_t j = 0; j < THETAS; j++)
			if (sum[j] < least) {
				least = sum[j];
				*a = (struct arma){phis[i], thetas[j]};
			}
	}
}

/* The sum of squares, and the step of Gauss and Newton from there. */
static double
squares(const struct arma *a, const double *x, size_t n, struct arma *step)
{
	double e = 0, p = 0, q = 0, sum = 0;
	double pp = 0, pq = 0, qq = 0, pe = 0, qe = 0, det;

	for (size_t t = 1; t < n; t++) {
		/* The derivatives of e, and then e itself. */
		p = -x[t - 1] - a->theta * p;
		q = -e - a->theta * q;
		e = x[t] - a->phi * x[t - 1] - a->theta * e;
		sum += e * e;
		pp += p * p;
		pq += p * q;
		qq += q * q;
		pe += p * e;
		qe += q * e;
	}
	det = pp * qq - pq * pq;
	/* Without dependence the two say the same. */
	if (!(det > 1e-9 * pp * qq))
		*step = (struct arma){0, 0};
	else
		*step = (struct arma){
		    (pq * qe - qq * pe) / det, (pq * pe - pp * qe) / det};
	return sum;
}

double
arma_fit(struct arma *a, const double *x, size_t n)
{
	struct arma step, on, next;
	double least, sum, by = 1;

	*a = (struct arma){0, 0};
	if (n < 2)
		return 0;
	begin(a, x, n);
	least = squares(a, x, n, &step);
	for (int i = 0; i < STEPS; i++) {
		on.phi = a->phi + by * step.phi;
		on.theta = a->theta + by * step.theta;
		sum = allowed(&on) ? squares(&on, x, n, &next) : INFINITY;
		if (!(sum < least)) {
			by /= 2;
			continue;
		}
		*a = on;
		if (least - sum < 1e-14 * least)
			i = STEPS;
		least = sum;
		step = next;
		by = 1;
	}
	return least / (double)(n - 1);
}

void
arma_correct(struct arma *a, size_t n)
{
	double most = 1 - 0.5 / (double)n;

	a->phi += (1 + 3 * a->phi) / (double)n;
	a->phi = fmax(fmin(a->phi, most), -most);
}

double
arma_worth(const struct arma *a, size_t n)
{
	double mean = (1 + a->theta) / (1 - a->phi);
	double variance = (1 + 2 * a->phi * a->theta + a->theta * a->theta) /
			  (1 - a->phi * a->phi);

	return (double)n * variance / (mean * mean);
}

/*
 * With L = n / worth and c = (1 + phi) / (1 - phi), which is the L of an
 * autoregression, theta is a root of
 *
 *	(c - L) theta^2 + 2 (c - L phi) theta + (c - L) = 0
 */
struct arma
arma_of_worth(double phi, double worth, size_t n)
{
	double l = (double)n / worth, c = (1 + phi) / (1 - phi);
	double half, root;

	l = fmin(l, 2 / (1 - phi));
	half = c - l * phi;
	root = half * half - (c - l) * (c - l);
	/* The root nearer to 0, in a form that is right for c = L. */
	root = half + copysign(sqrt(fmax(root, 0)), half);
	return (struct arma){
	    phi, fmax(fmin(-(c - l) / root, most_theta), -edge)};
}

/*
 * The variance of the estimates (G. E. P. Box and G. M. Jenkins, 1970, 7.2), of
 * which none is taken as more than a quarter.
 */
struct arma
arma_draw(const struct arma *a, size_t n, struct rng *r)
{
	double phi = a->phi, theta = a->theta, both = 1 + phi * theta;
	double by = both / ((double)n * (phi + theta) * (phi + theta));
	double p = 1 - phi * phi, t = 1 - theta * theta;
	double sp = sqrt(fmin(by * p * both, 0.25));
	double st = sqrt(fmin(by * t * both, 0.25));
	/* Their correlation, and what it leaves of one; 0 where they cancel. */
	double rho = -sqrt(p * t) / both, rest = fmax(1 - rho * rho, 0);
	double most = 1 - 0.1 / (double)n;
	struct arma drawn;

	do {
		double u = rng_normal(r), v = rng_normal(r);

		drawn.phi = phi + sp * u;
		drawn.theta = theta + st * (rho * u + sqrt(rest) * v);
	} while (!(fabs(drawn.phi) < most && fabs(drawn.theta) <= edge));
	return drawn;
}

size_t
arma_coefficients(const struct arma *a, double *phi, size_t most)
{
	double next = a->phi + a->theta;
	size_t k = 0;

	while (k < most && (k == 0 || fabs(next) > 1e-3)) {
		phi[k++] = next;
		next *= -a->theta;
	}
	return k;
}
