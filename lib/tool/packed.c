#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/libc.h"
#include "tool/packed.h"
#include "tool/scarce.h"

enum { NOT_RUN = 127 /* as the loader of programs ends that lacks memory */ };

/* How a file begins, and the program that reads it. */
static const struct form {
	char magic[8];
	size_t len;
	const char *program, *missing, *damaged;
} forms[] = {
    {"\3757zXZ", 5, "xz", "needs the program xz", "damaged xz data"},
    {"\x28\xb5\x2f\xfd", 4, "zstd", "needs the program zstd",
	"damaged zstd data"},
    {"BZh", 3, "bzip2", "needs the program bzip2", "damaged bzip2 data"},
    {"\x04\x22\x4d\x18", 4, "lz4", "needs the program lz4", "damaged lz4 data"},
};

static const struct form *
form_of(int fd)
{
	char head[8];
	ssize_t n = pread(fd, head, sizeof(head), 0);

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		if (n >= (ssize_t)forms[i].len &&
		    memcmp(head, forms[i].magic, forms[i].len) == 0)
			return &forms[i];
	return NULL;
}

/* Descriptor fd as number at, which may be it. */
static int
put(int fd, int at)
{
	return fd == at ? fcntl(fd, F_SETFD, 0) : dup2(fd, at);
}

/*
 * In the new process: the program. It stays in our group, where whoever ends
 * us for good finds it too, but a signal to the group that we may survive is
 * not to end it: the file would look damaged. All of them are ignored, for
 * programs do not unblock what they find ignored; but if nobody reads on, it
 * ends.
 */
_Noreturn static void
become(const char *program, int in, int out, int report)
{
	char name[16], option[] = "-dc";
	char *argv[] = {strcpy(name, program), option, NULL};
	sigset_t none;
	int null, e;

	for (int i = 1; i <= SIGRTMAX; i++)
		signal(i, i == SIGPIPE || i == SIGCHLD ? SIG_DFL : SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null >= 0 && put(in, STDIN_FILENO) >= 0 &&
	    put(out, STDOUT_FILENO) >= 0 && put(null, STDERR_FILENO) >= 0)
		execvp(program, argv);
	e = errno;
	while (write(report, &e, sizeof(e)) < 0 && errno == EINTR)
		;
	_exit(NOT_RUN);
}

/* Until it is what it is to be, no signal may come to it. */
static pid_t
fork_unheard(void)
{
	sigset_t all, before;
	pid_t child;
	int e;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	child = fork();
	e = errno;
	if (child != 0)
		sigprocmask(SIG_SETMASK, &before, NULL);
	errno = e;
	return child;
}

/* Returns its status, or -1 when it is known to nobody. */
static int
await(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return status;
}

/* Returns 0, or why the program does not run, an error number. */
static int
start(pid_t *child, const char *program, int in, int out)
{
	int report[2], e = 0;

	if (pipe2(report, O_CLOEXEC) < 0)
		return errno;
	*child = fork_unheard();
	if (*child == 0)
		become(program, in, out, report[1]);
	if (*child < 0)
		e = errno;
	close(report[1]);
	while (e == 0 && read(report[0], &e, sizeof(e)) < 0 && errno == EINTR)
		;
	close(report[0]);
	if (e != 0 && *child > 0)
		await(*child);
	if (e != 0)
		*child = 0;
	return e;
}

static int
open_program(struct packed *p, const struct form *form, int fd)
{
	int ends[2], e;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return errno;
	e = lseek(fd, 0, SEEK_SET) < 0
		? errno
		: start(&p->child, form->program, fd, ends[1]);
	close(ends[1]);
	if (e == 0)
		p->pipe = ends[0];
	else
		close(ends[0]);
	return e;
}

int
packed_is(int fd)
{
	char head[2];

	return form_of(fd) != NULL ||
	       (pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
		   memcmp(head, "\x1f\x8b", sizeof(head)) == 0);
}

int
packed_open(struct packed *p, int fd)
{
	const struct form *form = form_of(fd);
	int e = 0;

	*p = (struct packed){.pipe = -1};
	if (form == NULL && gzip_open(&p->gzip, fd) == 0)
		return 0;
	if (form == NULL)
		e = errno;
	else if ((e = open_program(p, form, fd)) == 0)
		p->damaged = form->damaged;
	close(fd);
	if (e == 0)
		return 0;
	p->why = form != NULL && e == ENOENT ? form->missing
					     : strerrordesc_np(e);
	p->passing = scarce_is(e);
	return -1;
}

/*
 * At the end of the pipe: whether the program was content. One that did not
 * end by itself has said nothing of the file.
 */
static ssize_t
end_program(struct packed *p)
{
	int status = p->child > 0 ? await(p->child) : 0;

	p->child = 0;
	p->passing = status == -1 || WIFSIGNALED(status) ||
		     WEXITSTATUS(status) == NOT_RUN;
	if (status != 0)
		p->why = p->passing ? "its decompressor was stopped"
				    : p->damaged;
	return p->why == NULL ? 0 : -1;
}

ssize_t
packed_read(struct packed *p, void *to, size_t n)
{
	size_t have = 0;

	if (p->pipe < 0) {
		ssize_t got = gzip_read(&p->gzip, to, n);

		p->why = p->gzip.why;
		p->passing = p->gzip.passing;
		return got;
	}
	while (have < n) {
		ssize_t got = read(p->pipe, (char *)to + have, n - have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			p->why = strerrordesc_np(errno);
			p->passing = scarce_is(errno);
			return -1;
		}
		if (got == 0)
			break;
		have += (size_t)got;
	}
	return have > 0 ? (ssize_t)have : end_program(p);
}

void
packed_close(struct packed *p)
{
	gzip_close(&p->gzip);
	if (p->pipe >= 0)
		close(p->pipe);
	p->pipe = -1;
	if (p->child > 0) {
		kill(p->child, SIGKILL);
		await(p->child);
	}
	p->child = 0;
}
