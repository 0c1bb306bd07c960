#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/libc.h"
#include "run/logfile.h"
#include "tool/err.h"
#include "tool/scarce.h"

/*
 * What could not be looked at for want of something is neither gone nor
 * another: nothing is known of it, and the run ends.
 */
static void
insist(const char *path, int passing, const char *why)
{
	if (passing)
		err_die("%s: %s", path, why);
}

/* A regular file of that name, or -1 with errno set. */
static int
open_regular(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;

	if (fd < 0)
		insist(path, scarce_is(errno), strerrordesc_np(errno));
	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		return fd;
	if (fd >= 0) {
		close(fd);
		errno = EISDIR;
	}
	return -1;
}

int
logfile_is_packed(const char *path)
{
	int fd = open_regular(path), packed = fd >= 0 && packed_is(fd);

	if (fd >= 0)
		close(fd);
	return packed;
}

/* The descriptor's bytes, decompressed; the place stays what it was. */
static const char *
open_contents(struct logfile *f, int fd, const char *path)
{
	f->is_packed = f->is_stream = packed_is(fd);
	f->fd = f->is_packed ? -1 : fd;
	if (f->is_packed && packed_open(&f->packed, fd) < 0) {
		insist(path, f->packed.passing, f->packed.why);
		return f->packed.why;
	}
	f->name = err_strdup(path);
	return NULL;
}

const char *
logfile_open(struct logfile *f, const char *path)
{
	int fd = open_regular(path);

	*f = (struct logfile){.fd = -1};
	if (fd < 0)
		return errno == EISDIR ? "is not a regular file"
				       : strerrordesc_np(errno);
	if (place_begin(&f->place, fd) < 0) {
		close(fd);
		return strerrordesc_np(errno);
	}
	return open_contents(f, fd, path);
}

ssize_t
logfile_unpack(struct logfile *f, void *to, size_t n)
{
	ssize_t got = packed_read(&f->packed, to, n);

	insist(f->name, got < 0 && f->packed.passing, f->packed.why);
	return got;
}

static ssize_t
unpack(void *from, void *to, size_t n)
{
	return logfile_unpack(from, to, n);
}

/* A packed one is then where the place is. */
static int
holds(struct logfile *f, struct place *place)
{
	return f->is_packed ? place_skip(place, &f->tail, unpack, f)
			    : place_holds(place, &f->tail, f->fd);
}

int
logfile_resume(struct logfile *f, const char *path, int same)
{
	struct logfile now;
	struct place place = f->place;

	if (logfile_open(&now, path) != NULL)
		return 0;
	place.device = now.place.device;
	place.inode = now.place.inode;
	place.birth = now.place.birth;
	if (same && !place_same(&f->place, &now.place)) {
		logfile_close(&now);
		return 0;
	}
	/* What version 1 did not know stays so until it is looked at. */
	if (f->place.device == 0)
		place.device = 0;
	if (!holds(&now, &place)) {
		logfile_close(&now);
		return 0;
	}
	place.device = now.place.device;
	now.place = place;
	logfile_close(f);
	*f = now;
	return 1;
}

int
logfile_contains(const char *path, const struct place *place)
{
	struct logfile f = {.fd = -1, .place = *place};
	int contains = logfile_resume(&f, path, 0);

	logfile_close(&f);
	return contains;
}

/* The next bytes of a file's contents. */
static ssize_t
read_contents(struct logfile *f, char *to, size_t n)
{
	return f->is_packed ? logfile_unpack(f, to, n) : read(f->fd, to, n);
}

off_t
logfile_part(const char *path, const struct logfile *of)
{
	struct logfile part;
	char text[PLACE_TEXT], same[PLACE_TEXT];
	off_t at = 0;
	ssize_t n = -1;

	if (of->is_stream || logfile_open(&part, path) != NULL)
		return -1;
	while ((n = read_contents(&part, text, sizeof(text))) > 0 &&
	       pread(of->fd, same, (size_t)n, at) == n &&
	       memcmp(text, same, (size_t)n) == 0)
		at += n;
	logfile_close(&part);
	return n == 0 ? at : -1;
}

void
logfile_rewind(struct logfile *f)
{
	f->place.offset = f->place.line = f->place.head = f->place.mark = 0;
	f->tail.size = 0;
	f->in_long = 0;
	f->size = f->changed = 0;
}

long long
logfile_rest(const struct logfile *f)
{
	struct stat st;

	if (f->is_stream)
		return (long long)(f->held.len - f->given);
	if (f->fd < 0 || fstat(f->fd, &st) < 0)
		return 0;
	return (long long)st.st_size - (long long)f->place.offset;
}

void
logfile_close(struct logfile *f)
{
	if (f->is_packed)
		packed_close(&f->packed);
	if (f->fd > STDIN_FILENO)
		close(f->fd);
	buf_free(&f->held);
	free(f->name);
	f->name = NULL;
	f->fd = -1;
	f->is_packed = f->is_stream = 0;
}
