#include <math.h>
#include <stdlib.h>

#include "monitor/seqlog.h"
#include "tool/err.h"

/* Room for n stretches, up to SEQLOG_RUNS, where there was none for so many. */
static void
make_room(struct seqlog *l, size_t n)
{
	size_t room = 1;

	while (room < n)
		room *= 2;
	l->run = err_realloc(l->run, room * sizeof(*l->run));
}

/* One more. */
static struct seqlog_run *
next_run(struct seqlog *l)
{
	size_t n = (size_t)l->runs;

	if (l->runs < SEQLOG_RUNS && (n & (n - 1)) == 0)
		make_room(l, n + 1);
	return &l->run[l->runs++ % SEQLOG_RUNS];
}

/* Records without a number are a stretch, too. */
static int
follows(const struct seqlog_run *r, unsigned long long n, double seq)
{
	return seq == r->seq + (double)n * r->step ||
	       (isnan(seq) && isnan(r->seq));
}

void
seqlog_add(struct seqlog *l, double seq)
{
	struct seqlog_run *r = NULL;
	unsigned long long n = 0;

	if (l->runs > 0) {
		r = &l->run[(l->runs - 1) % SEQLOG_RUNS];
		n = l->count - r->first;
	}
	if (n == 1)
		r->step = seq - r->seq;
	if (r == NULL || !follows(r, n, seq))
		*next_run(l) = (struct seqlog_run){l->count, seq, 0};
	l->count++;
}

int
seqlog_find(const struct seqlog *l, unsigned long long back, double *seq)
{
	unsigned long long at = l->count - 1 - back, r;

	if (back >= l->count)
		return -1;
	for (r = l->runs; r > 0 && r + SEQLOG_RUNS > l->runs; r--) {
		unsigned long long i = (r - 1) % SEQLOG_RUNS;

		if (l->run[i].first > at)
			continue;
		*seq = l->run[i].seq +
		       (double)(at - l->run[i].first) * l->run[i].step;
		return 0;
	}
	return -1;
}

void
seqlog_state(struct seqlog *l, struct store *s)
{
	size_t kept;

	store_open(s, "log", '{');
	store_count(s, "count", &l->count);
	store_count(s, "runs", &l->runs);
	kept = l->runs < SEQLOG_RUNS ? (size_t)l->runs : SEQLOG_RUNS;
	if (s->why == NULL && kept > 0)
		make_room(l, kept);
	store_open(s, "run", '[');
	for (size_t i = 0; i < kept && s->why == NULL; i++) {
		store_open(s, NULL, '[');
		store_count(s, NULL, &l->run[i].first);
		store_real(s, NULL, &l->run[i].seq);
		store_real(s, NULL, &l->run[i].step);
		store_close(s, ']');
	}
	store_close(s, ']');
	store_close(s, '}');
}

void
seqlog_free(struct seqlog *l)
{
	free(l->run);
	*l = (struct seqlog){0};
}
