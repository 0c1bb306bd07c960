/*
 * An event in words, out of the member that a detector has added to a record:
 * "camera cam0: feat.mean went down at record 1204, since about 1190 (7.png)".
 */
#ifndef EVENTTEXT_H
#define EVENTTEXT_H

#include "base/buf.h"
#include "json/json.h"

/* The record; what it lacks is of no type. */
struct eventtext {
	struct json_span seq, image, group;
	const char *field;         /* whose value the group is, or NULL */
	unsigned long long number; /* of the record, where it has no seq */
};

/*
 * Appends it, without a NUL, and returns 1; or returns 0 when no test of the
 * member has an event.
 */
int eventtext_put(
    struct buf *b, const struct eventtext *of, const struct json_span *member);

/* What moved in a detector's event. */
struct eventtext_moved {
	char field[200]; /* the one that moved most, as jsonfield.h has it */
	char
	    value[200]; /* of classes, the one that there is more of, as JSON */
	double observed; /* how many of it in the detector's window */
	int direction;   /* 1: up, -1: down, 0: neither is said */
	double since;    /* records of its stream ago, 1 is this one; or NAN */
};

/* Of the first test of the member that has an event: 1, or 0 if none has. */
int eventtext_moved(
    const struct json_span *member, struct eventtext_moved *moved);

#endif
