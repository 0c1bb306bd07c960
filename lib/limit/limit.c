#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool/err.h"
#include "limit/limit.h"
#include "limit/limitfile.h"
#include "tool/rec.h"

/*
 * Part of a kept limit's name: to be raised when a detector's statistic or
 * its simulation changes, so that limits found before are not used.
 */
enum { GENERATION = 2, THREADS = 16 };

/* Answers that are shipped: made by scripts/limits.sh. */
static const struct {
	const char *question;
	double limit;
} table[] = {
#include "limit/limit_table.inc"
};

static const uint64_t seed = 0x6472696674;

struct work {
	const struct limit_query *query;
	double *maxima;
	size_t runs;
	atomic_size_t next, done;
};

static void *
simulate_runs(void *arg)
{
	struct work *w = arg;
	const struct limit_query *q = w->query;
	size_t i;

	while ((i = atomic_fetch_add(&w->next, 1)) < w->runs) {
		struct rng r;

		rng_seed(&r, seed, i);
		w->maxima[i] = q->simulate(q->params, q->n, q->horizon, &r);
		atomic_fetch_add(&w->done, 1);
	}
	return NULL;
}

static void
simulate_on_all_processors(struct work *w)
{
	pthread_t thread[THREADS];
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	int started = 0;

	n = n < 1 ? 1 : n > THREADS ? THREADS : n;
	while (started < n &&
	       pthread_create(&thread[started], NULL, simulate_runs, w) == 0)
		started++;
	if (started == 0)
		simulate_runs(w);
	for (size_t done; (done = atomic_load(&w->done)) < w->runs;) {
		if (rec_stopped())
			err_die("ended before the limit was found");
		err_progress(
		    "simulating runs for the limit", done, w->runs, NULL);
		usleep(2000);
	}
	err_progress_end();
	while (started-- > 0)
		pthread_join(thread[started], NULL);
}

/* What is asked, as the name of a file; 0 when there is none. */
static int
question(const struct limit_query *q, char *name, size_t size)
{
	int n;

	if (q->key == NULL)
		return 0;
	n = snprintf(name, size,
	    "limit%d-%s-reference=%zu-horizon=%llu-fap=%.17g", GENERATION,
	    q->key, q->n, q->horizon, q->q);
	if (q->runs > 0)
		n += snprintf(name + n, (size_t)n < size ? size - (size_t)n : 0,
		    "-lives=%zu", q->runs);
	return n > 0 && (size_t)n < size;
}

/* The answer that is shipped, or NAN. */
static double
shipped(const char *name)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(table[i].question, name) == 0)
			return table[i].limit;
	return NAN;
}

static double
found_by_simulation(const struct limit_query *q)
{
	struct work w = {.query = q, .runs = q->runs};
	double limit;
	size_t above = 0;

	if (w.runs == 0)
		w.runs = calib_runs(q->q, q->horizon);
	w.maxima = err_calloc(w.runs, sizeof(*w.maxima));
	simulate_on_all_processors(&w);
	limit = calib_limit(w.maxima, w.runs, q->q);
	for (size_t i = 0; i < w.runs; i++)
		above += w.maxima[i] > limit;
	free(w.maxima);
	if (isnan(limit) && (double)(w.runs + 1) * q->q < 1)
		err_die(
		    "'--lives': %zu are too few for that guarantee", w.runs);
	if (isnan(limit))
		err_die("the limit could not be simulated: out of memory");
	if (isinf(limit))
		err_die("no statistic within %llu records: the window is "
			"longer than the horizon of the guarantee",
		    q->horizon);
	err_info("limit %.6g for P(alarm in %llu records) <= %.4g, from %zu "
		 "simulated runs with a reference of %zu, %.4g of them above",
	    limit, q->horizon, q->q, w.runs, q->n,
	    (double)above / (double)w.runs);
	return limit;
}

double
limit_find(const struct limit_query *q)
{
	char name[1024], path[4096];
	int named = question(q, name, sizeof(name));
	double limit = named ? shipped(name) : NAN;

	if (!isnan(limit)) {
		err_info("limit %.6g for P(alarm in %llu records) <= %.4g, "
			 "shipped",
		    limit, q->horizon, q->q);
		return limit;
	}
	named = named && limitfile_path(name, path, sizeof(path));
	limit = named ? limitfile_read(path) : NAN;
	if (!isnan(limit)) {
		err_info("limit %.6g for P(alarm in %llu records) <= %.4g, "
			 "kept in '%s'",
		    limit, q->horizon, q->q, path);
		return limit;
	}
	limit = found_by_simulation(q);
	if (named)
		limitfile_write(path, limit);
	return limit;
}
