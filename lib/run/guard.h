/*
 * A process that kills what others leave running. It is told of the process
 * groups of a pipeline and of the end of each; when the process that tells is
 * gone, however it ended, it kills them all. What has left its group, as
 * setsid(1) does, is found by the barriers' number in its environment.
 */
#ifndef GUARD_H
#define GUARD_H

#include <sys/types.h>

struct guard {
	pid_t pid;
	int fd;
};

/* Returns 0, or -1 with errno set. Safe in a handler of signals. */
int guard_start(struct guard *g);

/*
 * A stage has begun, or its first process has ended: target is for kill, and
 * group is where it runs. Safe in a handler.
 */
void guard_begun(const struct guard *g, pid_t target, pid_t group);
void guard_ended(const struct guard *g, pid_t target, pid_t group);

/* Has all killed that is left, and waits for that. */
void guard_finish(struct guard *g);

#endif
