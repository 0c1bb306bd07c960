#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h> /* rename */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/libc.h"
#include "tool/atomic.h"
#include "base/buf.h"
#include "base/path.h"
#include "tool/err.h"

#define NOT_REGULAR "is not a regular file"

/* The file beside the target, until it has taken over the name. */
struct atomic {
	const char *path; /* the target */
	char *name;
	int fd;
};

/* With a slash at its end; the current one is "./". */
static char *
directory_of(const char *path)
{
	struct buf b = {0};
	size_t n = path_dir(path);

	buf_put(&b, n > 0 ? path : "./", n > 0 ? n : 2);
	buf_put(&b, "", 1);
	if (b.failed)
		err_memory();
	return b.p;
}

static void
check_target(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0) {
		if (!S_ISREG(st.st_mode))
			err_die("%s: " NOT_REGULAR, path);
	} else if (errno != ENOENT) {
		err_die("%s: %m", path);
	}
}

void
atomic_check(const char *path)
{
	char *directory = directory_of(path);

	if (access(directory, W_OK | X_OK) < 0)
		err_die("%s: %m", directory);
	check_target(path);
	free(directory);
}

_Noreturn static void
give_up(const struct atomic *d)
{
	int e = errno;

	unlink(d->name);
	errno = e;
	err_die("%s: %m; it is left as it was", d->path);
}

/*
 * Hidden, and with the random part last: a directory is often read for names
 * that end in a certain way, and no draft is ever to be one of them.
 */
static void
open_draft(struct atomic *d)
{
	struct buf b = {0};
	size_t n = path_dir(d->path);

	buf_put(&b, d->path, n);
	buf_str(&b, ".");
	buf_str(&b, d->path + n);
	buf_put(&b, ".XXXXXX", 8);
	if (b.failed)
		err_memory();
	d->name = b.p;
	d->fd = mkostemp(d->name, O_CLOEXEC);
	if (d->fd < 0)
		err_die("%s: %m", d->path);
}

void
atomic_put(struct atomic *d, const void *data, size_t n)
{
	const char *p = data;

	while (n > 0) {
		ssize_t k = write(d->fd, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			give_up(d);
		p += k;
		n -= (size_t)k;
	}
}

static void
close_draft(const struct atomic *d, unsigned mode)
{
	if (fchmod(d->fd, (mode_t)mode) < 0 || fsync(d->fd) < 0 ||
	    close(d->fd) < 0)
		give_up(d);
}

void
atomic_sync(const char *directory)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* Some file systems can't, and some directories can't be read. */
	if (fd < 0 ? errno != EACCES : fsync(fd) < 0 && errno != EINVAL)
		err_die("%s: %m", directory);
	if (fd >= 0)
		close(fd);
}

/* So that the new name survives a power cut too. */
static void
sync_directory_of(const char *path)
{
	char *directory = directory_of(path);

	atomic_sync(directory);
	free(directory);
}

void
atomic_write_by(const char *path, unsigned mode, atomic_giver *give, void *ctx)
{
	static const int ending[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};
	struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
	struct atomic d = {.path = path};
	sigset_t wait, mask;

	sigemptyset(&wait);
	for (size_t i = 0; i < sizeof(ending) / sizeof(*ending); i++)
		sigaddset(&wait, ending[i]);
	sigprocmask(SIG_BLOCK, &wait, &mask);
	/* A file that may not grow is then an error of write. */
	sigaction(SIGXFSZ, &ignore, &before);
	check_target(path);
	open_draft(&d);
	if (give(ctx, &d) < 0) {
		unlink(d.name);
		err_memory();
	}
	close_draft(&d, mode);
	if (rename(d.name, path) < 0)
		give_up(&d);
	sync_directory_of(path);
	free(d.name);
	sigaction(SIGXFSZ, &before, NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

/* All of it at once. */
struct piece {
	const void *data;
	size_t n;
};

static int
give_piece(void *ctx, struct atomic *to)
{
	const struct piece *p = ctx;

	atomic_put(to, p->data, p->n);
	return 0;
}

void
atomic_write(const char *path, const void *data, size_t n, unsigned mode)
{
	struct piece p = {data, n};

	atomic_write_by(path, mode, give_piece, &p);
}

static const char *
read_all(int fd, struct buf *b)
{
	struct stat st;
	ssize_t n = 1;

	if (fstat(fd, &st) < 0)
		return strerrordesc_np(errno);
	if (!S_ISREG(st.st_mode))
		return NOT_REGULAR;
	while (n != 0) {
		if (buf_room(b, 1 << 16) == NULL)
			err_memory();
		n = read(fd, b->p + b->len, 1 << 16);
		if (n < 0 && errno != EINTR)
			return strerrordesc_np(errno);
		b->len += n > 0 ? (size_t)n : 0;
	}
	return NULL;
}

const char *
atomic_read(const char *path, struct buf *b)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	const char *why;

	if (fd < 0)
		return errno == ELOOP ? NOT_REGULAR : strerrordesc_np(errno);
	why = read_all(fd, b);
	close(fd);
	return why;
}
