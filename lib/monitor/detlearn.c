#include <math.h>
#include <stdlib.h>

#include "monitor/detlearn.h"
#include "base/buf.h"
#include "stats/lag.h"
#include "stats/special.h"
#include "tool/err.h"

/* A reference worth fewer independent records than this is too short. */
static const double enough = 15;

/* Says what was found, and warns of a reference that can't support it. */
static void
say_dependence(const char *field, const struct residual *r, size_t n)
{
	const struct ar *a = &r->fit->ar;
	double worth = a->worth < (double)n ? a->worth : (double)n;
	struct buf b = {0};

	for (size_t i = 0; i < a->order; i++) {
		buf_str(&b, i > 0 ? " " : "");
		buf_real(&b, round(a->phi[i] * 1e3) / 1e3);
	}
	err_info("'%s': autocorrelation of order %zu, coefficients %.*s: %zu "
		 "records are worth %.0f independent ones",
	    field, a->order, (int)b.len, b.p, n, worth);
	buf_free(&b);
	if (worth < enough)
		err_warn("'%s': records depend so much on those before them "
			 "that a reference of %zu is worth %.0f independent "
			 "ones: false alarms may be more frequent than asked "
			 "for; %.0f records would do",
		    field, n, worth, ceil((double)n * enough / worth));
}

/*
 * Warns of dependence that stays: of the field that has most of it, where one
 * of a thousand independent references has any.
 */
static void
warn_of_dependence(const struct detlearn *l)
{
	double bound = special_normal_quantile(1 - 0.001 / (double)l->width);
	struct lag most = {0, 0}, lag;
	size_t which = 0;

	for (size_t i = 0; i < l->width; i++) {
		if (l->kind->classes == 0)
			lag = lag_of(l->rows + i, l->n, l->width);
		else if (lag_of_codes(&lag, l->rows, l->n) < 0)
			err_memory();
		if (lag.z > most.z) {
			most = lag;
			which = i;
		}
	}
	if (most.z > bound)
		err_warn("'%s': records resemble those before them, with an "
			 "autocorrelation of %.2g at lag 1: %zu are worth "
			 "about %.0f independent ones, and false alarms may be "
			 "more frequent than asked for: thin out the stream, "
			 "or see driftpipe(7), Dependence",
		    l->field[which], most.r, l->n, lag_worth(&most, l->n));
}

/* Without dependence, or where that stays. */
static const char *
learn_values(const struct detlearn *l, void *detector)
{
	const struct kind_verbs *verbs = l->kind->verbs;

	if (verbs->init != NULL)
		return verbs->init(detector, l->kind->params, l->rows, l->n);
	return verbs->init_rows(
	    detector, l->kind->params, l->rows, l->n, l->width);
}

/* Learns the residuals; whether there is dependence. */
static int
learn_residuals(const struct detlearn *l, void *detector, struct residual *r,
    const char **why)
{
	int dependent = l->dependence == DETLEARN_PREWHITEN;
	double *e = err_malloc(l->n * sizeof(*e));

	if (residual_init(r, l->rows, l->n, AR_MOST, dependent, e) < 0)
		err_memory();
	if (r->fit != NULL)
		*why = l->kind->verbs->init(
		    detector, l->kind->params, e, l->n - r->fit->ar.order);
	if (r->fit != NULL && !l->precedes)
		residual_begin(r);
	free(e);
	return r->fit != NULL;
}

/* The reference as it is, or its scores. */
static void
learn_rows(const struct detlearn *l, void *detector, struct residual *r)
{
	const char *why = NULL;

	if (l->dependence == DETLEARN_WARN)
		warn_of_dependence(l);
	if (l->dependence == DETLEARN_NONE || l->dependence == DETLEARN_WARN ||
	    !learn_residuals(l, detector, r, &why)) {
		why = learn_values(l, detector);
		if (l->dependence == DETLEARN_AUTO && why == NULL)
			err_info("'%s': no autocorrelation in a reference of "
				 "%zu records",
			    l->field[0], l->n);
	} else if (why == NULL) {
		say_dependence(l->field[0], r, l->n);
	}
	if (why != NULL && l->width == 1)
		err_die("'%s': %s", l->field[0], why);
	if (why != NULL)
		err_die("%s: %zu records, %zu fields", why, l->n, l->width);
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
detlearn_test(const struct detlearn *l, void *detector)
{
	struct detlearn_chain c = {0};
	struct detlearn scored = *l;
	double *z = NULL;

	if (l->pool != NULL) {
		z = err_malloc(l->n * l->width * sizeof(*z));
		c.context = context_new(
		    l->rows, l->pool, l->n, l->width, l->pools, z);
		if (c.context == NULL)
			err_memory();
		scored.rows = z;
	}
	learn_rows(&scored, detector, &c.residual);
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
