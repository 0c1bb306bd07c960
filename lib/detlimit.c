#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detlimit.h"
#include "err.h"
#include "limit.h"
#include "resample.h"

/*
 * The share of each of so many tests in the promise. Without a law for how
 * they depend on each other an even share of fap is always right. --arl0 is a
 * hazard of 1 / arl0 a record, of which each test has its part.
 */
static double
share(const struct detlimit *l, double tests)
{
	return isnan(l->arl0) ? l->fap / tests : -expm1(-1 / tests);
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
		err_die("out of memory");
	limit = keeps ? answered(l, key->p, q->n) : NAN;
	if (!isnan(limit))
		return limit;
	q->key = keeps ? key->p : NULL;
	q->lives = l->lives;
	q->horizon = isnan(l->arl0) ? l->horizon : (unsigned long long)l->arl0;
	limit = limit_find(q);
	if (!keeps)
		return limit;
	l->answer = err_realloc(
	    l->answer, (l->answers + 1) * sizeof(*l->answer));
	l->answer[l->answers++] = (struct detlimit_answer){
	    err_strdup(key->p), q->n, limit};
	return limit;
}

/* By the law that the detector's module knows. */
static double
by_law(struct detlimit *l, const struct det_kind *kind, size_t fields,
    const void *detector, size_t n)
{
	struct buf key = {0};
	struct limit_query q = {.life = kind->life,
	    .params = kind->params ? kind->params : detector,
	    .n = n,
	    .q = share(l, (double)fields * l->groups)};
	double limit;

	kind->key(&key);
	if (kind->digest != NULL)
		kind->digest(detector, &key);
	limit = ask(l, &q, &key, 1);
	buf_free(&key);
	return limit;
}

/* From the reference itself; for all the fields that value has at once. */
static double
by_resampling(struct detlimit *l, const struct det_kind *kind, size_t fields,
    const double *const *value, size_t n, double tests)
{
	struct buf key = {0};
	struct resample s = {kind, fields, value, l->block};
	struct limit_query q = {
	    .life = resample_life, .params = &s, .n = n, .q = share(l, tests)};
	char text[80];
	double limit;

	if (s.block == 0)
		s.block = (size_t)ceil(sqrt((double)n));
	if (s.block > n)
		err_die("'--block': longer than the reference of %zu", n);
	kind->key(&key);
	snprintf(text, sizeof(text), "-block=%zu-%016llx", s.block,
	    (unsigned long long)resample_digest(&s, n));
	buf_str(&key, text);
	/* What a stream began with will not come again. */
	limit = ask(l, &q, &key, l->keep_own);
	buf_free(&key);
	return limit;
}

/* A limit that needs no simulation, or NAN. */
static double
given(struct detlimit *l, const struct det_kind *kind, size_t fields, size_t n)
{
	double limit = kind->limit(n);

	if (isnan(limit) && !isnan(l->arl0) && kind->arl != NULL &&
	    !l->resample)
		limit = kind->arl(l->arl0, (double)fields * l->groups);
	if (!isnan(limit) && !l->said++)
		err_info("limit %.6g, by the options", limit);
	return limit;
}

void
detlimit_find(struct detlimit *l, const struct det_kind *kind, size_t fields,
    void *const *detector, const double *const *value, size_t n, double *limit)
{
	double common = given(l, kind, fields, n);
	/* Fields whose statistics have no common scale have their own. */
	int own = kind->digest != NULL;

	for (size_t i = 0; i < fields; i++) {
		if (isnan(common) && !l->resample)
			limit[i] = by_law(l, kind, fields, detector[i], n);
		else if (isnan(common))
			limit[i] = by_resampling(l, kind, own ? 1 : fields,
			    value + i, n,
			    own ? (double)fields * l->groups : l->groups);
		else
			limit[i] = common;
		if (!own)
			common = limit[i];
	}
}

void
detlimit_free(struct detlimit *l)
{
	for (size_t i = 0; i < l->answers; i++)
		free(l->answer[i].key);
	free(l->answer);
}
