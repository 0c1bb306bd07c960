/*
 * A decoder process, from its inside: all that runs with what a file says is
 * called from here, inside the sandbox. worker.h is its parent's view of it.
 */
#ifndef PROCESS_H
#define PROCESS_H

#include <sys/types.h>

#include "decoder/protocol.h"

struct process {
	const struct protocol_plan *plan;
	struct protocol_shared *shared;
	unsigned long long done; /* jobs that earlier processes have done */
	unsigned libraries;      /* of library.h, that it is to have */
	int sock;                /* to the parent */
	pid_t parent;
};

/*
 * Is called in the new process, which has let go of the memory of the others;
 * returns when the parent wants no more of it.
 */
void process_run(const struct process *p);

#endif
