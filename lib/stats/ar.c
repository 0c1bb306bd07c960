#include <math.h>
#include <stdlib.h>

#include "stats/ar.h"

/* What an order has to gain to be called dependence; what the criterion of
 * Akaike asks for. */
static const double cost_at_least = 6.5, cost_akaike = 2;

/* The sum of autocorrelations that shows dependence, and a rest of it. */
static const double shown = 3, left = 1;

/* What the orders up to most have to say for themselves. */
struct orders {
	size_t most;
	double partial[AR_MOST]; /* of order i + 1 */
	double sum[AR_MOST + 1]; /* of the residuals' autocorrelations */
};

/*
 * The sum of the autocorrelations of e up to lag k + lags, in its deviations.
 * The first k are 0, since e are the residuals of that order.
 */
static double
sum_of_lags(const double *e, size_t n, size_t k, size_t lags)
{
	double product = 0, square = 0, sum = 0, share;

	for (size_t t = k; t < n; t++) {
		product += e[t] * sum;
		square += e[t] * e[t];
		sum += e[t];
		if (t >= k + k + lags)
			sum -= e[t - k - lags];
	}
	share = (double)lags / (double)n;
	return square > 0 ? (product / square + share) / sqrt(share) : 0;
}

/* The partial autocorrelation of order k + 1. */
static double
partial(const double *f, const double *b, size_t n, size_t k)
{
	double product = 0, square = 0;

	for (size_t t = k + 1; t < n; t++) {
		product += f[t] * b[t - 1];
		square += f[t] * f[t] + b[t - 1] * b[t - 1];
	}
	return square > 0 ? 2 * product / square : 0;
}

/* Both are the series; f and b become its errors, foretold and traced back. */
static void
try_orders(struct orders *o, double *f, double *b, size_t n)
{
	size_t lags = (size_t)sqrt((double)n);

	o->sum[0] = sum_of_lags(f, n, 0, lags);
	for (size_t k = 0; k < o->most; k++) {
		double r = o->partial[k] = partial(f, b, n, k);

		for (size_t t = n - 1; t > k; t--) {
			double before = f[t];

			f[t] -= r * b[t - 1];
			b[t] = b[t - 1] - r * before;
		}
		o->sum[k + 1] = sum_of_lags(f, n, k + 1, lags);
	}
}

/* The order that is best when each costs so much. */
static size_t
best(const struct orders *o, size_t n, double cost)
{
	double sum = 0, least = 0;
	size_t order = 0;

	for (size_t k = 0; k < o->most; k++) {
		double rest = 1 - o->partial[k] * o->partial[k];

		sum += (double)n * log(fmax(rest, 1e-16)) + cost;
		if (sum < least) {
			least = sum;
			order = k + 1;
		}
	}
	return order;
}

static int
is_dependent(const struct orders *o, size_t n, size_t among)
{
	double more = 2 * log((double)among);
	double cost = fmax(cost_at_least + more, log((double)n));

	return best(o, n, cost) > 0 || o->sum[0] >= sqrt(shown * shown + more);
}

static size_t
choose_order(const struct orders *o, size_t n, size_t among)
{
	size_t order;

	if (among > 0 && !is_dependent(o, n, among))
		return 0;
	order = best(o, n, cost_akaike);
	order = order > 0 || o->most == 0 ? order : 1;
	while (order < o->most && o->sum[order] > left)
		order++;
	return order;
}

/* A partial autocorrelation without its bias. */
static double
corrected(double r, size_t k, size_t n)
{
	double most = 1 - 0.5 / (double)n, by = k % 2 ? 1 : 2;
	double pi = (r + by / (double)n) / (1 - ((double)k + 2) / (double)n);

	return fabs(pi) < most ? pi : copysign(most, pi);
}

static void
find_coefficients(struct ar *a, const struct orders *o, size_t n)
{
	double last[AR_MOST];

	for (size_t k = 0; k < a->order; k++) {
		double pi = corrected(o->partial[k], k + 1, n);

		for (size_t j = 0; j < k; j++)
			last[j] = a->phi[j];
		for (size_t j = 0; j < k; j++)
			a->phi[j] -= pi * last[k - 1 - j];
		a->phi[k] = pi;
	}
}

/*
 * With a_0 = 1, a_k = -phi_k and the covariance G of p values, the
 * coefficients' is G^-1 / n, and the sum of all elements of G^-1 is that of
 * (a_0 + .. + a_i)^2 - (a_p + .. + a_(p-i))^2 over i < p (I. Gohberg and A.
 * Semencul, 1972).
 */
static double
worth(const struct ar *a, size_t n)
{
	double begin = 1, end = 0, gain = 1, variance = 0;

	for (size_t i = 0; i < a->order; i++)
		gain -= a->phi[i];
	for (size_t i = 0; i < a->order; i++) {
		end -= a->phi[a->order - 1 - i];
		variance += begin * begin - end * end;
		begin -= a->phi[i];
	}
	return a->order > 0 ? (double)n * gain * gain / variance : (double)n;
}

static void
centre(double *f, double *b, const double *x, size_t n)
{
	double mean = 0;

	for (size_t i = 0; i < n; i++)
		mean += x[i] / (double)n;
	for (size_t i = 0; i < n; i++)
		f[i] = b[i] = x[i] - mean;
}

int
ar_fit(struct ar *a, const double *x, size_t n, size_t most, size_t among)
{
	double *f = calloc(2 * n + 1, sizeof(*f));
	struct orders o = {0};

	*a = (struct ar){.worth = (double)n};
	if (f == NULL)
		return -1;
	most = most < AR_MOST ? most : AR_MOST;
	if (n > 0)
		o.most = (size_t)fmin(10 * log10((double)n), (double)n / 4);
	o.most = o.most < most ? o.most : most;
	centre(f, f + n, x, n);
	try_orders(&o, f, f + n, n);
	free(f);
	a->order = choose_order(&o, n, among);
	find_coefficients(a, &o, n);
	a->worth = worth(a, n);
	return 0;
}

double
ar_residual(const struct ar *a, double x, const double *past, size_t stride)
{
	for (size_t i = 0; i < a->order; i++)
		x -= a->phi[i] * past[i * stride];
	return x;
}

double
ar_of_worth(double worth, size_t n)
{
	/* One that only rises is worth next to nothing. */
	double most = 1 - 0.2 / (double)n;

	return fmin(((double)n - worth) / ((double)n + worth), most);
}

double
ar_draw(double phi, size_t n, struct rng *r)
{
	double most = 1 - 0.1 / (double)n, drawn;

	do
		drawn = phi + sqrt((1 - phi * phi) / (double)n) * rng_normal(r);
	while (!(fabs(drawn) < most));
	return drawn;
}
