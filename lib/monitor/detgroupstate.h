/* The state of one group's detectors, for -s. */
#ifndef DETGROUPSTATE_H
#define DETGROUPSTATE_H

#include "base/store.h"
#include "monitor/detgroup.h"

/*
 * Writes or reads all that the group has. To be read by a new group, or by one
 * that has started with the reference that a file gave.
 */
void detgroupstate_store(
    struct detgroup *g, struct detgroup_setup *s, struct store *to);

#endif
