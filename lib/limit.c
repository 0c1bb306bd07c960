#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "limit.h"
#include "rec.h"

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
#include "limit_table.inc"
};

static const uint64_t seed = 0x6472696674;

struct work {
	const struct limit_query *query;
	double *maxima;
	size_t lives;
	atomic_size_t next, done;
};

static void *
live(void *arg)
{
	struct work *w = arg;
	const struct limit_query *q = w->query;
	size_t i;

	while ((i = atomic_fetch_add(&w->next, 1)) < w->lives) {
		struct rng r;

		rng_seed(&r, seed, i);
		w->maxima[i] = q->life(q->params, q->n, q->horizon, &r);
		atomic_fetch_add(&w->done, 1);
	}
	return NULL;
}

static void
simulate(struct work *w)
{
	pthread_t thread[THREADS];
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	int started = 0;

	n = n < 1 ? 1 : n > THREADS ? THREADS : n;
	while (
	    started < n && pthread_create(&thread[started], NULL, live, w) == 0)
		started++;
	if (started == 0)
		live(w);
	for (size_t done; (done = atomic_load(&w->done)) < w->lives;) {
		if (rec_stopped())
			err_die("ended before the limit was found");
		err_progress(
		    "simulating lives for the limit", done, w->lives, NULL);
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
	if (q->lives > 0)
		n += snprintf(name + n, (size_t)n < size ? size - (size_t)n : 0,
		    "-lives=%zu", q->lives);
	return n > 0 && (size_t)n < size;
}

/* The file that keeps the answer; 0 when there is no place for one. */
static int
kept_path(const char *name, char *path, size_t size)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	int n;

	if (cache != NULL && *cache == '/')
		n = snprintf(path, size, "%s/driftpipe", cache);
	else if (home != NULL && *home == '/')
		n = snprintf(path, size, "%s/.cache/driftpipe", home);
	else
		return 0;
	if (n < 0 || (size_t)n >= size)
		return 0;
	/* One level is ours to make, and the one above it. */
	*strrchr(path, '/') = '\0';
	mkdir(path, 0777);
	path[strlen(path)] = '/';
	mkdir(path, 0777);
	n += snprintf(path + n, size - (size_t)n, "/%s", name);
	return (size_t)n < size;
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
recall(const char *path)
{
	double x = NAN;
	char end;
	FILE *f = fopen(path, "re");

	if (f == NULL)
		return NAN;
	/* A torn file lacks the newline. */
	if (fscanf(f, "%lf%c", &x, &end) != 2 || end != '\n' || !isfinite(x) ||
	    x <= 0)
		x = NAN;
	fclose(f);
	return x;
}

/* Keeps it if it can; the next run will simulate again if not. */
static void
keep(const char *path, double limit)
{
	char tmp[4200], text[40];
	int fd, n, good;

	snprintf(tmp, sizeof(tmp), "%s.XXXXXX", path);
	fd = mkostemp(tmp, O_CLOEXEC);
	if (fd < 0)
		return;
	n = snprintf(text, sizeof(text), "%.17g\n", limit);
	good = write(fd, text, (size_t)n) == n;
	if (close(fd) < 0 || !good || rename(tmp, path) < 0)
		unlink(tmp);
}

static double
found_by_simulation(const struct limit_query *q)
{
	struct work w = {.query = q, .lives = q->lives};
	double limit;
	size_t above = 0;

	if (w.lives == 0)
		w.lives = calib_lives(q->q, q->horizon);
	w.maxima = err_calloc(w.lives, sizeof(*w.maxima));
	simulate(&w);
	limit = calib_limit(w.maxima, w.lives, q->q);
	for (size_t i = 0; i < w.lives; i++)
		above += w.maxima[i] > limit;
	free(w.maxima);
	if (isnan(limit) && (double)(w.lives + 1) * q->q < 1)
		err_die("'--lives': %zu are too few for that promise", w.lives);
	if (isnan(limit))
		err_die("the limit could not be simulated: out of memory");
	if (isinf(limit))
		err_die("no statistic within %llu records: the window is "
			"longer than the horizon of the promise",
		    q->horizon);
	err_info("limit %.6g for P(alarm in %llu records) <= %.4g, from %zu "
		 "simulated lives with a reference of %zu, %.4g of them above",
	    limit, q->horizon, q->q, w.lives, q->n,
	    (double)above / (double)w.lives);
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
	named = named && kept_path(name, path, sizeof(path));
	limit = named ? recall(path) : NAN;
	if (!isnan(limit)) {
		err_info("limit %.6g for P(alarm in %llu records) <= %.4g, "
			 "kept in '%s'",
		    limit, q->horizon, q->q, path);
		return limit;
	}
	limit = found_by_simulation(q);
	if (named)
		keep(path, limit);
	return limit;
}
