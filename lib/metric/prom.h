/*
 * A store of series: a metric of the table (promtab.h), the values of its
 * labels, a number. One that is asked for twice is one series.
 */
#ifndef PROM_H
#define PROM_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "metric/distinct.h"
#include "metric/promlabel.h"
#include "metric/promseries.h"
#include "metric/promtab.h"

struct prom {
	size_t limit;     /* lines with a sample, at most */
	size_t lines;     /* that the series take */
	size_t dropped;   /* lines left out, see prom_at */
	int failed;       /* memory ended: nothing can be trusted */
	struct buf fixed; /* names and values of the labels of every series but
			   * the stream, a NUL after each */
	char stream[PROMLABEL_LONGEST + 1]; /* of the series asked for */
	struct promseries series;
	struct distinct left_out;
	/* The rest is prom.c's own. */
	int only;    /* the number of the metric that it takes, + 1; 0: all */
	uint32_t in; /* number of stream; 0: it is not known */
};

/* An empty store with room for that many lines. */
void prom_init(struct prom *p, const char *stream, size_t limit);

/* Without any series; the limit and the constant labels stay. */
void prom_clear(struct prom *p);

/*
 * From here on it takes series of one metric alone, and what is said of others
 * is passed over; PROMTAB_METRICS: of all. And whether it takes one.
 */
void prom_only(struct prom *p, enum promtab_metric m);

static inline int
prom_takes(const struct prom *p, enum promtab_metric m)
{
	return p->only == 0 || p->only == (int)m + 1;
}

/* The stream of what is put into the store from here on. */
void prom_stream(struct prom *p, const char *stream);

/*
 * A label that every series carries: NULL, or why it can't be. A name can be
 * given once.
 */
const char *prom_constant(struct prom *p, const char *name, const char *value);

/*
 * The value of the stream's series with these label values, as many as the
 * metric has labels; made with 0 when there is none yet. NULL or "" leaves a
 * label out. They are cleaned (promlabel.h).
 *
 * Over the limit the answer is NULL, and dropped counts the lines: once, but
 * in a fixed amount of memory, so that of very many it is an estimate from
 * below. NULL too when memory ends.
 */
double *prom_at(
    struct prom *p, enum promtab_metric m, const char *const *values);

/* The series itself; both stand until prom_clear. */
struct promseries_one *prom_find(
    struct prom *p, enum promtab_metric m, const char *const *values);

/* The same with values that are clean, and none NULL. */
struct promseries_one *prom_find_clean(
    struct prom *p, enum promtab_metric m, const char *const *values);

/* Whether there is that series already. */
int prom_has(struct prom *p, enum promtab_metric m, const char *const *values);

/* Finds the series as prom_at does; nothing happens when there is none. */
void prom_set(
    struct prom *p, enum promtab_metric m, const char *const *values, double x);
void prom_add(
    struct prom *p, enum promtab_metric m, const char *const *values, double x);

/* One more value of a histogram, NULL for none; x is finite. */
void prom_observe(struct promseries_one *s, double x);

/*
 * Adds all series of another store, a counter or histogram to the one that has
 * its label values; a gauge becomes what the other is. What the other has left
 * out counts too. Its constant labels are not looked at.
 */
void prom_merge(struct prom *p, const struct prom *from);

/* The same of one, the other's series i, as if it were of this stream. */
void prom_join(struct prom *p, const struct prom *from, size_t i);

void prom_free(struct prom *p);

#endif
