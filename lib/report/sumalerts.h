/*
 * What detectors said of a stream, in the text of a summary (sumstate.h), and
 * after what they said before.
 */
#ifndef SUMALERTS_H
#define SUMALERTS_H

#include "base/store.h"
#include "report/alerts.h"

/* records: of the stream. */
void sumalerts(struct store *s, struct alerts *a, unsigned long long records);

/*
 * Adds those of the records that come next, of which the first has that number
 * and time: an alarm that lasts from the last record on to the first is one,
 * and any other ends there. test gets the numbers here of the tests there, or
 * BUCKETS_TESTS where there is no room.
 */
void sumalerts_join(struct alerts *a, const struct alerts *next,
    unsigned long long first, double time, size_t *test);

#endif
