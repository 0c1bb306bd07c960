/*
 * What a filter for near-duplicates says of a stream (driftpipe-records(5)):
 * how many there are, and for how long records have come that do not differ
 * from the one before at all. That is when their distance to one and the same
 * record stays the same to the last digit: what a sensor sees is never so.
 */
#ifndef REPEATS_H
#define REPEATS_H

#include "base/store.h"
#include "metric/prom.h"

/* Begins with zeros. */
struct repeats {
	unsigned long long records, duplicates;
	int duplicate;        /* the last one was */
	double distance;      /* its own, or NAN */
	double changed, last; /* times in seconds: of the last that differed */
};

/* A record of that time; distance is NAN where there is none. */
void repeats_add(
    struct repeats *r, int duplicate, double distance, double time);

/*
 * As if the records of the second had followed, and the first of them differed
 * from the last of the others.
 */
void repeats_join(struct repeats *r, const struct repeats *next);

/* Puts what there is of the stream that the store is at. */
void repeats_put(const struct repeats *r, struct prom *p);

void repeats_state(struct repeats *r, struct store *s);

#endif
