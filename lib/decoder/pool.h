/*
 * Several workers (worker.h), and the order of their jobs: results are taken
 * in the order in which jobs were put.
 */
#ifndef POOL_H
#define POOL_H

#include <stddef.h>

#include "decoder/worker.h"

struct pool {
	struct protocol_plan plan;
	struct workers workers;
	unsigned *order; /* whose the jobs are, in a ring; oldest first */
	size_t first, n; /* its beginning; jobs in it */
};

/* workers times plan->depth jobs fit in. */
void pool_open(struct pool *p, int workers, const struct protocol_plan *plan);

int pool_full(const struct pool *p);

/*
 * A job for the worker that has least to do. The descriptor has to stay open
 * until the job is taken.
 */
void pool_put(struct pool *p, int fd, size_t len);

/* Waits until the oldest n jobs are done or have failed. */
void pool_await(struct pool *p, size_t n);

/*
 * Takes the oldest job. Returns its result, valid until the next pool_put, or
 * NULL and a static text in *why: how its worker died.
 */
const void *pool_take(struct pool *p, const char **why);

/* All three for one job, in a pool that has no other. */
const void *pool_do(struct pool *p, int fd, size_t len, const char **why);

void pool_close(struct pool *p);

#endif
