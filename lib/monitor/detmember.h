/*
 * A record for the detectors of its group: it is learnt or tested, its member
 * says what came of it, and what --after wants follows an event.
 */
#ifndef DETMEMBER_H
#define DETMEMBER_H

#include "monitor/detgroup.h"

/*
 * A record with the values in the setup's x: appends the detector's member.
 * Returns whether a test has an event.
 */
int detmember_put(struct detgroup *g, struct detgroup_setup *s, struct buf *b);

/* The same of a record that is of another model than the group's reference. */
void detmember_put_foreign(
    struct detgroup *g, const struct detgroup_setup *s, struct buf *b);

/* The same of a record in a context that the reference has not: an alarm goes
 * on. */
void detmember_put_unseen(
    const struct detgroup *g, const struct detgroup_setup *s, struct buf *b);

/* The member of a record whose group has no detectors: there are too many. */
void detmember_put_skipped(const char *instance, struct buf *b);

#endif
