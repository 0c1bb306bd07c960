/*
 * Puts what a tally has counted into a store, as series.
 */
#ifndef TALLYPUT_H
#define TALLYPUT_H

#include "metric/tally.h"

/*
 * Everything that the store takes (prom_only), and that it was done at the time
 * now in that many seconds. Others may put theirs in before tallyput_end.
 */
void tallyput(
    const struct tally *t, double now, double seconds, struct prom *p);

/* The last: how many lines there are, and how many were left out. */
void tallyput_end(
    const struct tally *t, size_t lines, size_t dropped, struct prom *p);

#endif
