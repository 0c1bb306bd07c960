/* A record, counted in a tally (tally.h). */
#ifndef TALLYADD_H
#define TALLYADD_H

#include "metric/tally.h"

/*
 * One record: a line that jsonshape_scan has accepted, with t->found filled.
 * now gives its time where it has none. May add to t->paths, for the next line.
 */
void tallyadd(struct tally *t, const char *line, size_t len,
    const struct json_line *scan, double (*now)(void));

#endif
