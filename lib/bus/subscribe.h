/*
 * The records of a NATS stream into a pipeline, each once: the place in the
 * stream is part of the state, and is acknowledged when that is committed.
 */
#ifndef SUBSCRIBE_H
#define SUBSCRIBE_H

#include "bus/jetstream.h"
#include "tool/opt.h"

struct subscribe_plan {
	const struct tool *tool;
	struct jetstream_server server;
	const char *stream;
	const char *consumer; /* NULL: one for the state */
	int follow;           /* waits for more */
	double barrier;       /* seconds from one to the next, then */
	int skip_bad;         /* what is no record is dropped */
};

void subscribe_run(const struct subscribe_plan *plan);

#endif
