/*
 * A store of series: a metric of the table (promtab.h), the values of its
 * labels, a number. One that is asked for twice is one series.
 */
#ifndef PROM_H
#define PROM_H

#include <stddef.h>

#include "base/buf.h"
#include "base/store.h"
#include "json/intern.h"
#include "metric/distinct.h"
#include "metric/promlabel.h"
#include "metric/promtab.h"

/* One series; for a histogram all of its series together. */
struct prom_series {
	enum promtab_metric metric;
	double value;               /* of a histogram: the sum */
	unsigned long long *bucket; /* of a histogram: in each of them alone,
				     * PROMTAB_BOUNDS + 1 */
};

struct prom {
	size_t limit;     /* lines with a sample, at most */
	size_t lines;     /* that the series take */
	size_t dropped;   /* lines left out, see prom_at */
	int failed;       /* memory ended: nothing can be trusted */
	struct buf fixed; /* names and values of the labels of every series but
			   * the stream, a NUL after each */
	char stream[PROMLABEL_LONGEST + 1]; /* of the series asked for */
	/* In the order in which they were made. */
	struct prom_series **series;
	size_t n;
	/* The rest is prom.c's own. */
	struct intern keys; /* of the series, by their index */
	size_t room;
	struct distinct left_out;
};

/* An empty store with room for that many lines. */
void prom_init(struct prom *p, const char *stream, size_t limit);

/* Without any series; the limit and the constant labels stay. */
void prom_clear(struct prom *p);

/* The stream of what is put into the store from here on. */
void prom_stream(struct prom *p, const char *stream);

/*
 * A label that every series carries: NULL, or why it can't be. A name can be
 * given once.
 */
const char *prom_constant(struct prom *p, const char *name, const char *value);

/*
 * The values of the labels of series i and then its stream, clean, a NUL after
 * each, in *size bytes. It stands until a series is made.
 */
const char *prom_values(const struct prom *p, size_t i, size_t *size);

/* The stream of series i; it stands as long. */
const char *prom_stream_of(const struct prom *p, size_t i);

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
struct prom_series *prom_find(
    struct prom *p, enum promtab_metric m, const char *const *values);

/* Whether there is that series already. */
int prom_has(
    const struct prom *p, enum promtab_metric m, const char *const *values);

/* Finds the series as prom_at does; nothing happens when there is none. */
void prom_set(
    struct prom *p, enum promtab_metric m, const char *const *values, double x);
void prom_add(
    struct prom *p, enum promtab_metric m, const char *const *values, double x);

/* One more value of a histogram, NULL for none; x is finite. */
void prom_observe(struct prom_series *s, double x);

/*
 * Adds all series of another store, a counter or histogram to the one that has
 * its label values; a gauge becomes what the other is. What the other has left
 * out counts too. Its constant labels are not looked at.
 */
void prom_merge(struct prom *p, const struct prom *from);

/* The same of one, the other's series i, as if it were of this stream. */
void prom_join(struct prom *p, const struct prom *from, size_t i);

/* The series, and what was left out; not the constant labels. */
void prom_state(struct prom *p, const char *name, struct store *s);

void prom_free(struct prom *p);

#endif
