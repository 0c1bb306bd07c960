#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "decoder/fdpass.h"
#include "decoder/process.h"
#include "decoder/sandbox.h"
#include "image/library.h"

/* Takes jobs and does them, until the socket ends. */
static void
do_jobs(const struct process *p)
{
	const struct protocol_plan *plan = p->plan;
	struct protocol_shared *shared = p->shared;
	unsigned long long job = p->done;
	int fd[FDPASS_MOST];
	size_t n, len;

	while ((n = fdpass_receive(p->sock, fd)) > 0)
		for (size_t i = 0; i < n; i++) {
			memcpy(&len, protocol_length(plan, shared, job),
			    sizeof(len));
			plan->work(plan->ctx, fd[i], len,
			    protocol_result(plan, shared, job));
			close(fd[i]);
			atomic_store(&shared->done, (unsigned)++job);
			if (atomic_load(&shared->wanted) == (unsigned)job &&
			    write(p->sock, "", 1) < 0)
				return;
		}
}

/*
 * Closes all descriptors but the socket. Returns 0, or an errno. musl has no
 * function for the call.
 */
static int
close_others(int sock)
{
	if ((sock > 0 && syscall(SYS_close_range, 0L, sock - 1L, 0L) < 0) ||
	    syscall(SYS_close_range, sock + 1L, 0xffffffffL, 0L) < 0)
		return errno;
	return 0;
}

/* From here on it can do nothing but its jobs. Returns 0, or an errno. */
static int
lock_up(const struct process *p)
{
	int why = close_others(p->sock);

	library_load(p->libraries);
	library_lock();
	if (why == 0)
		why = sandbox_limit(p->plan->memory);
	if (p->plan->no_sandbox)
		return 0;
	return why != 0 ? why : sandbox_enter(library_threads(p->libraries));
}

void
process_run(const struct process *p)
{
	int why;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != p->parent)
		return;
	/* What was accepted is finished: the end comes from us, not a group. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	why = lock_up(p);
	if (write(p->sock, &why, sizeof(why)) == sizeof(why) && why == 0)
		do_jobs(p);
}
