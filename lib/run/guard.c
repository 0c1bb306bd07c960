#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/guard.h"
#include "tool/barrier.h"

enum {
	MOST = 64 + 1,         /* stages, and what feeds them */
	ENVIRONMENT = 1 << 17, /* bytes of one that are looked at */
	ROUNDS = 20,           /* for processes that are faster than we */
	GRACE = 50             /* times 20 ms, for what is about to end */
};

struct message {
	pid_t target, group;
	int ended;
};

/* In the guard: the stages that run. */
static struct message running[MOST];
static size_t stages;
static pid_t runner;

static int
runs_in(pid_t group)
{
	for (size_t i = 0; i < stages; i++)
		if (running[i].group == group)
			return 1;
	return 0;
}

/* Whether the process has the pipeline's number in its environment. */
static int
is_marked(int proc, const char *pid, const char *mark)
{
	static char text[ENVIRONMENT];
	char name[300];
	size_t n = 0;
	ssize_t k = 1;
	int fd;

	snprintf(name, sizeof(name), "%s/environ", pid);
	fd = openat(proc, name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	while (n < sizeof(text) && k > 0) {
		k = read(fd, text + n, sizeof(text) - n);
		n += k > 0 ? (size_t)k : 0;
	}
	close(fd);
	return memmem(text, n, mark, strlen(mark)) != NULL;
}

/* Kills what is marked and in no group that runs: how many. */
static int
kill_strays(const char *mark)
{
	DIR *d = opendir("/proc");
	struct dirent *e;
	int killed = 0;

	while (d != NULL && (e = readdir(d)) != NULL) {
		pid_t pid = (pid_t)atoi(e->d_name);

		if (pid <= 0 || pid == getpid() || pid == runner ||
		    runs_in(getpgid(pid)) ||
		    !is_marked(dirfd(d), e->d_name, mark))
			continue;
		killed += kill(pid, SIGKILL) == 0;
	}
	if (d != NULL)
		closedir(d);
	return killed;
}

static void
forget(const struct message *m)
{
	size_t i = 0;

	while (i < stages && running[i].target != m->target)
		i++;
	/* One that ended in the days of another guard is known to nobody. */
	if (i == stages)
		return;
	running[i] = running[--stages];
	/* Without a group of its own, the process is all that it was. */
	if (m->target >= 0)
		return;
	for (int k = 0; k < GRACE && kill(m->target, 0) == 0; k++)
		poll(NULL, 0, 20);
	kill(m->target, SIGKILL);
}

_Noreturn static void
serve(int fd)
{
	char mark[100];
	struct message m;

	snprintf(mark, sizeof(mark), "%s=%s", BARRIER_VARIABLE,
	    getenv(BARRIER_VARIABLE));
	while (recv(fd, &m, sizeof(m), 0) == (ssize_t)sizeof(m)) {
		if (!m.ended && stages < MOST)
			running[stages++] = m;
		if (m.ended)
			forget(&m);
		for (int i = 0; m.ended && i < ROUNDS; i++)
			if (kill_strays(mark) == 0)
				break;
	}
	while (stages > 0)
		kill(running[--stages].target, SIGKILL);
	for (int i = 0; i < ROUNDS; i++)
		if (kill_strays(mark) == 0)
			break;
	_exit(0);
}

int
guard_start(struct guard *g)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -1;
	runner = getpid();
	g->pid = fork();
	if (g->pid == 0) {
		sigset_t all;

		sigfillset(&all);
		sigprocmask(SIG_SETMASK, &all, NULL);
		close(ends[1]);
		setpgid(0, 0);
		for (int i = 0; i <= STDERR_FILENO; i++)
			close(i);
		serve(ends[0]);
	}
	close(ends[0]);
	g->fd = ends[1];
	return g->pid < 0 ? -1 : 0;
}

static void
send_message(const struct guard *g, struct message m)
{
	/* If nobody listens, there will be another guard, who is told all. */
	send(g->fd, &m, sizeof(m), MSG_NOSIGNAL);
}

void
guard_begun(const struct guard *g, pid_t target, pid_t group)
{
	send_message(g, (struct message){target, group, 0});
}

void
guard_ended(const struct guard *g, pid_t target, pid_t group)
{
	send_message(g, (struct message){target, group, 1});
}

void
guard_finish(struct guard *g)
{
	close(g->fd);
	while (waitpid(g->pid, NULL, 0) < 0 && errno == EINTR)
		;
}
