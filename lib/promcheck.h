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

#include "buf.h"
#include "intern.h"

/* Is told what is wrong, in a text that ends in its NUL. */
typedef void promcheck_say(
    void *arg, const char *file, size_t line, const char *what);

struct promcheck {
	size_t found; /* how often something was wrong */
	int failed;   /* memory ended: nothing can be trusted */
	/* The rest is promcheck's own. */
	promcheck_say *say;
	void *arg;
	const char *file; /* that is being read */
	size_t number;    /* of it, from 1 */
	size_t samples;   /* in it */
	struct buf key;   /* of a series */
	struct intern names, series, groups;
	struct promcheck_family *family; /* by code in names */
	struct promcheck_place *place;   /* by code in series */
	size_t families, places;
	struct promcheck_point *point; /* of the file's histograms */
	size_t points;
};

void promcheck_init(struct promcheck *c, promcheck_say *say, void *arg);

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
