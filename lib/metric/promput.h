/*
 * A store of series in the text format of Prometheus (version 0.0.4), which
 * node_exporter's textfile collector reads. It forgives nothing: for one bad
 * line the collector drops the file.
 */
#ifndef PROMPUT_H
#define PROMPUT_H

#include "metric/prom.h"

/* Everything, in the order of the table, the series of a metric sorted. */
void promput(struct prom *p, struct buf *out);

#endif
