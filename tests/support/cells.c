#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cells.h"

enum { MOST_FIELDS = 8, THREADS = 16, LAWS = 1000 };

const double cells_fap = 0.05;
const size_t cells_fields[FIELDS] = {1, MOST_FIELDS};

/* That of limit.c, and one that the limits know nothing of. */
static const uint64_t limit_seed = 0x6472696674, stream_seed = 20261123;

struct cell
cells_make(const struct subject *s, size_t window, size_t n)
{
	struct cell c = {
	    .subject = s, .params = s->params, .n = n, .limit = NAN};

	if (s->kind->window != NULL)
		kinds_set_window(s->kind, &c.params, window);
	return c;
}

/* Calls f(arg, i) for each i < n, on all processors. */
struct work {
	void (*f)(void *arg, size_t i);
	void *arg;
	size_t n;
	atomic_size_t next;
};

static void *
run_some(void *arg)
{
	struct work *w = arg;
	size_t i;

	while ((i = atomic_fetch_add(&w->next, 1)) < w->n)
		w->f(w->arg, i);
	return NULL;
}

static void
run_all(void (*f)(void *arg, size_t i), void *arg, size_t n)
{
	struct work w = {.f = f, .arg = arg, .n = n};
	pthread_t thread[THREADS];
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	int started = 0;

	while (started < THREADS && started < processors - 1 &&
	       pthread_create(&thread[started], NULL, run_some, &w) == 0)
		started++;
	run_some(&w);
	while (started-- > 0)
		pthread_join(thread[started], NULL);
}

struct runs {
	const struct cell *cell;
	const void *params; /* of the run */
	double *maxima;
};

static void
live(void *arg, size_t i)
{
	struct runs *l = arg;
	struct rng r;

	rng_seed(&r, limit_seed, i);
	l->maxima[i] = l->cell->subject->kind->simulate(
	    l->params, l->cell->n, HORIZON, &r);
}

static void
find_limits(const struct cell *c, const void *params, double limit[FIELDS])
{
	size_t b = calib_runs(cells_fap, HORIZON);
	struct runs l = {c, params, need(b, sizeof(double))};

	/* As many for all, or each would need its own. */
	if (calib_runs(cells_fap / MOST_FIELDS, HORIZON) != b)
		abort();
	run_all(live, &l, b);
	for (size_t i = 0; i < FIELDS; i++)
		limit[i] = calib_limit(
		    l.maxima, b, cells_fap / (double)cells_fields[i]);
	free(l.maxima);
}

void
cells_limits(const struct cell *c, double limit[FIELDS])
{
	find_limits(c, &c->params, limit);
}

/* Those of chi2, which the references of as many cells share. */
static double
own_limit(const struct cell *c, const union detector *d)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static struct {
		size_t n, window, law;
		double limit[FIELDS];
	} known[LAWS], *k;
	size_t law = chi2_null_cells(&d->chi2);
	double limit;

	pthread_mutex_lock(&lock);
	for (k = known; k->law > 0; k++)
		if (k->n == c->n && k->window == d->chi2.ref->m &&
		    k->law == law)
			break;
	if (k == known + LAWS - 1)
		abort();
	if (k->law == 0) {
		find_limits(c, d, k->limit);
		k->n = c->n;
		k->window = d->chi2.ref->m;
		k->law = law;
	}
	limit = k->limit[c->fields > 1];
	pthread_mutex_unlock(&lock);
	return limit;
}

int
cells_field_alarms(const struct cell *c, const double *x, double *limit)
{
	const struct kind_verbs *k = c->subject->kind;
	union detector d;
	const char *why = k->init(&d, &c->params, x, c->n);
	double stat;
	int alarm = 0;

	if (why != NULL) {
		fprintf(stderr, "achieved: %s, %s, reference %zu: %s\n",
		    c->subject->command, c->data->name, c->n, why);
		exit(2);
	}
	*limit = isnan(c->limit) ? own_limit(c, &d) : c->limit;
	if (k->hold != NULL)
		k->hold(&d, *limit);
	for (size_t i = c->n; i < c->n + HORIZON && !alarm; i++) {
		k->add(&d, x[i]);
		alarm = k->value(&d, &stat) && stat > *limit;
	}
	k->free(&d);
	return alarm;
}

double *
cells_draw(const struct cell *c, size_t stream)
{
	size_t length = c->n + HORIZON;
	double *x = need(c->fields * length, sizeof(*x));
	struct rng r;

	rng_seed(&r, stream_seed, c->number << 32 | stream);
	for (size_t f = 0; f < c->fields; f++)
		data_draw(c->data, &r, x + f * length, length);
	return x;
}

static void
count_alarm(void *arg, size_t stream)
{
	struct cell *c = arg;
	double *x = cells_draw(c, stream), limit;
	int alarm = 0;

	for (size_t f = 0; f < c->fields && !alarm; f++)
		alarm = cells_field_alarms(c, x + f * (c->n + HORIZON), &limit);
	atomic_fetch_add(&c->alarms, (size_t)alarm);
	free(x);
}

void
cells_count(struct cell *c)
{
	c->alarms = 0;
	run_all(count_alarm, c, c->streams);
}
