#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "monitor/detlearn.h"
#include "base/buf.h"
#include "stats/lag.h"
#include "stats/special.h"
#include "tool/err.h"

/* A reference worth fewer independent records than this is too short. */
static const double enough = 15;

typedef void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* How to warn that false alarms may be more frequent. */
static say *
warning(struct detlearn *l)
{
	l->warned = 1;
	return l->told ? err_info : err_warn;
}

static void
put_coefficient(struct buf *b, double phi)
{
	buf_str(b, " ");
	buf_real(b, round(phi * 1e3) / 1e3);
}

/*
 * Says what was found, of several fields that with most of it, and warns of a
 * reference that can't support it.
 */
static void
say_dependence(struct detlearn *l, const struct residual *r)
{
	const struct ar *a = residual_most(r);
	const char *field = l->field[r->fit->most];
	size_t n = l->n;
	double worth = a->worth < (double)n ? a->worth : (double)n;
	char order[32];
	struct buf b = {0};

	if (a->mixed) {
		put_coefficient(&b, a->arma.phi);
		put_coefficient(&b, a->arma.theta);
	}
	for (size_t i = 0; !a->mixed && i < a->order; i++)
		put_coefficient(&b, a->phi[i]);
	snprintf(order, sizeof(order), a->mixed ? "ARMA(1, 1)" : "order %zu",
	    a->order);
	err_info("%s'%s': autocorrelation of %s, coefficients%.*s: %zu "
		 "records are worth %.0f independent ones",
	    l->group, field, order, (int)b.len, b.p, n, worth);
	buf_free(&b);
	if (worth < enough)
		warning(l)("%s'%s': records depend so much on those before "
			   "them that a reference of %zu is worth %.0f "
			   "independent ones: false alarms may be more "
			   "frequent than asked for; %.0f records would do",
		    l->group, field, n, worth,
		    ceil((double)n * enough / worth));
}

/* Warns of dependence of classes, where one of a thousand independent
 * references has any. */
static void
warn_of_dependence(struct detlearn *l)
{
	struct lag lag;

	if (lag_of_codes(&lag, l->rows, l->n) < 0)
		err_memory();
	if (lag.z > special_normal_quantile(1 - 0.001))
		warning(l)("%s'%s': records resemble those before them, with "
			   "an autocorrelation of %.2g at lag 1: %zu are worth "
			   "about %.0f independent ones, and false alarms may "
			   "be more frequent than asked for: thin out the "
			   "stream, or see driftpipe(7), Dependence",
		    l->group, l->field[0], lag.r, l->n, lag_worth(&lag, l->n));
}

/* n rows, of values or what was made of them. */
static const char *
learn_values(
    const struct detlearn *l, void *detector, const double *rows, size_t n)
{
	const struct kind_verbs *verbs = l->kind->verbs;

	if (verbs->init != NULL)
		return verbs->init(detector, l->kind->params, rows, n);
	return verbs->init_rows(detector, l->kind->params, rows, n, l->width);
}

/* Learns the residuals; whether there is dependence. */
static int
learn_residuals(const struct detlearn *l, void *detector, struct residual *r,
    const char **why)
{
	int dependent = l->dependence == DETLEARN_PREWHITEN;
	const struct kind_verbs *verbs = l->kind->verbs;
	struct residual_choice as = {AR_MOST, dependent, AR_ANY};
	double *e = err_malloc(l->n * l->width * sizeof(*e));

	if (residual_init(r, l->rows, l->n, l->width, &as, e) < 0)
		err_memory();
	if (r->fit != NULL)
		*why = learn_values(l, detector, e, l->n - r->fit->order);
	if (r->fit != NULL && *why == NULL && verbs->residuals != NULL)
		verbs->residuals(detector, residual_worth(r));
	if (r->fit != NULL && !l->precedes)
		residual_begin(r);
	free(e);
	return r->fit != NULL;
}

/* The reference as it is, or its scores. */
static void
learn_rows(struct detlearn *l, void *detector, struct residual *r)
{
	const char *why = NULL;

	if (l->dependence == DETLEARN_WARN)
		warn_of_dependence(l);
	if (l->dependence == DETLEARN_NONE || l->dependence == DETLEARN_WARN ||
	    !learn_residuals(l, detector, r, &why)) {
		why = learn_values(l, detector, l->rows, l->n);
		if (l->dependence == DETLEARN_AUTO && why == NULL)
			err_info("%s'%s'%s: no autocorrelation in a reference "
				 "of %zu records",
			    l->group, l->field[0],
			    l->width > 1 ? " and others" : "", l->n);
	} else if (why == NULL) {
		say_dependence(l, r);
	}
	if (why != NULL && l->width == 1)
		err_die("%s'%s': %s", l->group, l->field[0], why);
	if (why != NULL)
		err_die("%s%s: %zu records, %zu fields", l->group, why, l->n,
		    l->width);
}

/* In memory of its own, if there is anything to it. */
static struct detlearn_chain *
kept(const struct detlearn_chain *c)
{
	struct detlearn_chain *own;

	if (c->context == NULL && c->residual.fit == NULL)
		return NULL;
	own = err_malloc(sizeof(*own));
	*own = *c;
	return own;
}

struct detlearn_chain *
detlearn_test(struct detlearn *l, void *detector)
{
	struct detlearn_chain c = {0};
	const double *rows = l->rows;
	double *z = NULL;

	if (l->pool != NULL) {
		z = err_malloc(l->n * l->width * sizeof(*z));
		c.context = context_new(
		    l->rows, l->pool, l->n, l->width, l->pools, z);
		if (c.context == NULL)
			err_memory();
		l->rows = z;
	}
	learn_rows(l, detector, &c.residual);
	l->rows = rows;
	free(z);
	return kept(&c);
}

struct detlearn_chain *
detlearn_share(const struct kind *kind, void *detector, const void *other,
    const struct detlearn_chain *others)
{
	const char *why = kind->verbs->share(detector, other);
	struct detlearn_chain c = {0};

	if (why != NULL)
		err_die("%s", why);
	if (others == NULL)
		return NULL;
	c.context = context_share(others->context);
	if (residual_share(&c.residual, &others->residual) < 0)
		err_memory();
	return kept(&c);
}

void
detlearn_forget(
    const struct kind *kind, void *detector, struct detlearn_chain *c)
{
	kind->verbs->free(detector);
	if (c == NULL)
		return;
	residual_free(&c->residual);
	context_free(c->context);
	free(c);
}
