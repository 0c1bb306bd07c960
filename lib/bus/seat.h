/*
 * A place in a NATS stream: the sequence number of the last message that was
 * taken, and when the server had stored it, by which it is known again. What is
 * not in the stream any more is said, and a record stands in its place
 * (skip.h).
 */
#ifndef SEAT_H
#define SEAT_H

#include "base/store.h"
#include "bus/jetstream.h"

struct seat {
	const char *stream; /* kept, not copied */
	int64_t created;    /* the stream, in ns since 1970; 0: not known yet */
	uint64_t sequence;  /* 0: none, or to be found again by its time */
	int64_t time;       /* 0: not known */
};

/* On a new connection: whether the stream still goes on after the place. */
void seat_check(struct seat *s, const struct jetstream_stream *now);

/* The first message to ask for. */
uint64_t seat_from(const struct seat *s);

/*
 * Returns 0 when the message shows that the stream is not what it was: the
 * place is another then, from which to begin again.
 */
int seat_fits(struct seat *s, const struct jetstream_message *m);

/* Goes on to the message. Returns 0 when it has been taken before. */
int seat_take(struct seat *s, const struct jetstream_message *m);

void seat_state(struct seat *s, struct store *store);

#endif
