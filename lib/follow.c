#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "err.h"
#include "follow.h"
#include "rec.h"

enum { BLOCK = 1 << 18 };

/* The inode of a file of that name, or 0. */
static uint64_t
inode_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (uint64_t)st.st_ino : 0;
}

/* The file that had the name, in the same directory; NULL when it is gone. */
static char *
find_renamed(const struct follow *f)
{
	const char *slash = strrchr(f->path, '/');
	struct buf path = {0};
	struct dirent *e;
	size_t stem;
	DIR *d;

	buf_put(&path, f->path, slash ? (size_t)(slash + 1 - f->path) : 0);
	stem = path.len;
	buf_put(&path, "", 1);
	if (path.failed)
		err_die("out of memory");
	d = opendir(stem > 0 ? path.p : ".");
	while (d != NULL && (e = readdir(d)) != NULL) {
		if ((uint64_t)e->d_ino != f->inode)
			continue;
		path.len = stem;
		buf_put(&path, e->d_name, strlen(e->d_name) + 1);
		if (path.failed)
			err_die("out of memory");
		closedir(d);
		return path.p;
	}
	if (d != NULL)
		closedir(d);
	buf_free(&path);
	return NULL;
}

static void
open_file(struct follow *f, const char *path)
{
	struct stat st;

	f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (f->fd < 0 || fstat(f->fd, &st) < 0)
		err_die("%s: %m", path);
	if (!S_ISREG(st.st_mode))
		err_die("%s: is not a regular file", path);
	f->inode = (uint64_t)st.st_ino;
	if ((uint64_t)st.st_size < f->offset) {
		err_warn("%s: is shorter than it was: read from its beginning",
		    path);
		f->offset = 0;
	}
	if (lseek(f->fd, (off_t)f->offset, SEEK_SET) < 0)
		err_die("%s: %m", path);
	f->held = f->given = 0;
}

void
follow_open(struct follow *f)
{
	char *renamed;

	f->block = err_malloc(BLOCK);
	f->fd = STDIN_FILENO;
	if (f->path == NULL)
		return;
	if (f->inode == 0 || inode_of(f->path) == f->inode) {
		open_file(f, f->path);
		return;
	}
	renamed = find_renamed(f);
	if (renamed != NULL) {
		open_file(f, renamed);
		free(renamed);
		return;
	}
	err_warn("%s: the file that was read before is gone; what was added "
		 "to it since is lost",
	    f->path);
	f->offset = 0;
	open_file(f, f->path);
}

/* At the end of a file that another has replaced: goes on with that. */
static int
next_file(struct follow *f)
{
	uint64_t now = f->path != NULL ? inode_of(f->path) : 0;

	if (now == 0 || now == f->inode)
		return 0;
	/* What was written between the last read and the rename. */
	if (!f->rotated) {
		f->rotated = 1;
		return 1;
	}
	if (f->held > 0)
		err_warn("%s: its last line had no end, and is lost", f->path);
	f->rotated = 0;
	f->offset = 0;
	close(f->fd);
	open_file(f, f->path);
	return 1;
}

/* Room for more, behind what is held of a line without an end. */
static void
make_room(struct follow *f)
{
	memmove(f->block, f->block + f->given, f->held);
	f->given = 0;
	if (f->held < BLOCK)
		return;
	if (f->held > REC_LONGEST)
		err_die("%s: line longer than %d MiB at byte %llu",
		    f->path ? f->path : "stdin", REC_LONGEST >> 20,
		    (unsigned long long)f->offset + 1);
	f->block = err_realloc(f->block, f->held + BLOCK);
}

int
follow_next(struct follow *f, const char **p, size_t *n)
{
	size_t room = BLOCK;
	char *end;
	ssize_t k;

	for (;;) {
		make_room(f);
		room = f->held < BLOCK ? BLOCK - f->held : BLOCK;
		k = read(f->fd, f->block + f->held, room);
		if (k < 0 && errno != EINTR)
			err_die("%s: %m", f->path ? f->path : "stdin");
		if (k < 0)
			return 0;
		if (k == 0 && next_file(f))
			continue;
		if (k == 0)
			return 0;
		f->held += (size_t)k;
		end = memrchr(f->block, '\n', f->held);
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
follow_state(struct follow *f, struct store *s)
{
	store_u64(s, "inode", &f->inode);
	store_u64(s, "offset", &f->offset);
}

void
follow_close(struct follow *f)
{
	if (f->fd > STDIN_FILENO)
		close(f->fd);
	free(f->block);
}
