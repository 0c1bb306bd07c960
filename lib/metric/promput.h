/*
 * A store of series in the text format of Prometheus (version 0.0.4), which
 * node_exporter's textfile collector reads. It forgives nothing: for one bad
 * line the collector drops the file.
 */
#ifndef PROMPUT_H
#define PROMPUT_H

#include "metric/prom.h"

/* Takes what is in out, and empties it. */
typedef void promput_full(void *ctx, struct buf *out);

/*
 * Everything, in the order of the table, the series of a metric sorted. full is
 * called when there is much in out; NULL: all of it is to be there.
 */
void promput(struct prom *p, struct buf *out, promput_full *full, void *ctx);

#endif
