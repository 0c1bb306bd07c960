#include "seqlog.h"

void
seqlog_add(struct seqlog *l, double seq)
{
	unsigned long long i = (l->runs - 1) % SEQLOG_RUNS, n;

	n = l->runs > 0 ? l->count - l->run[i].first : 0;
	if (n == 1)
		l->run[i].step = seq - l->run[i].seq;
	if (l->runs == 0 || seq != l->run[i].seq + (double)n * l->run[i].step) {
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
