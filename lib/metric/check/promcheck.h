/*
 * Checks files for node_exporter's textfile collector, of one directory
 * together: what the collector refuses, what it loses without a word, and
 * what harms it or Prometheus. Not how metrics are named: that is promtool's.
 *
 * Within a file: what promline.h refuses, TYPE and HELP given twice or too
 * late, series twice (the labels in another order, or an empty one more),
 * histograms that do not rise or lack a part, counters below 0. Between files
 * too: series twice, and a metric with another HELP or TYPE.
 */
#ifndef PROMCHECK_H
#define PROMCHECK_H

#include "base/buf.h"
#include "json/intern.h"
#include "metric/check/promfamily.h"
#include "metric/check/promhist.h"
#include "metric/check/promsay.h"

/* Where a series stands for the first time. */
struct promcheck_place {
	const char *file;
	size_t line;
};

struct promcheck {
	struct promsay say; /* how often something was wrong */
	/* The rest is promcheck.c's own. */
	struct promfamilies families;
	struct promhist hist;
	struct intern series;
	struct promcheck_place *place; /* by code in series */
	size_t places, room;
	size_t samples; /* in the file that is being read */
	struct buf key; /* of a series */
};

void promcheck_init(struct promcheck *c);

/*
 * The next file; its name and text are kept, not copied, and have to stand
 * until promcheck_free.
 */
void promcheck_file(
    struct promcheck *c, const char *name, const char *text, size_t len);

/* After the last one: what shows only when all are known. */
void promcheck_end(struct promcheck *c);

void promcheck_free(struct promcheck *c);

#endif
