/*
 * driftpipe-run - run a pipeline as one transaction. Between the stages flow
 * records and barriers; behind the last one this process waits for the
 * barriers to come out, and commits (generation.h). Where the input is a file,
 * a source (follow.h) in a process of its own feeds the first stage.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "atomic.h"
#include "buf.h"
#include "err.h"
#include "follow.h"
#include "generation.h"
#include "jsonval.h"
#include "opt.h"
#include "out.h"
#include "rec.h"
#include "state.h"

enum { STAGES = 64, LATENCY = 250 /* ms between two looks at the input */ };

static struct tool tool;
static struct {
	struct opt_list stages;
	const char *input, *output;
	double barrier;
	int follow, exit_status;
} opt = {.barrier = 60};

static const struct opt options[] = {
    {0, "stage", OPT_LIST, &opt.stages, "COMMAND",
	"a program of the pipeline, repeatable", 0, 0},
    {'i', "input", OPT_PATH, &opt.input, "FILE",
	"what is new in this file goes in, '-': standard input", 0, 0},
    {0, "follow", OPT_FLAG, &opt.follow, NULL,
	"wait for more input, and commit now and then", 0, 0},
    {0, "barrier", OPT_REAL, &opt.barrier, "SECONDS",
	"follow: from one commit to the next", 0.01, 1e6},
    {'o', "output", OPT_PATH, &opt.output, "FILE",
	"where promtext's metrics appear", 0, 0},
    {'e', "exit-status", OPT_FLAG, &opt.exit_status, NULL,
	"exit with 1 when a stage does", 0, 0},
    {0, NULL, OPT_FLAG, NULL, NULL, NULL, 0, 0},
};

/* A process of the pipeline; the source is the first one, if there is one. */
static struct process {
	pid_t pid;
	const char *name;
	int status;
} process[STAGES + 1];
static volatile sig_atomic_t processes, stopped;

static struct follow input;

/* SIGTERM, SIGINT: who reads the input ends it, the others by that. */
static void
stop(int signo)
{
	int saved = errno, all = !opt.follow;

	(void)signo;
	stopped = 1;
	for (int i = 0; i < processes && (all || i == 0); i++)
		if (process[i].pid > 0)
			kill(process[i].pid, SIGTERM);
	errno = saved;
}

static void
walk(void *ctx, struct store *s)
{
	(void)ctx;
	follow_state(&input, s);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* The place in the input is kept before the barrier goes out. */
static void
send_barrier(long long *generation)
{
	struct buf line = {0};

	state_keep(++*generation);
	state_put_barrier(&line, *generation);
	out_line(&line);
	out_flush();
	buf_free(&line);
}

/* What is new in the input, to standard output, and barriers. */
_Noreturn static void
feed(long long generation)
{
	double last = now();
	const char *p;
	size_t n;

	while (!stopped) {
		if (follow_next(&input, &p, &n)) {
			out_write(p, n);
		} else if (opt.follow) {
			out_flush();
			poll(NULL, 0, LATENCY);
		} else {
			break;
		}
		if (opt.follow && now() - last >= opt.barrier) {
			send_barrier(&generation);
			last = now();
		}
	}
	send_barrier(&generation);
	follow_close(&input);
	out_close();
	exit(EXIT_SUCCESS);
}

/* In the child: nothing outlives the runner. */
static void
become(int in, int out, pid_t parent)
{
	struct sigaction normal = {.sa_handler = SIG_DFL};

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* A terminal's signals are for the runner alone. */
	setpgid(0, 0);
	if (getppid() != parent)
		_exit(EXIT_TROUBLE);
	if (dup2(in, STDIN_FILENO) < 0 || dup2(out, STDOUT_FILENO) < 0)
		err_die("dup2: %m");
	sigaction(SIGPIPE, &normal, NULL);
}

/*
 * Becomes the command. Some shells stay above the one program that they run,
 * and signals for it would end there: where there is but one, it is to take
 * the shell's place.
 */
_Noreturn static void
become_command(const char *command)
{
	int simple = command[strcspn(command, ";&|(){}=!\n")] == '\0';
	struct buf b = {0};

	buf_str(&b, simple ? "exec " : "");
	buf_put(&b, command, strlen(command) + 1);
	if (b.failed)
		err_die("out of memory");
	execl("/bin/sh", "sh", "-c", b.p, (char *)NULL);
	err_die("/bin/sh: %m");
}

/* Starts one; its standard output is the next one's input, *in. */
static void
start(const char *name, int *in, long long generation)
{
	struct process *p = &process[processes];
	int is_source = generation >= 0, ends[2];
	pid_t parent = getpid();

	if (pipe2(ends, O_CLOEXEC) < 0)
		err_die("pipe: %m");
	p->name = name;
	p->pid = fork();
	if (p->pid < 0)
		err_die("fork: %m");
	if (p->pid == 0) {
		become(*in, ends[1], parent);
		if (is_source)
			feed(generation);
		become_command(name);
	}
	processes++;
	close(ends[1]);
	if (*in != STDIN_FILENO)
		close(*in);
	*in = ends[0];
}

/* The current generation's metrics, for the exporter to read. */
static void
publish(void)
{
	if (opt.output != NULL)
		generation_publish(state_directory(), opt.output);
}

static void
commit(long long n)
{
	if (n <= generation_current(state_directory()))
		return;
	generation_commit(state_directory(), n);
	publish();
	generation_prune(state_directory(), 0);
	err_info("generation %lld is committed", n);
}

/*
 * Reads what comes out behind the last stage until it ends: the number of the
 * last barrier, or 0. Other records go to our standard output.
 */
static long long
drain(struct rec *in)
{
	struct json_paths paths = {0};
	struct json_span number[1];
	struct json_line line;
	long long last = 0;
	double n;

	json_path(&paths, "barrier.generation");
	while (rec_json(in, &paths, number, &line)) {
		if (json_number(&number[0], &n) < 0) {
			out_record(in);
			continue;
		}
		last = (long long)n;
		if (opt.follow)
			commit(last);
	}
	rec_close(in);
	out_close();
	return last;
}

/* What one process has ended with: 0, EXIT_EVENT or EXIT_TROUBLE. */
static int
outcome(const struct process *p)
{
	if (WIFSIGNALED(p->status)) {
		err_warn(
		    "'%s': killed by signal %d", p->name, WTERMSIG(p->status));
		return EXIT_TROUBLE;
	}
	if (WEXITSTATUS(p->status) == EXIT_EVENT && opt.exit_status)
		return EXIT_EVENT;
	if (WEXITSTATUS(p->status) == 0)
		return 0;
	err_warn("'%s': exit status %d", p->name, WEXITSTATUS(p->status));
	return EXIT_TROUBLE;
}

static int
wait_for_all(void)
{
	int worst = 0;

	for (int i = 0; i < processes; i++) {
		int status;

		while (waitpid(process[i].pid, &process[i].status, 0) < 0)
			if (errno != EINTR)
				err_die("wait: %m");
		status = outcome(&process[i]);
		worst = status > worst ? status : worst;
	}
	return worst;
}

static void
run(void)
{
	struct sigaction on_stop = {.sa_handler = stop};
	int in = STDIN_FILENO;

	setenv("DRIFTPIPE_STATE", state_directory(), 1);
	if (opt_config() != NULL)
		setenv("DRIFTPIPE_CONFIG", opt_config(), 1);
	sigaction(SIGTERM, &on_stop, NULL);
	sigaction(SIGINT, &on_stop, NULL);
	if (opt.input != NULL)
		start("input", &in, state_generation());
	for (size_t i = 0; i < opt.stages.n; i++)
		start(opt.stages.item[i], &in, -1);
	if (dup2(in, STDIN_FILENO) < 0)
		err_die("dup2: %m");
	close(in);
}

static void
prepare(int argc, char **argv)
{
	static const char *const may_differ[] = {"stage", "follow", "barrier",
	    "output", "exit-status", "state", "wait", NULL};
	const struct state_setup setup = {
	    .tool = &tool,
	    .may_differ = may_differ,
	    .leads = 1,
	    .walk = walk,
	};

	tool = (struct tool){
	    .name = "driftpipe-run",
	    .usage = "[-eqv] [-c file] [-i file] [-o file] -s dir [option ...]",
	    .about = "run a pipeline as one transaction",
	    .tables = {options, state_options},
	};
	if (opt_parse(&tool, argc, argv) < argc)
		err_die("takes no operands; a stage is given by '--stage'");
	opt_refuse(!opt.follow, "barrier", "only with --follow");
	if (opt.stages.n == 0 || opt.stages.n > STAGES)
		err_die("'--stage': from 1 to %d are needed", STAGES);
	if (!state_wanted())
		err_die("'--state': is needed");
	if (opt.output != NULL)
		atomic_check(opt.output);
	input.path = opt.input && strcmp(opt.input, "-") ? opt.input : NULL;
	state_open(&setup);
	generation_prune(state_directory(), 1);
	publish();
	if (opt.input != NULL)
		follow_open(&input);
}

int
main(int argc, char **argv)
{
	struct rec in;
	long long last;
	int status;

	prepare(argc, argv);
	/* Before our own signals: one ends the pipe at its beginning. */
	rec_open(&in, NULL, 0, '\n');
	in.skip_bad = 1;
	run();
	last = drain(&in);
	if (opt.follow)
		stop(SIGTERM);
	status = wait_for_all();
	if (status == EXIT_TROUBLE && !opt.follow)
		err_die("nothing is committed; the input will come again");
	if (last == 0)
		err_die("no barrier has come out behind the last stage: "
			"nothing is committed");
	commit(last);
	return status;
}
