#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "accuracy/estimate.h"
#include "accuracy/prior.h"
#include "accuracy/softmax.h"

static double
mean_best(const struct learnt *l, const double *p, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++) {
		const double *row = p + i * l->classes;

		sum += row[softmax_best(row, l->classes)];
	}
	return sum / (double)n;
}

static double
above_threshold(const struct learnt *l, const double *p, size_t n)
{
	size_t above = 0;

	for (size_t i = 0; i < n; i++)
		above += softmax_negentropy(p + i * l->classes, l->classes) >=
			 l->atc;
	return (double)above / (double)n;
}

static double
clamp(double x)
{
	return isnan(x) ? x : fmin(fmax(x, 0), 1);
}

/* By the numbers of prior.h. */
static double
by_mix(const struct learnt *l, enum learnt_method method, const double *p,
    size_t n, double *gain)
{
	double x[PRIOR_NUMBERS];

	if (prior_find(l, p, n, x) < 0)
		return NAN;
	if (method == LEARNT_EM)
		return clamp(x[PRIOR_RIGHT]);
	*gain = x[PRIOR_GAIN];
	return quadric_at(&l->fit, x);
}

double
estimate_by(const struct learnt *l, struct transport *t,
    enum learnt_method method, const double *p, size_t n, double *gain)
{
	double cost;

	*gain = 0;
	switch (method) {
	case LEARNT_CBPE:
		return mean_best(l, p, n);
	case LEARNT_ATC:
		return above_threshold(l, p, n);
	case LEARNT_DOC:
		return clamp(l->accuracy + mean_best(l, p, n) - l->confidence);
	case LEARNT_EM:
	case LEARNT_FIT:
		return by_mix(l, method, p, n, gain);
	default:
		cost = transport_solve(t, p, n, l->count);
	}
	if (isnan(cost))
		return NAN;
	if (method == LEARNT_COT)
		return learnt_curve(l, cost);
	return transport_below(t, p, l->cott) / (double)l->records / (double)n;
}

int
estimate_init(struct estimate_window *w, const struct learnt *l)
{
	*w = (struct estimate_window){0};
	w->p = calloc(l->window * l->classes, sizeof(*w->p));
	return w->p != NULL ? 0 : -1;
}

void
estimate_free(struct estimate_window *w)
{
	free(w->p);
	w->p = NULL;
}

int
estimate_known(const struct estimate_window *w, const struct learnt *l)
{
	return w->held == l->window;
}

int
estimate_add(struct estimate_window *w, const struct learnt *l,
    struct transport *t, enum learnt_method method, size_t stride,
    const double *p)
{
	double *row = w->p + w->next * l->classes, gain, half;
	int full = estimate_known(w, l);
	struct estimate *e = &w->last;

	memcpy(row, p, l->classes * sizeof(*p));
	softmax_temper(row, l->classes, l->temperature);
	w->next = (w->next + 1) % l->window;
	w->held += !full;
	w->since++;
	if (!estimate_known(w, l) || (full && w->since < stride))
		return 0;
	w->since = 0;
	if (method == LEARNT_AUTO)
		method = prior_doubt(l, w->p, l->window) > l->doubt ? LEARNT_FIT
								    : LEARNT_EM;
	e->method = method;
	e->accuracy = estimate_by(l, t, method, w->p, l->window, &gain);
	half = l->width[method] * learnt_unit(l, method, e->accuracy, gain);
	e->low = clamp(e->accuracy - half);
	e->high = clamp(e->accuracy + half);
	return isnan(e->accuracy) ? -1 : 1;
}

void
estimate_state(
    struct estimate_window *w, const struct learnt *l, struct store *s)
{
	int method = (int)w->last.method;

	store_size(s, "held", &w->held, 0, l->window);
	store_size(s, "next", &w->next, 0, l->window - 1);
	store_size(s, "since", &w->since, 0, LEARNT_RECORDS);
	store_int(s, "method", &method, 0, LEARNT_METHODS - 1);
	store_real(s, "accuracy", &w->last.accuracy);
	store_real(s, "low", &w->last.low);
	store_real(s, "high", &w->last.high);
	store_reals(s, "rows", w->p, w->held * l->classes);
	w->last.method = (enum learnt_method)method;
}
