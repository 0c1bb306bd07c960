/*
 * Where the metrics go: what a tally has counted (tally.h) is written to
 * standard output, or replaces a file, at the end or at intervals; with
 * barriers it belongs to their generations (state.h).
 */
#ifndef PROMWRITE_H
#define PROMWRITE_H

#include "metric/tally.h"
#include "metric/write/promref.h"
#include "tool/rec.h"

/* Set all but the last; they are kept, not copied. */
struct promwrite {
	const struct tally *tally;
	struct promref *reference;
	struct prom *store; /* with the constant labels and the limit */
	const char *file;   /* NULL: standard output */
	double interval;    /* in seconds; NAN: none */
	double begun;       /* by clock_monotonic */
	double written;     /* the last time, so too; set it to begun */
	size_t dropped;     /* series that were too many then */
};

/* Says at the start whether it can be a file for the collector: if not, exit 2. */
void promwrite_check(const char *file);

/* Writes all metrics; trouble is a message and exit 2. */
void promwrite(struct promwrite *w);

/* The same when the interval is over, for rec_when_idle too. */
void promwrite_when_due(void *w);

/*
 * After the last of them: says how many series were too many, which is exit 2.
 * A pipeline under driftpipe-run goes on; a metric has the number.
 */
void promwrite_end(const struct promwrite *w);

/*
 * A record that is a barrier: the metrics up to it belong to its generation,
 * and so does the state; it is passed on.
 */
void promwrite_barrier(
    struct promwrite *w, const struct rec *in, long long generation);

#endif
