#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "limit/limitfile.h"
#include "tool/err.h"
#include "tool/gzip.h"

enum { TEXT_SIZE = 64 };

int
limitfile_path(const char *name, char *path, size_t size)
{
	const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
	int n;

	if (cache != NULL && *cache == '/')
		n = snprintf(path, size, "%s/driftpipe", cache);
	else if (home != NULL && *home == '/')
		n = snprintf(path, size, "%s/.cache/driftpipe", home);
	else
		return 0;
	if (n < 0 || (size_t)n >= size)
		return 0;
	/* One level is ours to make, and the one above it. */
	*strrchr(path, '/') = '\0';
	mkdir(path, 0700);
	path[strlen(path)] = '/';
	mkdir(path, 0700);
	n += snprintf(path + n, size - (size_t)n, "/%s", name);
	return (size_t)n < size;
}

/* The whole content of the file that answers the question in its name. */
static void
write_text(char text[TEXT_SIZE], const char *path, double limit)
{
	const char *name = strrchr(path, '/') + 1;
	int n = snprintf(text, TEXT_SIZE, "%.17g", limit);
	unsigned long crc = gzip_crc(0, name, strlen(name));

	crc = gzip_crc(crc, text, (size_t)n);
	snprintf(text + n, TEXT_SIZE - (size_t)n, " %08lx\n", crc);
}

/* Why nobody but the user can be trusted to have written it, or NULL. */
static const char *
mistrusted(int fd)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "not a regular file";
	if (st.st_uid != geteuid())
		return "another user's";
	return st.st_mode & (S_IWGRP | S_IWOTH) ? "others may write it" : NULL;
}

/* Reads the limit of an open file; why not, or NULL. */
static const char *
read_text(int fd, const char *path, double *limit)
{
	char text[TEXT_SIZE + 1], want[TEXT_SIZE];
	ssize_t n = read(fd, text, TEXT_SIZE);

	if (n < 0)
		return strerror(errno);
	text[n] = '\0';
	*limit = strtod(text, NULL);
	if (!isfinite(*limit) || *limit <= 0)
		return "no limit";
	write_text(want, path, *limit);
	return strcmp(text, want) == 0 ? NULL : "the checksum is wrong";
}

double
limitfile_read(const char *path)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	double limit = NAN;
	const char *why;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return NAN;
	why = fd < 0 ? strerror(errno) : mistrusted(fd);
	if (why == NULL)
		why = read_text(fd, path, &limit);
	if (fd >= 0)
		close(fd);
	if (why == NULL)
		return limit;
	err_info("%s: kept limit not used: %s", path, why);
	return NAN;
}

void
limitfile_write(const char *path, double limit)
{
	char tmp[4200], text[TEXT_SIZE];
	int fd, good;

	snprintf(tmp, sizeof(tmp), "%s.XXXXXX", path);
	fd = mkostemp(tmp, O_CLOEXEC);
	if (fd < 0)
		return;
	write_text(text, path, limit);
	good = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	if (close(fd) < 0 || !good || rename(tmp, path) < 0)
		unlink(tmp);
}
