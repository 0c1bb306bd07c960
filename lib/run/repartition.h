/*
 * Another number of parts (parts.h): the groups of all states of a pipeline go
 * to the parts that they are of then. The new parts are written beside the old
 * ones, and become valid by one rename; so a kill on the way has changed all or
 * nothing.
 */
#ifndef REPARTITION_H
#define REPARTITION_H

#include "base/buf.h"
#include "run/statetext.h"

/* The states of one tool, and the texts that those of its new parts go to. */
struct repartition {
	const struct statetext *old;
	size_t from;
	struct buf *out; /* an object is to be put to the end of each */
	size_t to;
	/* What the old and the new parts put behind names: "-2of4", or "". */
	char (*before)[32], (*after)[32];
};

/*
 * Divides the state in dir anew. metrics does so for those of promtext, and
 * returns NULL or why it can't be. output is the file of the metrics, or NULL:
 * those of the old parts are removed. What can't be is a message and exit 2.
 */
void repartition(const char *dir, unsigned parts, const char *output,
    const char *(*metrics)(const struct repartition *r));

#endif
