/*
 * The barriers of whoever feeds a pipeline: one each interval, once the last
 * has been committed, and one at the end.
 */
#ifndef BEAT_H
#define BEAT_H

struct beat {
	double interval; /* seconds; NaN: only at the end */
	/* The rest is beat.c's own. */
	double last;
	long long generation; /* of the last barrier */
};

/* After state_open. */
void beat_begin(struct beat *b, double interval);

/*
 * Whether it is time, and the last one has been committed: were barriers sent
 * faster than states are written, they would pile up.
 */
int beat_is_due(const struct beat *b);

/* Whether all that was sent before the last barrier has been committed. */
int beat_is_committed(const struct beat *b);

/* Keeps the state (state.h), and then sends the barrier. */
void beat_send(struct beat *b);

#endif
