/*
 * A process of our own that works on files, one job after the other, where a
 * crash, a hang or hunger for memory takes nothing with it: the job that it
 * died of has failed, and the next ones go to a new process.
 *
 * A job is a descriptor, its result a piece of memory that the process shares
 * with us (protocol.h). The process reaches no memory of another worker, no
 * file but those it was sent, and nothing else (sandbox.h).
 *
 * The process is made when the first job is sent.
 */
#ifndef WORKER_H
#define WORKER_H

#include <stddef.h>

#include "decoder/protocol.h"

struct worker_job {
	int fd;
	const char *why; /* it has failed */
};

/* All workers of a tool: a new process lets go of what the others share. */
struct workers {
	struct worker *worker;
	size_t n;
};

struct worker {
	const struct protocol_plan *plan; /* kept */
	const struct workers *all;        /* kept */
	struct protocol_shared *shared;
	struct worker_job *jobs; /* depth of them, used in turn */
	int pid, sock;           /* 0: there is no process */
	unsigned needs, has;     /* libraries, of jobs and of the process */
	/* Jobs so far: put >= sent >= done >= taken. */
	unsigned long long put, sent, done, taken;
	double since, used; /* clocks when we began to wait; < 0: we don't */
};

void worker_open(struct worker *w, const struct protocol_plan *plan,
    const struct workers *all);

/* Jobs that it has not done yet. */
size_t worker_load(struct worker *w);

/* Whether it has all the jobs that it may have. */
int worker_full(const struct worker *w);

/* Gives it a job; the descriptor has to stay open until it is taken. */
void worker_put(struct worker *w, int fd, size_t len);

/*
 * Whether fewer jobs are with it, done ones included, than there are to send.
 * To wait until then makes for few messages, and nobody runs out of work.
 */
int worker_hungry(const struct worker *w);

/* Sends what it was given, many jobs in one message. */
void worker_send(struct worker *w);

/* Waits until its oldest n jobs are done or have failed. */
void worker_await(struct worker *w, size_t n);

/*
 * Takes the oldest job, which must be done. Returns its result, valid until
 * the next worker_put, or NULL with *why.
 */
const void *worker_take(struct worker *w, const char **why);

void worker_close(struct worker *w);

#endif
