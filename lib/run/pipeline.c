#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "tool/err.h"
#include "run/guard.h"
#include "run/pipeline.h"

enum { MOST = 64 + 2 /* stages, what feeds them, and a journal */ };

static struct process {
	pid_t pid, target; /* target: for kill, the whole group if it has one */
	pid_t group;
	const char *name;
	int status;
	volatile sig_atomic_t ended;
} process[MOST];
static volatile sig_atomic_t processes, stopped;
static int gently;
static int input;       /* of the next one */
static sigset_t before; /* the signals that were blocked */
static struct guard guard;
static volatile sig_atomic_t guards_lost;

void
pipeline_stop(void)
{
	for (int i = 0; i < processes && (!gently || i == 0); i++)
		if (!process[i].ended)
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

/* Another one, for somebody has killed it. */
static void
replace_guard(void)
{
	guards_lost = 1;
	close(guard.fd);
	if (guard_start(&guard) < 0)
		return;
	for (int i = 0; i < processes; i++)
		if (!process[i].ended)
			guard_begun(
			    &guard, process[i].target, process[i].group);
	/* The other one may have been killed before it did what is to do. */
	for (int i = 0; i < processes; i++)
		if (process[i].ended)
			guard_ended(
			    &guard, process[i].target, process[i].group);
}

/* Any child has ended: a stage, the guard, or what a stage has left. */
static void
on_end(int signo)
{
	int saved = errno, status;
	pid_t pid;

	(void)signo;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == guard.pid)
			replace_guard();
		for (int i = 0; i < processes; i++) {
			struct process *p = &process[i];

			if (p->pid != pid || p->ended)
				continue;
			p->status = status;
			p->ended = 1;
			guard_ended(&guard, p->target, p->group);
		}
	}
	errno = saved;
}

void
pipeline_open(int be_gentle)
{
	struct sigaction end = {.sa_handler = on_end, .sa_flags = SA_RESTART};
	sigset_t wait;

	gently = be_gentle;
	sigemptyset(&wait);
	sigaddset(&wait, SIGTERM);
	sigaddset(&wait, SIGINT);
	sigaddset(&wait, SIGCHLD);
	sigprocmask(SIG_BLOCK, &wait, &before);
	sigdelset(&before, SIGCHLD);
	sigaction(SIGCHLD, &end, NULL);
	/* What stages leave becomes ours, so that no zombie stays. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (guard_start(&guard) < 0)
		err_die("fork: %m");
}

/*
 * Becomes the command. Some shells stay above the one program that they run:
 * where there is but one, it is to take the shell's place. A shell that does
 * stay, and is told to end, waits for what it has started.
 */
_Noreturn static void
become_command(const char *command, int waits)
{
	int simple = command[strcspn(command, ";&|(){}=!\n")] == '\0' &&
		     strncmp(command, "exec ", 5) != 0;
	struct buf b = {0};

	buf_str(&b, simple ? "exec " : waits ? "trap : INT TERM\n" : "");
	buf_put(&b, command, strlen(command) + 1);
	if (b.failed)
		err_memory();
	execl("/bin/sh", "sh", "-c", b.p, (char *)NULL);
	err_die("/bin/sh: %m");
}

/* Becomes the process at the end of the pipeline so far. */
_Noreturn static void
become(const char *name, void (*function)(void), const int *out, pid_t parent)
{
	int waits = gently && processes == 0;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_TROUBLE);
	close(guard.fd);
	if (dup2(input, STDIN_FILENO) < 0 || dup2(out[1], STDOUT_FILENO) < 0)
		err_die("dup2: %m");
	/* A function does not exec, and must see when nobody reads on. */
	close(out[0]);
	close(out[1]);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	on_signals(gently && processes > 0      ? SIG_IGN
		   : gently && function != NULL ? on_stop
						: SIG_DFL);
	processes = 0; /* its sisters are not its own to signal */
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (function != NULL) {
		function();
		exit(EXIT_SUCCESS);
	}
	become_command(name, waits);
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
	p->group = own_group ? p->pid : getpgrp();
	guard_begun(&guard, p->target, p->group);
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
	sigset_t mask, with_end;

	sigprocmask(SIG_SETMASK, NULL, &mask);
	with_end = mask;
	sigaddset(&with_end, SIGCHLD);
	sigprocmask(SIG_SETMASK, &with_end, NULL);
	for (int i = 0; i < processes; i++) {
		int status;

		while (!process[i].ended)
			sigsuspend(&mask);
		status = outcome(&process[i], event_may_be);
		worst = status > worst ? status : worst;
	}
	guard_finish(&guard);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	if (guards_lost)
		err_warn("the process that guards the stages was killed, and "
			 "replaced");
	sigprocmask(SIG_SETMASK, &mask, NULL);
	return worst;
}
