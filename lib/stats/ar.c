#include <math.h>
#include <stdlib.h>

#include "stats/ar.h"

/* What an order has to gain to be called dependence; what the criterion of
 * Akaike asks for. */
static const double cost_at_least = 6.5, cost_akaike = 2;

/* By how much less Schwarz's criterion of ARMA(1, 1) is to be. */
static const double better = 2;

/* The sum of autocorrelations that shows dependence, and a rest of it. */
static const double shown = 3, left = 1;

/* A series, and what the orders up to most have to say for themselves. */
struct orders {
	const double *x;
	size_t n, most;
	/* The errors of some order, foretold and traced back. */
	double *f, *b;
	double partial[AR_MOST]; /* of order i + 1 */
};

/*
 * The sum of the autocorrelations of e up to lag k + n^0.5, in its deviations.
 * The first k are 0, since e are the residuals of that order.
 */
static double
sum_of_lags(const double *e, size_t n, size_t k)
{
	size_t lags = (size_t)sqrt((double)n);
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

/* Errors of order 0. */
static void
centre(struct orders *o)
{
	double mean = 0;

	for (size_t i = 0; i < o->n; i++)
		mean += o->x[i] / (double)o->n;
	for (size_t i = 0; i < o->n; i++)
		o->f[i] = o->b[i] = o->x[i] - mean;
}

static double
ratio(double product, double square)
{
	return square > 0 ? 2 * product / square : 0;
}

/* The first partial autocorrelation. */
static double
first_partial(const double *f, size_t n)
{
	double product = 0, square = 0;

	for (size_t t = 1; t < n; t++) {
		product += f[t] * f[t - 1];
		square += f[t] * f[t] + f[t - 1] * f[t - 1];
	}
	return ratio(product, square);
}

/*
 * From the errors of order k to those of the next one, r being its partial
 * autocorrelation; returns that of the one after it, in the same pass, since
 * this is most of a simulated run's work.
 */
static double
raise(struct orders *o, size_t k, double r)
{
	double *f = o->f, *b = o->b, product = 0, square = 0;
	double before = b[k], new = 0;

	for (size_t t = k + 1; t < o->n; t++) {
		double next = b[t], last = new;

		new = before - r *f[t];
		f[t] -= r * before;
		b[t] = new;
		before = next;
		if (t == k + 1)
			continue;
		product += f[t] * last;
		square += f[t] * f[t] + last * last;
	}
	return ratio(product, square);
}

static void
try_orders(struct orders *o)
{
	double r;

	centre(o);
	r = first_partial(o->f, o->n);
	for (size_t k = 0; k < o->most; k++) {
		o->partial[k] = r;
		r = k + 1 < o->most ? raise(o, k, r) : 0;
	}
}

/*
 * The order that is best when each costs so much, and what it then gains; a
 * criterion, but for its sign.
 */
static size_t
best(const struct orders *o, double cost, double *gain)
{
	double sum = 0, least = 0;
	size_t order = 0;

	for (size_t k = 0; k < o->most; k++) {
		double rest = 1 - o->partial[k] * o->partial[k];

		sum += (double)o->n * log(fmax(rest, 1e-16)) + cost;
		if (sum < least) {
			least = sum;
			order = k + 1;
		}
	}
	*gain = -least;
	return order;
}

/* The orders have been tried, and the errors are those of order 0 again. */
static int
is_dependent(const struct orders *o, size_t among)
{
	double more = 2 * log((double)among);
	double cost = fmax(cost_at_least + more, log((double)o->n)), gain;

	return best(o, cost, &gain) > 0 ||
	       sum_of_lags(o->f, o->n, 0) >= sqrt(shown * shown + more);
}

/* That of the errors, which are those of order 0. */
static size_t
choose_order(struct orders *o)
{
	double gain;
	size_t order = best(o, cost_akaike, &gain);

	order = order > 0 || o->most == 0 ? order : 1;
	for (size_t k = 0; k < o->most; k++) {
		if (k >= order && sum_of_lags(o->f, o->n, k) <= left)
			return k;
		raise(o, k, o->partial[k]);
	}
	return o->most;
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

/* Whether it is better than an autoregression; o as choose_order has it. */
static int
is_mixed(struct ar *a, const struct orders *o, enum ar_form form)
{
	double square = 0, rest, gain, cost = log((double)o->n);

	for (size_t i = 0; i < o->n; i++)
		square += o->f[i] * o->f[i] / (double)o->n;
	/* A constant depends on nothing. */
	if (form == AR_PLAIN || !(square > 0))
		return 0;
	rest = arma_fit(&a->arma, o->f, o->n) / square;
	/* Only the sum of lags shows what no order is worth. */
	return form == AR_MIXED || best(o, cost, &gain) == 0 ||
	       -(double)o->n * log(rest) - 2 * cost > gain + better;
}

/* The orders have been tried, and the errors are those of order 0 again. */
static void
choose(struct ar *a, struct orders *o, size_t among, enum ar_form form)
{
	if (among > 0 && !is_dependent(o, among))
		return;
	a->mixed = is_mixed(a, o, form);
	if (!a->mixed) {
		a->order = choose_order(o);
		find_coefficients(a, o, o->n);
		a->worth = worth(a, o->n);
		return;
	}
	arma_correct(&a->arma, o->n);
	a->order = arma_coefficients(&a->arma, a->phi, o->most);
	a->worth = arma_worth(&a->arma, o->n);
}

int
ar_fit(struct ar *a, const double *x, size_t n, size_t most, size_t among,
    enum ar_form form)
{
	double *f = calloc(2 * n + 1, sizeof(*f));
	struct orders o = {.x = x, .n = n, .f = f, .b = f + n};

	*a = (struct ar){.worth = (double)n};
	if (f == NULL)
		return -1;
	most = most < AR_MOST ? most : AR_MOST;
	if (n > 0)
		o.most = (size_t)fmin(10 * log10((double)n), (double)n / 4);
	o.most = o.most < most ? o.most : most;
	try_orders(&o);
	centre(&o);
	choose(a, &o, among, form);
	free(f);
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
