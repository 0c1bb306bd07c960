#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "tool/err.h"
#include "decoder/fdpass.h"
#include "decoder/process.h"
#include "image/library.h"
#include "tool/out.h"
#include "decoder/worker.h"

enum {
	BRIEF = 20,   /* milliseconds for which nobody minds waiting */
	PATIENCE = 10 /* times the processor time that a job may take */
};

/* Processor time that the worker has used. */
static double
used(const struct worker *w)
{
	clockid_t id;

	return clock_getcpuclockid(w->pid, &id) == 0 ? clock_seconds(id) : 0;
}

void
worker_open(struct worker *w, const struct protocol_plan *plan,
    const struct workers *all)
{
	*w = (struct worker){.plan = plan, .all = all};
	w->jobs = err_calloc(plan->depth, sizeof(*w->jobs));
	w->shared = mmap(NULL, protocol_mapped(plan), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (w->shared == MAP_FAILED)
		err_die("mmap: %m");
}

/* In the new process: no worker is to reach the results of another. */
static void
let_go(const struct worker *w)
{
	for (size_t i = 0; i < w->all->n; i++)
		if (&w->all->worker[i] != w)
			munmap(
			    w->all->worker[i].shared, protocol_mapped(w->plan));
}

static void
make_process(struct worker *w)
{
	int pair[2], why = EPIPE;
	struct process child = {.plan = w->plan,
	    .shared = w->shared,
	    .done = w->done,
	    .libraries = w->needs};

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		err_die("socketpair: %m");
	atomic_store(&w->shared->done, (unsigned)w->done);
	atomic_store(&w->shared->wanted, (unsigned)w->done);
	child.sock = pair[1];
	child.parent = getpid();
	w->pid = fork();
	if (w->pid < 0)
		err_die("fork: %m");
	if (w->pid == 0) {
		let_go(w);
		process_run(&child);
		_exit(0);
	}
	close(pair[1]);
	w->sock = pair[0];
	w->has = w->needs;
	while (read(w->sock, &why, sizeof(why)) < 0 && errno == EINTR)
		;
	if (why != 0) {
		errno = why;
		err_die("no sandbox: %m: --no-sandbox goes on without");
	}
	w->used = -1;
}

/* The end of a process, by our hand or its own; says how. */
static const char *
reap(struct worker *w)
{
	int status = 0;

	close(w->sock);
	kill(w->pid, SIGKILL);
	while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
		;
	w->pid = 0;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return "its decoder made a forbidden system call";
	return "its decoder crashed";
}

/* Looks how far it is. Returns -1 when it lies about that. */
static int
count(struct worker *w)
{
	unsigned more = atomic_load(&w->shared->done) - (unsigned)w->done;

	if (more > w->sent - w->done)
		return -1;
	w->done += more;
	if (more > 0)
		w->used = -1;
	return 0;
}

/*
 * Ends the process. The job that it was at has failed; those after it will
 * be sent again. Has it got on since it was found too slow, none has.
 */
static void
bury(struct worker *w, const char *slow)
{
	unsigned long long seen = w->done;
	const char *how = reap(w);

	if (count(w) < 0 || slow == NULL || w->done == seen)
		if (w->sent != w->done)
			w->jobs[w->done++ % w->plan->depth].why = slow ? slow
								       : how;
	w->sent = w->done;
}

static void
look(struct worker *w)
{
	if (w->pid != 0 && count(w) < 0)
		bury(w, NULL);
}

size_t
worker_load(struct worker *w)
{
	look(w);
	return (size_t)(w->put - w->done);
}

int
worker_hungry(const struct worker *w)
{
	return w->sent - w->taken < w->put - w->sent;
}

int
worker_full(const struct worker *w)
{
	return w->put - w->taken == w->plan->depth;
}

/* Libraries that have to be open before the file is read. */
static unsigned
needs(int fd)
{
	unsigned char head[LIBRARY_HEAD];
	ssize_t n = pread(fd, head, sizeof(head), 0);

	return n > 0 ? library_need(head, (size_t)n) : 0;
}

/*
 * Ends a process without a library that is needed, when it has nothing to do.
 * Returns -1 when it has.
 */
static int
dismiss(struct worker *w)
{
	look(w);
	if (w->sent != w->done)
		return -1;
	if (w->pid != 0)
		reap(w);
	return 0;
}

void
worker_put(struct worker *w, int fd, size_t len)
{
	w->jobs[w->put % w->plan->depth] = (struct worker_job){fd, NULL};
	memcpy(protocol_length(w->plan, w->shared, w->put), &len, sizeof(len));
	w->needs |= needs(fd);
	if (++w->put - w->sent >= FDPASS_MOST)
		worker_send(w);
}

void
worker_send(struct worker *w)
{
	while (w->sent != w->put) {
		int fd[FDPASS_MOST];
		size_t n = 0;

		if (w->pid != 0 && (w->needs & ~w->has) != 0 && dismiss(w) < 0)
			return;
		for (; n < FDPASS_MOST && w->sent + n != w->put; n++)
			fd[n] = w->jobs[(w->sent + n) % w->plan->depth].fd;
		if (w->pid == 0)
			make_process(w);
		if (fdpass_send(w->sock, fd, n) == 0)
			w->sent += n;
		else if (errno == EPIPE || errno == ECONNRESET)
			bury(w, NULL);
		else if (errno == EAGAIN && w->sent != w->done)
			return; /* it has enough to do */
		else if (errno != EINTR)
			err_die("a decoder's socket: %m");
	}
}

/*
 * Whether the job takes too long, or how long it may go on. What counts is
 * the worker's processor time from when we began to wait for it, as the
 * machine may be busy; but it is not to wait forever either.
 */
static int
overdue(struct worker *w, double *left)
{
	double limit = w->plan->seconds, t = clock_monotonic();

	if (w->used < 0) {
		w->used = used(w);
		w->since = t;
	}
	*left = limit - (t - w->since);
	if (*left > 0)
		return 0;
	*left = limit - (used(w) - w->used);
	return *left <= 0 || t - w->since > PATIENCE * limit;
}

/* Waits until it is done with the jobs up to here, or there is news. */
static void
wait_for(struct worker *w, unsigned long long target)
{
	struct pollfd p = {w->sock, POLLIN, 0};
	double left;
	char byte;
	int r;

	if (target > w->sent)
		target = w->sent;
	atomic_store(&w->shared->wanted, (unsigned)target);
	look(w);
	if (w->pid == 0 || w->done >= target)
		return;
	if (overdue(w, &left)) {
		bury(w, "its decoder took too long");
		return;
	}
	r = poll(&p, 1, BRIEF);
	if (r == 0) {
		/* What has been written is not to wait for a slow one. */
		out_flush();
		r = poll(&p, 1, (int)(left * 1e3) + 1);
	}
	if (r > 0 && recv(w->sock, &byte, 1, MSG_DONTWAIT) == 0)
		bury(w, NULL);
}

void
worker_await(struct worker *w, size_t n)
{
	unsigned long long target = w->taken + n;

	for (look(w); w->done < target; look(w)) {
		if (w->sent < target)
			worker_send(w);
		if (w->pid != 0)
			wait_for(w, target);
	}
}

const void *
worker_take(struct worker *w, const char **why)
{
	unsigned long long job = w->taken++;

	*why = w->jobs[job % w->plan->depth].why;
	return *why == NULL ? protocol_result(w->plan, w->shared, job) : NULL;
}

void
worker_close(struct worker *w)
{
	if (w->pid != 0)
		reap(w);
	munmap(w->shared, protocol_mapped(w->plan));
	free(w->jobs);
}
