#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool/packed.h"

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

/*
 * The program in a group of its own, so that a ^C that we would survive does
 * not end it. Returns 0, or an error number.
 */
static int
spawn(pid_t *child, const char *program, int in, int out)
{
	char name[16], option[] = "-dc";
	char *argv[] = {strcpy(name, program), option, NULL};
	posix_spawn_file_actions_t files;
	posix_spawnattr_t how;
	sigset_t usual;
	int e;

	sigemptyset(&usual);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&files, out, STDOUT_FILENO);
	posix_spawn_file_actions_addopen(
	    &files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawnattr_init(&how);
	posix_spawnattr_setsigmask(&how, &usual);
	sigaddset(&usual, SIGPIPE);
	posix_spawnattr_setsigdefault(&how, &usual);
	posix_spawnattr_setflags(&how, POSIX_SPAWN_SETPGROUP |
					   POSIX_SPAWN_SETSIGMASK |
					   POSIX_SPAWN_SETSIGDEF);
	e = posix_spawnp(child, program, &files, &how, argv, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&how);
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
		: spawn(&p->child, form->program, fd, ends[1]);
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
	if (e != 0)
		p->why = form != NULL && e == ENOENT ? form->missing
						     : strerrordesc_np(e);
	return e == 0 ? 0 : -1;
}

/* At the end of the pipe: whether the program was content. */
static ssize_t
end_program(struct packed *p)
{
	int status = 0;

	while (p->child > 0 && waitpid(p->child, &status, 0) < 0)
		if (errno != EINTR)
			break;
	p->child = 0;
	if (status != 0)
		p->why = p->damaged;
	return p->why == NULL ? 0 : -1;
}

ssize_t
packed_read(struct packed *p, void *to, size_t n)
{
	size_t have = 0;

	if (p->pipe < 0) {
		ssize_t got = gzip_read(&p->gzip, to, n);

		p->why = p->gzip.why;
		return got;
	}
	while (have < n) {
		ssize_t got = read(p->pipe, (char *)to + have, n - have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			p->why = strerrordesc_np(errno);
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
	/* It ends by SIGPIPE, if it has not yet. */
	end_program(p);
}
