/* Says an event in words, where a person may read it: see driftpipe(7). */
#ifndef DETEVENT_H
#define DETEVENT_H

#include "base/buf.h"
#include "tool/rec.h"

/*
 * The record at hand, the member that is to be appended to it, whose object
 * begins at that offset, and the number of the record in the stream. group is
 * a field, or NULL.
 */
void detevent_say(const struct rec *in, const struct buf *member, size_t object,
    const char *group, unsigned long long number);

#endif
