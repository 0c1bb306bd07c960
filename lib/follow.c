#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "crc.h"
#include "err.h"
#include "follow.h"
#include "rec.h"

enum { BLOCK = 1 << 18, MARK = 4096 };

/* The inode of a file of that name, or 0. */
static uint64_t
inode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (uint64_t)st.st_ino : 0;
}

/* Whether file a was written to after b. */
static int
later(const struct stat *a, const struct stat *b)
{
	return a->st_mtim.tv_sec != b->st_mtim.tv_sec
		   ? a->st_mtim.tv_sec > b->st_mtim.tv_sec
		   : a->st_mtim.tv_nsec > b->st_mtim.tv_nsec;
}

/* A name that rotations give to the file: log.1, log-20261123. */
static int
is_rotated(const char *name, const char *base)
{
	size_t n = strlen(base);

	return strncmp(name, base, n) == 0 &&
	       (name[n] == '.' || name[n] == '-') && name[n + 1] != '\0' &&
	       strspn(name + n + 1, "0123456789.-_T") == strlen(name + n + 1);
}

/* The one that is wanted, and the best so far. */
struct search {
	const struct follow *f;
	struct stat than, best;
	char *found; /* to be freed */
};

/* The file at the place, under another name. */
static int
is_ours(struct search *s, const char *name, const struct stat *st)
{
	(void)name;
	return (uint64_t)st->st_ino == s->f->inode;
}

/* The first that was rotated after the one at hand. */
static int
is_next(struct search *s, const char *name, const struct stat *st)
{
	const char *slash = strrchr(s->f->path, '/');

	return is_rotated(name, slash ? slash + 1 : s->f->path) &&
	       later(st, &s->than) && (s->found == NULL || later(&s->best, st));
}

/* Looks at all regular files in the directory. */
static void
look(struct search *s,
    int (*matches)(struct search *, const char *, const struct stat *))
{
	const char *path = s->f->path, *slash = strrchr(path, '/');
	struct buf dir = {0};
	struct stat st;
	struct dirent *e;
	DIR *d;

	buf_put(&dir, slash ? path : "./", slash ? slash + 1 - path : 2);
	buf_put(&dir, "", 1);
	if (dir.failed)
		err_die("out of memory");
	d = opendir(dir.p);
	while (d != NULL && (e = readdir(d)) != NULL) {
		if (fstatat(dirfd(d), e->d_name, &st, 0) < 0 ||
		    !S_ISREG(st.st_mode) || !matches(s, e->d_name, &st))
			continue;
		free(s->found);
		s->found = err_malloc(dir.len + strlen(e->d_name));
		memcpy(s->found, dir.p, dir.len - 1);
		strcpy(s->found + dir.len - 1, e->d_name);
		s->best = st;
	}
	if (d != NULL)
		closedir(d);
	buf_free(&dir);
}

/* The checksum of what stands before the place. */
static uint64_t
mark_of(const struct follow *f)
{
	char text[MARK];
	size_t want = f->offset < MARK ? (size_t)f->offset : MARK;
	ssize_t n = pread(f->fd, text, want, (off_t)(f->offset - want));

	return n > 0 ? crc_bytes(text, (size_t)n) : 0;
}

/* Opens the file at the place; 0 when that is not where we have been. */
static int
open_file(struct follow *f, const char *path)
{
	struct stat st;

	f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (f->fd < 0 || fstat(f->fd, &st) < 0)
		err_die("%s: %m", path);
	if (!S_ISREG(st.st_mode))
		err_die("%s: is not a regular file", path);
	if (f->offset > INT64_MAX || (uint64_t)st.st_size < f->offset ||
	    mark_of(f) != f->mark) {
		close(f->fd);
		return 0;
	}
	if (lseek(f->fd, (off_t)f->offset, SEEK_SET) < 0)
		err_die("%s: %m", path);
	f->inode = (uint64_t)st.st_ino;
	f->held = f->given = 0;
	f->rotated = 0;
	return 1;
}

static void
open_from_start(struct follow *f, const char *path)
{
	f->offset = f->mark = 0;
	open_file(f, path);
}

/* Where we have been, under whatever name: 0 when it is gone. */
static int
reopen(struct follow *f)
{
	struct search s = {.f = f};
	int found;

	if (inode_of(f->path) == f->inode)
		return open_file(f, f->path);
	look(&s, is_ours);
	found = s.found != NULL && open_file(f, s.found);
	free(s.found);
	return found;
}

void
follow_open(struct follow *f)
{
	f->size = BLOCK;
	f->block = err_malloc(f->size);
	f->fd = STDIN_FILENO;
	if (f->path == NULL || (f->inode != 0 && reopen(f)))
		return;
	if (f->inode != 0)
		err_warn("%s: the file that was read before is gone, or "
			 "overwritten; what was added to it since is lost",
		    f->path);
	open_from_start(f, f->path);
}

/* The end of the file is where we are no more. */
static int
was_truncated(struct follow *f)
{
	struct stat st;

	if (fstat(f->fd, &st) < 0 ||
	    (uint64_t)st.st_size >= f->offset + f->held)
		return 0;
	err_warn(
	    "%s: is shorter than it was: read from its beginning", f->path);
	f->offset = f->held = f->given = 0;
	if (lseek(f->fd, 0, SEEK_SET) < 0)
		err_die("%s: %m", f->path);
	return 1;
}

/*
 * At the end of a file that another has replaced: goes on with that, or with
 * what was rotated in between. As long as the new one is empty, whoever writes
 * may still have the old one open.
 */
static int
next_file(struct follow *f)
{
	struct search s = {.f = f};
	struct stat st;

	if (stat(f->path, &st) < 0 || (uint64_t)st.st_ino == f->inode ||
	    st.st_size == 0)
		return 0;
	/* What was written between the last read and the rename. */
	if (!f->rotated) {
		f->rotated = 1;
		return 1;
	}
	if (f->held > 0)
		err_warn("%s: its last line had no end, and is lost", f->path);
	if (fstat(f->fd, &s.than) < 0)
		err_die("%s: %m", f->path);
	look(&s, is_next);
	close(f->fd);
	open_from_start(f, s.found != NULL ? s.found : f->path);
	free(s.found);
	return 1;
}

/* Room for more, behind what is held of a line without an end. */
static void
make_room(struct follow *f)
{
	if (f->given > 0)
		memmove(f->block, f->block + f->given, f->held);
	f->given = 0;
	if (f->held < f->size)
		return;
	if (f->held > REC_LONGEST)
		err_die("%s: line longer than %d MiB at byte %llu",
		    f->path ? f->path : "stdin", REC_LONGEST >> 20,
		    (unsigned long long)f->offset + 1);
	f->size *= 2;
	f->block = err_realloc(f->block, f->size);
}

/* More of the input: how much, 0 when there is none for now. */
static size_t
more(struct follow *f)
{
	struct pollfd ready = {f->fd, POLLIN, 0};
	ssize_t n;

	if (poll(&ready, 1, 0) <= 0)
		return 0;
	n = read(f->fd, f->block + f->held, f->size - f->held);
	if (n < 0 && errno != EINTR && errno != EAGAIN)
		err_die("%s: %m", f->path ? f->path : "stdin");
	f->ended = n == 0 && f->path == NULL;
	return n > 0 ? (size_t)n : 0;
}

int
follow_next(struct follow *f, const char **p, size_t *n)
{
	for (;;) {
		size_t before, k;
		char *end;

		make_room(f);
		k = more(f);
		if (k == 0 && f->path != NULL &&
		    (was_truncated(f) || next_file(f)))
			continue;
		if (k == 0)
			return 0;
		before = f->held;
		f->held += k;
		end = memrchr(f->block + before, '\n', k);
		if (end == NULL)
			continue;
		*p = f->block;
		*n = f->given = (size_t)(end + 1 - f->block);
		f->held -= f->given;
		f->offset += f->given;
		return 1;
	}
}

void
follow_wait(const struct follow *f, int milliseconds)
{
	struct pollfd ready = {f->fd, POLLIN, 0};

	poll(&ready, f->path == NULL, milliseconds);
}

void
follow_state(struct follow *f, struct store *s)
{
	if (!store_reading(s) && f->path != NULL)
		f->mark = mark_of(f);
	store_u64(s, "inode", &f->inode);
	store_u64(s, "offset", &f->offset);
	store_u64(s, "mark", &f->mark);
}

void
follow_close(struct follow *f)
{
	if (f->fd > STDIN_FILENO)
		close(f->fd);
	free(f->block);
}
