/*
 * Records to a NATS stream, each once: numbered, in messages of many, one after
 * the other, from a spool on disk (outbox.h) when there is one.
 */
#ifndef PUBLISH_H
#define PUBLISH_H

#include "bus/jetstream.h"
#include "tool/opt.h"

struct publish_plan {
	const struct tool *tool;
	struct jetstream_server server;
	const char *subject;
	const char *make;  /* a file with the stream's configuration, or NULL */
	const char *spool; /* a directory, or NULL */
	unsigned long long limit; /* bytes of it */
	struct opt_list drop;     /* members that are left out */
	long long every;          /* of so many records one is sent */
	int pass;                 /* all records go to standard output too */
	int skip_bad;
};

void publish_run(const struct publish_plan *plan, char **files, int n);

#endif
