/*
 * How long it usually takes until the next image of a stream comes: the second
 * longest time between two of them, in the two weeks before the last one. So
 * nights and weekends are usual from their second time on, while a single
 * failure changes nothing.
 */
#ifndef GAPS_H
#define GAPS_H

#include "base/store.h"

enum { GAPS_DAYS = 14 };

struct gaps_day {
	double day;             /* since 1970 */
	double longest, second; /* of the gaps that ended in it, in seconds */
};

/* Begins with zeros. */
struct gaps {
	double last;         /* time of the latest image; 0: there was none */
	struct gaps_day *of; /* GAPS_DAYS at most, in no order */
	size_t days;
};

/*
 * An image of that time. One that is not later than the latest is none. -1 when
 * memory ends.
 */
int gaps_add(struct gaps *g, double time);

/* That time in seconds; 0 while there have not been two. */
double gaps_usual(const struct gaps *g);

/*
 * Those of both; not the time between the one's images and the other's. -1 when
 * memory ends.
 */
int gaps_join(struct gaps *g, const struct gaps *next);

void gaps_state(struct gaps *g, struct store *s);

void gaps_free(struct gaps *g);

#endif
