/*
 * Finds the limit of a detector by simulation (calib.h), on all processors,
 * and keeps it: the same question is answered from a file the next time. The
 * answer does not depend on the number of processors. What the defaults lead
 * to is answered from a table (limit_table.inc).
 */
#ifndef LIMIT_H
#define LIMIT_H

#include "limit/calib.h"

struct limit_query {
	kind_simulation *simulate;
	const void *params;
	/* Names detector and params, as "iks-window=100"; NULL: not kept. */
	const char *key;
	size_t n; /* reference size */
	double q; /* P(any alarm within horizon) at most this */
	unsigned long long horizon;
	size_t runs; /* to simulate; 0: calib_runs */
};

/*
 * The limit. It is kept under $XDG_CACHE_HOME/driftpipe or
 * ~/.cache/driftpipe where that can be written. Says with -v what it chose.
 */
double limit_find(const struct limit_query *q);

#endif
