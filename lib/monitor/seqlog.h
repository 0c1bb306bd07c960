/*
 * Which sequence number the record some records back had. Numbers that rise
 * evenly take no room, so that one log serves for any distance in a stream
 * that is numbered throughout; of an uneven stream the last SEQLOG_RUNS even
 * stretches are remembered.
 */
#ifndef SEQLOG_H
#define SEQLOG_H

#include "base/store.h"

enum { SEQLOG_RUNS = 64 };

struct seqlog {
	unsigned long long count; /* records so far */
	struct seqlog_run {
		unsigned long long first; /* record that it begins with */
		double seq, step;
	} * run; /* a ring; the last one is at runs - 1 */
	/* There is room for the next power of 2, up to SEQLOG_RUNS. */
	unsigned long long runs;
};

/* One more record. */
void seqlog_add(struct seqlog *l, double seq);

/*
 * The number of the record that lies back records before the last one, 0
 * being that itself. Returns 0, or -1 when it is not remembered.
 */
int seqlog_find(const struct seqlog *l, unsigned long long back, double *seq);

/* Forgets all. */
void seqlog_free(struct seqlog *l);

void seqlog_state(struct seqlog *l, struct store *s);

#endif
