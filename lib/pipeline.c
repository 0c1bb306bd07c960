#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "err.h"
#include "pipeline.h"

enum { MOST = 64 + 1 };

static struct process {
	pid_t pid, target; /* target: for kill, the whole group if it has one */
	const char *name;
	int status;
} process[MOST];
static volatile sig_atomic_t processes, stopped;
static int gently;
static int input;       /* of the next one */
static int warden = -1; /* the pipe to it */
static sigset_t before; /* the signals that were blocked */

void
pipeline_stop(void)
{
	for (int i = 0; i < processes && (!gently || i == 0); i++)
		kill(process[i].target, SIGTERM);
}

static void
on_stop(int signo)
{
	int saved = errno;

	(void)signo;
	stopped = 1;
	pipeline_stop();
	errno = saved;
}

static void
on_signals(void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler};

	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGINT, &action, NULL);
}

/* Kills all groups that it was told of when nobody is left who tells more. */
_Noreturn static void
guard(int from)
{
	pid_t target[MOST];
	size_t n = 0;

	setpgid(0, 0);
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		close(fd);
	while (n < MOST && read(from, &target[n], sizeof(*target)) > 0)
		n++;
	while (n-- > 0)
		kill(target[n], SIGKILL);
	_exit(0);
}

static void
start_warden(void)
{
	int ends[2];
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0 || (pid = fork()) < 0)
		err_die("fork: %m");
	if (pid == 0) {
		close(ends[1]);
		guard(ends[0]);
	}
	close(ends[0]);
	warden = ends[1];
}

void
pipeline_open(int be_gentle)
{
	sigset_t wait;

	gently = be_gentle;
	sigemptyset(&wait);
	sigaddset(&wait, SIGTERM);
	sigaddset(&wait, SIGINT);
	sigprocmask(SIG_BLOCK, &wait, &before);
	/* Who starts us may ignore it, and then nothing could be waited for. */
	signal(SIGCHLD, SIG_DFL);
	start_warden();
}

/* Becomes the process at the end of the pipeline so far. */
_Noreturn static void
become(const char *name, void (*function)(void), const int *out, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_TROUBLE);
	close(warden);
	if (dup2(input, STDIN_FILENO) < 0 || dup2(out[1], STDOUT_FILENO) < 0)
		err_die("dup2: %m");
	/* A function does not exec, and must see when nobody reads on. */
	close(out[0]);
	close(out[1]);
	signal(SIGPIPE, SIG_DFL);
	on_signals(gently && processes > 0      ? SIG_IGN
		   : gently && function != NULL ? on_stop
						: SIG_DFL);
	processes = 0; /* its sisters are not its own to signal */
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (function != NULL) {
		function();
		exit(EXIT_SUCCESS);
	}
	execl("/bin/sh", "sh", "-c", name, (char *)NULL);
	err_die("/bin/sh: %m");
}

void
pipeline_add(const char *name, void (*function)(void))
{
	struct process *p = &process[processes];
	pid_t parent = getpid();
	int ends[2], own_group;

	/* A terminal's signals are for us, but only its group may read it. */
	own_group = processes > 0 || !isatty(input);
	if (pipe2(ends, O_CLOEXEC) < 0)
		err_die("pipe: %m");
	p->name = name;
	p->pid = fork();
	if (p->pid < 0)
		err_die("fork: %m");
	/* Here and there, for either may come first. */
	if (own_group)
		setpgid(p->pid, 0);
	if (p->pid == 0)
		become(name, function, ends, parent);
	p->target = own_group ? -p->pid : p->pid;
	if (write(warden, &p->target, sizeof(p->target)) < 0)
		err_die("warden: %m");
	processes++;
	close(ends[1]);
	if (input != STDIN_FILENO)
		close(input);
	input = ends[0];
}

void
pipeline_run(void)
{
	if (dup2(input, STDIN_FILENO) < 0)
		err_die("dup2: %m");
	close(input);
	on_signals(on_stop);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

int
pipeline_stopped(void)
{
	return stopped;
}

static int
outcome(const struct process *p, int event_may_be)
{
	if (WIFSIGNALED(p->status)) {
		err_warn(
		    "'%s': killed by signal %d", p->name, WTERMSIG(p->status));
		return EXIT_TROUBLE;
	}
	if (WEXITSTATUS(p->status) == EXIT_EVENT && event_may_be)
		return EXIT_EVENT;
	if (WEXITSTATUS(p->status) == 0)
		return 0;
	err_warn("'%s': exit status %d", p->name, WEXITSTATUS(p->status));
	return EXIT_TROUBLE;
}

int
pipeline_wait(int event_may_be)
{
	int worst = 0;

	for (int i = 0; i < processes; i++) {
		int status;

		while (waitpid(process[i].pid, &process[i].status, 0) < 0)
			if (errno != EINTR)
				err_die("wait: %m");
		status = outcome(&process[i], event_may_be);
		worst = status > worst ? status : worst;
	}
	return worst;
}
