/*
 * The state of a tool that tells groups apart (monitor/detrun.h,
 * monitor/dedup.h, monitor/accstream.h), divided anew: the groups of several
 * parts go to the parts that they are of when there is another number of them
 * (tool/partition.h). What is counted of a whole process is added up, in the
 * first part.
 */
#ifndef SPLITSTATE_H
#define SPLITSTATE_H

#include "base/buf.h"
#include "json/json.h"

/* Whether it is such a state. */
int splitstate_is(const struct json_span *state);

/*
 * Puts the states of the parts, objects, to the end of n texts, from those that
 * there are of from parts. NULL, or why it can't be done, a static text.
 */
const char *splitstate(
    const struct json_span *state, size_t from, struct buf *out, size_t n);

#endif
