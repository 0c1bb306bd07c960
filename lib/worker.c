#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "err.h"
#include "fdpass.h"
#include "out.h"
#include "sandbox.h"
#include "worker.h"

enum {
	ALIGN = 64,
	BRIEF = 20,   /* milliseconds for which nobody minds waiting */
	PATIENCE = 10 /* times the processor time that a job may take */
};

/* What both sides see. The results lie behind, each after its job's length. */
struct worker_shared {
	/* Jobs so far, of which the low bits do. */
	atomic_uint done;   /* written by the worker */
	atomic_uint wanted; /* it is to write a byte when done is this */
	_Alignas(ALIGN) unsigned char results[];
};

static size_t
stride(const struct worker_plan *plan)
{
	return (plan->size + 2 * ALIGN - 1) / ALIGN * ALIGN;
}

static size_t
mapped(const struct worker_plan *plan)
{
	return sizeof(struct worker_shared) + plan->depth * stride(plan);
}

/* Where the length of a job stands; its result is behind. */
static unsigned char *
slot(const struct worker *w, unsigned long long job)
{
	return w->shared->results + job % w->plan->depth * stride(w->plan);
}

static double
clock_of(clockid_t id)
{
	struct timespec ts = {0};

	clock_gettime(id, &ts);
	return (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
}

/* Processor time that the worker has used. */
static double
used(const struct worker *w)
{
	clockid_t id;

	return clock_getcpuclockid(w->pid, &id) == 0 ? clock_of(id) : 0;
}

void
worker_open(
    struct worker *w, const struct worker_plan *plan, const struct workers *all)
{
	*w = (struct worker){.plan = plan, .all = all};
	w->jobs = err_calloc(plan->depth, sizeof(*w->jobs));
	w->shared = mmap(NULL, mapped(plan), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (w->shared == MAP_FAILED)
		err_die("mmap: %m");
}

/* In the worker. */
static void
serve(struct worker *w, int sock)
{
	unsigned long long job = w->done;
	int fd[FDPASS_MOST];
	size_t n, len;

	while ((n = fdpass_receive(sock, fd)) > 0)
		for (size_t i = 0; i < n; i++) {
			unsigned char *s = slot(w, job);

			memcpy(&len, s, sizeof(len));
			w->plan->work(w->plan->ctx, fd[i], len, s + ALIGN);
			close(fd[i]);
			atomic_store(&w->shared->done, (unsigned)++job);
			if (atomic_load(&w->shared->wanted) == (unsigned)job &&
			    write(sock, "", 1) < 0)
				return;
		}
}

/* The life of a worker. It lets go of all that is not its own. */
static void
live(struct worker *w, int sock, pid_t parent)
{
	int why = 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		return;
	/* What was accepted is finished: the end comes from us, not a group. */
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	for (size_t i = 0; i < w->all->n; i++)
		if (&w->all->worker[i] != w)
			munmap(w->all->worker[i].shared, mapped(w->plan));
	if ((sock > 0 && close_range(0, (unsigned)sock - 1, 0) < 0) ||
	    close_range((unsigned)sock + 1, ~0u, 0) < 0)
		why = errno;
	if (why == 0)
		why = sandbox_limit(w->plan->memory);
	if (w->plan->no_sandbox)
		why = 0;
	else if (why == 0)
		why = sandbox_enter();
	if (write(sock, &why, sizeof(why)) == sizeof(why) && why == 0)
		serve(w, sock);
}

static void
make(struct worker *w)
{
	int pair[2], why = EPIPE;
	pid_t parent = getpid();

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		err_die("socketpair: %m");
	atomic_store(&w->shared->done, (unsigned)w->done);
	atomic_store(&w->shared->wanted, (unsigned)w->done);
	w->pid = fork();
	if (w->pid < 0)
		err_die("fork: %m");
	if (w->pid == 0) {
		live(w, pair[1], parent);
		_exit(0);
	}
	close(pair[1]);
	w->sock = pair[0];
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
 * Ends the process. The job that it was at has failed; those behind it will
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

void
worker_put(struct worker *w, int fd, size_t len)
{
	w->jobs[w->put % w->plan->depth] = (struct worker_job){fd, NULL};
	memcpy(slot(w, w->put), &len, sizeof(len));
	if (++w->put - w->sent >= FDPASS_MOST)
		worker_send(w);
}

void
worker_send(struct worker *w)
{
	while (w->sent != w->put) {
		int fd[FDPASS_MOST];
		size_t n = 0;

		for (; n < FDPASS_MOST && w->sent + n != w->put; n++)
			fd[n] = w->jobs[(w->sent + n) % w->plan->depth].fd;
		if (w->pid == 0)
			make(w);
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
	double limit = w->plan->seconds, t = clock_of(CLOCK_MONOTONIC);

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
	return *why == NULL ? slot(w, job) + ALIGN : NULL;
}

void
worker_close(struct worker *w)
{
	if (w->pid != 0)
		reap(w);
	munmap(w->shared, mapped(w->plan));
	free(w->jobs);
}
