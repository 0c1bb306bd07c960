/*
 * What a decoder process and its parent say to each other.
 *
 * The parent sends descriptors over a socket (fdpass.h), a job each, and has
 * put the length of each job's file where its result will be. The process
 * first writes an int, 0 or the errno that kept it from its sandbox; then it
 * takes the jobs in turn, leaves the results in memory that both see, and
 * counts them there. It writes a byte when it has done as many as the parent
 * waits for. The end of the socket is the end of the process.
 *
 * All that the process writes is to be distrusted: a hostile file may have
 * taken it over.
 */
#ifndef PROTOCOL_H
#define PROTOCOL_H

#include <stdatomic.h>
#include <stddef.h>

struct protocol_plan {
	/* Reads len bytes from fd; writes size bytes of result. */
	void (*work)(const void *ctx, int fd, size_t len, void *result);
	const void *ctx; /* kept; the process has it as it was when made */
	size_t size;     /* bytes of a result */
	size_t depth;    /* jobs that a process has at a time, at most */
	size_t memory;   /* bytes that it may take */
	double seconds;  /* of its processor that a job may take */
	int no_sandbox;  /* limits only, as far as that can be */
};

enum { PROTOCOL_ALIGN = 64 };

/* The memory that both see; results come after the length of their job. */
struct protocol_shared {
	/* Jobs so far, of which the low bits do. */
	atomic_uint done;   /* written by the process */
	atomic_uint wanted; /* it is to write a byte when done is this */
	_Alignas(PROTOCOL_ALIGN) unsigned char results[];
};

/* Bytes from one job's length to the next one's. */
static inline size_t
protocol_stride(const struct protocol_plan *plan)
{
	return (plan->size + 2 * PROTOCOL_ALIGN - 1) / PROTOCOL_ALIGN *
	       PROTOCOL_ALIGN;
}

/* Bytes of the memory that both see. */
static inline size_t
protocol_mapped(const struct protocol_plan *plan)
{
	return sizeof(struct protocol_shared) +
	       plan->depth * protocol_stride(plan);
}

/* Where the length of a job stands. */
static inline unsigned char *
protocol_length(const struct protocol_plan *plan, struct protocol_shared *s,
    unsigned long long job)
{
	return s->results + job % plan->depth * protocol_stride(plan);
}

/* Where its result stands. */
static inline unsigned char *
protocol_result(const struct protocol_plan *plan, struct protocol_shared *s,
    unsigned long long job)
{
	return protocol_length(plan, s, job) + PROTOCOL_ALIGN;
}

#endif
