#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "limit/detlimit.h"
#include "limit/dependent.h"
#include "limit/limit.h"
#include "limit/resample.h"
#include "tool/err.h"

/*
 * The share of each of so many tests in the false-alarm guarantee. Where it is
 * not known how they depend on each other an even share of fap is always right.
 * --arl0 is a hazard of 1 / arl0 a record, of which each test has its part.
 */
static double
share(const struct detlimit *l, double tests)
{
	return isnan(l->arl0) ? l->fap / tests : -expm1(-1 / tests);
}

int
detlimit_promises(const struct kind *kind)
{
	return isnan(kind->limit) && kind->critical == NULL;
}

unsigned long long
detlimit_horizon(const struct detlimit *l)
{
	return isnan(l->arl0) ? l->horizon : (unsigned long long)l->arl0;
}

static double
answered(const struct detlimit *l, const char *key, size_t n)
{
	for (size_t i = l->answers; i-- > 0;)
		if (l->answer[i].n == n && strcmp(l->answer[i].key, key) == 0)
			return l->answer[i].limit;
	return NAN;
}

static double
ask(struct detlimit *l, struct limit_query *q, struct buf *key, int keeps)
{
	double limit;

	buf_put(key, "", 1);
	if (key->failed)
		err_memory();
	limit = keeps ? answered(l, key->p, q->n) : NAN;
	if (!isnan(limit))
		return limit;
	q->key = keeps ? key->p : NULL;
	if (l->runs > 0)
		q->runs = l->runs;
	q->horizon = detlimit_horizon(l);
	limit = limit_find(q);
	if (!keeps)
		return limit;
	l->answer = err_realloc(
	    l->answer, (l->answers + 1) * sizeof(*l->answer));
	l->answer[l->answers++] = (struct detlimit_answer){
	    err_strdup(key->p), q->n, limit};
	return limit;
}

/* By the null distribution that the detector's module simulates. */
static double
by_null_distribution(struct detlimit *l, const struct kind *kind, double tests,
    const struct detlimit_test *t, size_t n)
{
	struct buf key = {0};
	int own = kind->verbs->digest != NULL;
	struct limit_query q = {.simulate = kind->verbs->simulate,
	    .params = own ? t->detector : kind->params,
	    .n = n,
	    .q = share(l, tests)};
	double limit;

	kind->verbs->key(kind->params, n, &key);
	if (own)
		kind->verbs->digest(t->detector, &key);
	limit = ask(l, &q, &key, 1);
	buf_free(&key);
	return limit;
}

/* Of residuals, and of scores within contexts. */
static double
by_dependence(struct detlimit *l, const struct kind *kind, double tests,
    const struct detlimit_test *t, size_t n)
{
	struct dependent d = {.kind = kind,
	    .worth = NAN,
	    .contexts = t->contexts,
	    .rounds = t->rounds};
	struct limit_query q = {.simulate = dependent_simulate,
	    .params = &d,
	    .n = n,
	    .q = share(l, tests),
	    .runs = dependent_runs(n, share(l, tests), detlimit_horizon(l))};
	struct buf key = {0};
	double limit;

	kind->verbs->key(kind->params, n, &key);
	if (t->ar != NULL) {
		dependent_round(&d, t->ar, n);
		buf_str(&key, "-worth=");
		buf_real(&key, d.worth);
	}
	if (d.mixed) {
		buf_str(&key, "-phi=");
		buf_real(&key, d.phi);
	}
	if (d.contexts > 0) {
		dependent_round_contexts(&d, n);
		buf_str(&key, "-pools=");
		buf_int(&key, (long long)d.contexts);
		buf_str(&key, "-rounds=");
		buf_real(&key, d.rounds);
	}
	limit = ask(l, &q, &key, 1);
	buf_free(&key);
	return limit;
}

/* From the references of so many fields, the statistics of all at once. */
static double
by_resampling(struct detlimit *l, const struct kind *kind,
    const struct detlimit_test *t, size_t fields, size_t width, size_t n,
    double tests)
{
	struct buf key = {0};
	const double **value = err_calloc(fields, sizeof(*value));
	struct resample s = {kind, fields, width, value, l->block};
	struct limit_query q = {.simulate = resample_simulate,
	    .params = &s,
	    .n = n,
	    .q = share(l, tests)};
	char text[80];
	double limit;

	for (size_t i = 0; i < fields; i++)
		value[i] = t[i].value;
	if (s.block == 0)
		s.block = (size_t)ceil(sqrt((double)n));
	if (s.block > n)
		err_die("'--block': longer than the reference of %zu", n);
	kind->verbs->key(kind->params, n, &key);
	snprintf(text, sizeof(text), "-block=%zu-%016llx", s.block,
	    (unsigned long long)resample_digest(&s, n));
	buf_str(&key, text);
	/* The first records of a stream are never a reference again. */
	limit = ask(l, &q, &key, l->keep_own);
	buf_free(&key);
	free(value);
	return limit;
}

/* A limit that needs no simulation, or NAN. */
static double
given(struct detlimit *l, const struct kind *kind, size_t fields, size_t n)
{
	double limit = kind->critical ? kind->critical(n) : kind->limit;

	if (isnan(limit) && !isnan(l->arl0) && kind->arl != NULL &&
	    !l->resample)
		limit = kind->arl(l->arl0, (double)fields * l->groups);
	if (!isnan(limit) && !l->said++)
		err_info("limit %.6g, by the options", limit);
	return limit;
}

void
detlimit_find(struct detlimit *l, const struct kind *kind,
    struct detlimit_test *test, size_t tests, size_t n, size_t width)
{
	double common = given(l, kind, tests, n);
	double all = (double)tests * l->groups;
	/* Fields whose statistics have no common scale have their own. */
	int own = kind->verbs->digest != NULL;

	for (size_t i = 0; i < tests; i++) {
		if (!isnan(common))
			test[i].limit = common;
		else if (l->resample)
			test[i].limit = by_resampling(l, kind, test + i,
			    own ? 1 : tests, width, n, own ? all : l->groups);
		else if (kind->verbs->init != NULL &&
			 (test[i].ar != NULL || test[i].contexts > 0))
			test[i].limit = by_dependence(
			    l, kind, all, test + i, n);
		else
			test[i].limit = by_null_distribution(
			    l, kind, all, test + i, n);
		if (l->resample && !own)
			common = test[i].limit;
	}
}

double
detlimit_rate(const struct detlimit *l, const struct kind *kind)
{
	if (!detlimit_promises(kind))
		return INFINITY;
	return isnan(l->arl0) ? l->fap / (double)l->horizon : 1 / l->arl0;
}

void
detlimit_free(struct detlimit *l)
{
	for (size_t i = 0; i < l->answers; i++)
		free(l->answer[i].key);
	free(l->answer);
}
