#include <math.h>
#include <stdlib.h>

#include "monitor/seqlog.h"
#include "tool/err.h"

/* Room for n stretches, of the next of which the index is n - 1. */
static void
make_room(struct seqlog *l, unsigned long long n)
{
	unsigned room = l->room > 0 ? l->room : 1;

	if (n <= l->room || l->room == SEQLOG_RUNS)
		return;
	while (room < n && room < SEQLOG_RUNS)
		room *= 2;
	l->run = err_realloc(l->run, room * sizeof(*l->run));
	l->room = room;
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
	unsigned long long i = (l->runs - 1) % SEQLOG_RUNS, n;

	make_room(l, l->runs + 1);
	n = l->runs > 0 ? l->count - l->run[i].first : 0;
	if (n == 1)
		l->run[i].step = seq - l->run[i].seq;
	if (l->runs == 0 || !follows(&l->run[i], n, seq)) {
		i = l->runs++ % SEQLOG_RUNS;
		l->run[i].first = l->count;
		l->run[i].seq = seq;
		l->run[i].step = 0;
	}
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
