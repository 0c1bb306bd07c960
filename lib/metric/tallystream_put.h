/* A stream's numbers (tallystream.h), put into a store of series. */
#ifndef TALLYSTREAM_PUT_H
#define TALLYSTREAM_PUT_H

#include "metric/prom.h"
#include "metric/tallystream.h"

/*
 * Puts what there is of one field and detector; of one detector; of the values
 * of one field, in a window; of all of its values, as a reference.
 */
void tallystream_put_pair(const struct tallystream *s, size_t feature,
    size_t detector, const char *const *values, struct prom *p);
void tallystream_put_detector(const struct tallystream *s, size_t detector,
    const char *name, struct prom *p);
void tallystream_put_values(const struct tallystream *s, size_t feature,
    const char *name, struct prom *p);
void tallystream_put_reference(const struct tallystream *s, size_t feature,
    const char *name, struct prom *p);

#endif
