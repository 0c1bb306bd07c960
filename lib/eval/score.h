/*
 * How detectors did on streams with known changes: events before the first
 * change of a stream are false alarms, those from a change on find it. Pure
 * counting; detectors are numbers from 0 on, and so are streams.
 */
#ifndef SCORE_H
#define SCORE_H

#include <stddef.h>

struct score {
	/* Set these; the rest is 0 at first. */
	long long at; /* undrifted records of a stream; -1: see drifted */
	unsigned long long
	    gap; /* undrifted records that end a change; 0: none do */
	unsigned long long cap; /* longest delay; 0: no limit */
	struct score_stream {
		unsigned long long count,
		    drifted;   /* records, the last drifted */
		size_t change; /* index + 1, or 0 */
	} * stream;
	struct score_change {
		size_t stream;
		unsigned long long begin,
		    end; /* records of the stream; 0: its end */
	} * change;
	struct score_detector {
		unsigned long long *alarms; /* false ones, by stream */
		struct score_found {
			unsigned long long first, events;
		} * found; /* by change; first 0: not found */
		size_t alarms_room, found_room;
	} * detector;
	size_t streams, changes, detectors;
	size_t stream_room, change_room, detector_room;
};

/*
 * The next record of a stream. Returns 0; -1 without memory; 1 when it is
 * drifted before at.
 */
int score_record(struct score *s, size_t stream, int drifted);

/* An event at the record that score_record had last. 0, or -1 without memory. */
int score_event(struct score *s, size_t stream, size_t detector);

/* Delays are numbers of records from the change on, the event's included. */
struct score_result {
	unsigned long long streams, alarmed; /* streams with a false alarm */
	unsigned long long changes, found;
	double mean, median,
	    q90;       /* delay; what is not found counts as the cap */
	double events; /* for each change */
};

/* After the last record. Returns 0, or -1 without memory. */
int score_result(
    const struct score *s, size_t detector, struct score_result *r);

void score_free(struct score *s);

#endif
