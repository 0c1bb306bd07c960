#include <stdlib.h>

#include "tool/err.h"
#include "decoder/pool.h"

static size_t
capacity(const struct pool *p)
{
	return p->workers.n * p->plan.depth;
}

void
pool_open(struct pool *p, int workers, const struct protocol_plan *plan)
{
	*p = (struct pool){.plan = *plan, .workers = {NULL, (size_t)workers}};
	p->workers.worker = err_calloc(p->workers.n, sizeof(struct worker));
	for (size_t i = 0; i < p->workers.n; i++)
		worker_open(&p->workers.worker[i], &p->plan, &p->workers);
	p->order = err_calloc(capacity(p), sizeof(*p->order));
}

int
pool_full(const struct pool *p)
{
	return p->n == capacity(p);
}

/* With the fewest jobs left. Of equals the first, so that few are made. */
static unsigned
choose(const struct pool *p)
{
	unsigned best = 0;
	size_t least = (size_t)-1;

	for (unsigned i = 0; i < p->workers.n; i++) {
		struct worker *w = &p->workers.worker[i];
		size_t load;

		if (worker_full(w))
			continue;
		load = worker_load(w);
		if (load < least) {
			least = load;
			best = i;
		}
	}
	return best;
}

void
pool_put(struct pool *p, int fd, size_t len)
{
	unsigned i = choose(p);

	p->order[(p->first + p->n++) % capacity(p)] = i;
	worker_put(&p->workers.worker[i], fd, len);
}

void
pool_await(struct pool *p, size_t n)
{
	/* All are set to work before one is waited for. */
	for (size_t i = 0; i < p->workers.n; i++)
		if (worker_hungry(&p->workers.worker[i]))
			worker_send(&p->workers.worker[i]);
	for (unsigned i = 0; i < p->workers.n; i++) {
		size_t mine = 0;

		for (size_t k = 0; k < n; k++)
			mine += p->order[(p->first + k) % capacity(p)] == i;
		worker_await(&p->workers.worker[i], mine);
	}
}

const void *
pool_take(struct pool *p, const char **why)
{
	unsigned i = p->order[p->first];

	p->first = (p->first + 1) % capacity(p);
	p->n--;
	return worker_take(&p->workers.worker[i], why);
}

const void *
pool_do(struct pool *p, int fd, size_t len, const char **why)
{
	pool_put(p, fd, len);
	pool_await(p, 1);
	return pool_take(p, why);
}

void
pool_close(struct pool *p)
{
	for (size_t i = 0; i < p->workers.n; i++)
		worker_close(&p->workers.worker[i]);
	free(p->workers.worker);
	free(p->order);
}
