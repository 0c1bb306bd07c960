/*
 * worker, pool and sandbox: order, and that nothing which a decoder may do
 * reaches beyond it. The jobs are files of one byte that says what to do;
 * the result is that byte and the worker's process.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <seccomp.h>

#include "decoder/pool.h"
#include "tap.h"

enum { MEMORY = 64 << 20, SIZE = 100, FILES = 100 };

struct result {
	int what, pid, enough;
	char fill[SIZE - 12];
};

static volatile char *volatile nowhere; /* NULL */
static int marker = -1; /* a file of ours; no worker is to have it */
static struct pool p;

/* Whether memory without end is refused before it ends the machine. */
static int
is_bounded(void)
{
	long long taken = 0, piece = 1 << 20;
	char *volatile more; /* which no compiler takes for unused */

	while (taken < 64LL * MEMORY && (more = malloc(piece)) != NULL) {
		memset(more, 1, piece);
		taken += piece;
	}
	return taken <= MEMORY;
}

static void *
set_flag(void *ctx)
{
	((struct result *)ctx)->pid = -1;
	return NULL;
}

static void
do_job(const void *ctx, int fd, size_t len, void *result)
{
	struct result *r = result;
	pthread_t thread;
	char what = '?';
	int sink;

	if (len != 1 || read(fd, &what, 1) != 1)
		what = '?';
	*r = (struct result){.what = what, .pid = *(const int *)ctx};
	switch (what) {
	case 'A':
		abort();
	case 'e':
		_exit(0);
	case 'f':
		sink = open("/dev/null", O_WRONLY);
		r->enough = sink >= 0;
		break;
	case 'h':
		for (;;)
			pause();
	case 'k':
		kill(getppid(), SIGTERM);
		break;
	case 'l':
		for (volatile unsigned i = 0;; i++)
			;
	case 'L':
		/* Its memory begins with how far it says it is. */
		memset(p.workers.worker[0].shared, 0x7f, 8);
		for (;;)
			;
	case 'm':
		r->enough = is_bounded();
		break;
	case 'n':
		sink = socket(AF_INET, SOCK_STREAM, 0);
		r->enough = sink >= 0;
		break;
	case 'p':
		fork();
		break;
	case 's':
		*nowhere = 1;
		break;
	case 't':
		r->enough = pthread_create(&thread, NULL, set_flag, r) == 0 &&
			    pthread_join(thread, NULL) == 0 && r->pid == -1;
		break;
	case 'w':
		r->enough = write(marker, "x", 1) == 1 ||
			    write(1, "x", 1) == 1 || write(2, "x", 1) == 1 ||
			    write(fd, "x", 1) == 1;
		break;
	case 'x':
		r->enough = mmap(NULL, 4096, PROT_READ | PROT_EXEC,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != NULL;
		break;
	case 'z':
		for (size_t i = 0; i < p.workers.n; i++)
			((volatile char *)p.workers.worker[i].shared)[80] = 0;
		break;
	default:
		break;
	}
}

static int here;

static struct protocol_plan
plan(double seconds)
{
	return (struct protocol_plan){.work = do_job,
	    .ctx = &here,
	    .size = SIZE,
	    .depth = 8,
	    .memory = MEMORY,
	    .seconds = seconds};
}

static int threads; /* whether the jobs' files are to need them */
/* The jobs' files, until they are taken. */
static int files[FILES], put_so_far, taken_so_far;

static void
put(char what)
{
	int fd = memfd_create("job", MFD_CLOEXEC), read_only;
	char name[50];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	read_only = open(name, O_RDONLY | O_CLOEXEC);
	if (read_only < 0 || write(fd, &what, 1) != 1)
		exit(2);
	/* The process needs a library that makes threads. */
	if (threads && write(fd, "\0\0\0ftypheic", 11) != 11)
		exit(2);
	pool_put(&p, read_only, 1);
	files[put_so_far++ % FILES] = read_only;
	close(fd);
}

static const struct result *
take(const char **why)
{
	close(files[taken_so_far++ % FILES]);
	return pool_take(&p, why);
}

/* Does the jobs; returns what came of them, '!' for one that failed. */
static const char *
do_all(const char *jobs)
{
	static char got[100];
	size_t taken = 0, n = strlen(jobs);
	const char *why;

	for (size_t i = 0; taken < n;) {
		while (i < n && !pool_full(&p))
			put(jobs[i++]);
		pool_await(&p, 1);
		const struct result *r = take(&why);
		got[taken++] = r ? (char)r->what : '!';
	}
	got[n] = '\0';
	return got;
}

static size_t
open_files(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 1000; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void
test_order(void)
{
	static const char jobs[] = "0123456789abd0123456789abd0123456789abd"
				   "0123456789abd0123456789abd0123456789abd";
	struct protocol_plan how = plan(10);
	size_t before = open_files();

	for (int n = 1; n <= 3; n++) {

		pool_open(&p, n, &how);
		ok(strcmp(do_all(jobs), jobs) == 0,
		    "%d workers: jobs come back in order", n);
		pool_close(&p);
		ok(open_files() == before && wait(NULL) < 0 && errno == ECHILD,
		    "%d workers: no file and no process is left", n);
	}
}

/* A worker is made for the first job, and only when one has too much to do. */
static void
test_few(void)
{
	struct protocol_plan how = plan(10);

	pool_open(&p, 4, &how);
	ok(wait(NULL) < 0 && errno == ECHILD, "no process without a job");
	for (int i = 0; i < 10; i++) {
		put('a');
		pool_await(&p, 1);
		const char *why;
		take(&why);
	}
	ok(p.workers.worker[0].pid > 0 && p.workers.worker[1].pid == 0,
	    "a slow stream has one");
	pool_close(&p);
}

static const char slow[] = "its decoder took too long";

static void
test_failure(const char *name, char what, const char *want, int no_sandbox)
{
	/* On a busy machine a death takes its time, and so do neighbours. */
	struct protocol_plan how = plan(want == slow ? 1 : 60);
	const char *why[3];
	int good = 1;
	char jobs[] = {'a', what, 'b'};

	how.no_sandbox = no_sandbox;
	pool_open(&p, 2, &how);
	for (int i = 0; i < 3; i++)
		put(jobs[i]);
	pool_await(&p, 3);
	for (int i = 0; i < 3; i++) {
		const struct result *r = take(&why[i]);
		good &= i == 1 || (r != NULL && r->what == jobs[i]);
	}
	if (!ok(good && why[1] != NULL && strcmp(why[1], want) == 0,
		"one that %s fails, its neighbours do not", name))
		printf("# %s\n", why[1] ? why[1] : "it did not");
	pool_close(&p);
}

/* The job's own word that what it tried did not work. */
static void
test_refused(const char *name, char what, int want)
{
	struct protocol_plan how = plan(10);
	const char *why;
	const struct result *r;

	pool_open(&p, 2, &how);
	put(what);
	pool_await(&p, 1);
	r = take(&why);
	ok(r != NULL && r->enough == want, "%s", name);
	pool_close(&p);
}

static void
test_failures(void)
{
	static const char crashed[] = "its decoder crashed",
			  forbidden[] =
			      "its decoder made a forbidden system call";
	/* The sanitizer wants to tell of it first, and may not. */
#ifdef __SANITIZE_ADDRESS__
	const char *died = forbidden;
#else
	const char *died = crashed;
#endif

	test_failure("crashes", 's', died, 0);
	test_failure("aborts", 'A', crashed, 0);
	test_failure("crashes without a sandbox", 's', crashed, 1);
	test_failure("ends", 'e', crashed, 0);
	test_failure("opens a file", 'f', forbidden, 0);
	test_failure("opens a socket", 'n', forbidden, 0);
	test_failure("makes a process", 'p', forbidden, 0);
	test_failure("sends a signal", 'k', forbidden, 0);
	test_failure("sleeps", 'h', forbidden, 0);
	test_failure("asks for memory to put code in", 'x', forbidden, 0);
	test_failure("makes a thread", 't', forbidden, 0);
	test_failure("loops", 'l', slow, 0);
	test_failure("loops without a sandbox", 'l', slow, 1);
	test_failure("sleeps without a sandbox", 'h', slow, 1);
	test_failure("writes to another's memory", 'z', died, 0);
	test_failure("says it did more than it had", 'L', died, 0);
	test_refused("no descriptor is there to write to", 'w', 0);
#ifndef __SANITIZE_ADDRESS__
	test_refused("memory has an end", 'm', 1);
#endif
}

/* A process with a library that makes threads may do that, and no more. */
static void
test_threads(void)
{
	static const char forbidden[] =
	    "its decoder made a forbidden system call";

	threads = 1;
	test_refused("a thread, where a library needs it", 't', 1);
	test_failure("makes a process there", 'p', forbidden, 0);
	test_failure("opens a file there", 'f', forbidden, 0);
	test_failure("sleeps there", 'h', forbidden, 0);
	test_failure("asks there for memory to put code in", 'x', forbidden, 0);
	threads = 0;
}

/* Many deaths, with others at work beside them. */
static void
test_many(void)
{
	static const char jobs[] = "aasbscsdeesabcfabcnabpAasfsaabcdxabc";
	struct protocol_plan how = plan(10);
	char want[sizeof(jobs)];

	strcpy(want, jobs);
	for (char *c = want; *c != '\0'; c++)
		if (strchr("sefnpxA", *c) != NULL)
			*c = '!';
	for (int n = 1; n <= 3; n++) {
		pool_open(&p, n, &how);
		ok(strcmp(do_all(jobs), want) == 0,
		    "%d workers: each death costs one job", n);
		pool_close(&p);
	}
}

/* Someone else kills a worker between two jobs. */
static void
test_killed(void)
{
	struct protocol_plan how = plan(10);

	pool_open(&p, 1, &how);
	do_all("a");
	kill(p.workers.worker[0].pid, SIGKILL);
	waitid(P_PID, (id_t)p.workers.worker[0].pid, NULL, WEXITED | WNOWAIT);
	ok(strcmp(do_all("bc"), "bc") == 0,
	    "one killed while idle is replaced");
	pool_close(&p);
}

/* When we are killed, nothing is left: the workers have our pipe open. */
static void
test_orphans(void)
{
	int fd[2];
	char byte;
	pid_t child;

	if (pipe(fd) < 0)
		exit(2);
	child = fork();
	if (child == 0) {
		struct protocol_plan how = plan(1000);

		how.no_sandbox = 1;
		pool_open(&p, 2, &how);
		do_all("ab");
		put('l');
		put('h');
		pool_await(&p, 0);
		/* Say which processes are to be gone. */
		for (int i = 0; i < 2; i++)
			if (write(fd[1], &p.workers.worker[i].pid,
				sizeof(int)) != sizeof(int))
				_exit(1);
		raise(SIGKILL);
	}
	close(fd[1]);
	int pid[2] = {0, 0}, gone = 0;
	if (read(fd[0], pid, sizeof(int)) < 0 ||
	    read(fd[0], pid + 1, sizeof(int)) < 0)
		exit(2);
	waitpid(child, NULL, 0);
	for (int tries = 0; tries < 1000 && gone < 2; tries++) {
		gone = (kill(pid[0], 0) < 0) + (kill(pid[1], 0) < 0);
		usleep(10000);
	}
	ok(gone == 2 && pid[0] > 0 && pid[1] > 0, "no orphan is left");
	ok(read(fd[0], &byte, 1) == 0, "nor what it held");
	close(fd[0]);
}

/* A kernel that knows no seccomp, as far as the child can see. */
static void
test_no_seccomp(void)
{
	int fd[2], status;
	char text[200] = "";
	ssize_t n;
	pid_t child;

	if (pipe(fd) < 0)
		exit(2);
	child = fork();
	if (child == 0) {
		scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
		struct protocol_plan how = plan(10);

		seccomp_rule_add(
		    ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0);
		seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl),
		    1, SCMP_A0(SCMP_CMP_EQ, 22, 0)); /* PR_SET_SECCOMP */
		if (seccomp_load(ctx) < 0)
			_exit(1);
		how.no_sandbox = 1;
		pool_open(&p, 1, &how);
		status = strcmp(do_all("ab"), "ab");
		pool_close(&p);
		if (status != 0)
			_exit(1);
		how.no_sandbox = 0;
		dup2(fd[1], 2);
		pool_open(&p, 1, &how);
		do_all("a");
		_exit(0);
	}
	close(fd[1]);
	n = read(fd[0], text, sizeof(text) - 1);
	waitpid(child, &status, 0);
	ok(WIFEXITED(status) && WEXITSTATUS(status) == 2 && n > 0 &&
		strstr(text, "--no-sandbox") != NULL,
	    "without seccomp there is a message and exit 2");
	close(fd[0]);
}

int
main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0); /* none is left to be copied */
	marker = memfd_create("marker", 0);
	here = 1;
	test_order();
	test_few();
	test_failures();
	test_threads();
	test_many();
	test_killed();
	test_orphans();
	test_no_seccomp();
	return done_testing();
}
