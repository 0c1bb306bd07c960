#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/atomic.h"
#include "base/buf.h"
#include "tool/dir.h"
#include "tool/err.h"
#include "run/generation.h"

/* Beyond any that was counted up to, and it can still be counted on. */
static const long long MOST = 1000000000000000;

/* N of "gen.N", or -1. */
static long long
number_of(const char *name)
{
	char *end;
	long long n;

	if (strncmp(name, "gen.", 4) != 0 || name[4] < '0' || name[4] > '9' ||
	    (name[4] == '0' && name[5] != '\0'))
		return -1;
	errno = 0;
	n = strtoll(name + 4, &end, 10);
	return errno != 0 || *end != '\0' || n > MOST ? -1 : n;
}

long long
generation_current(const char *dir)
{
	char *path = err_join(dir, "current"), target[64];
	ssize_t len = readlink(path, target, sizeof(target) - 1);
	long long n = -1;

	if (len < 0 && errno != ENOENT && errno != EINVAL)
		err_die("%s: %m", path);
	if (len < 0 && errno == EINVAL)
		err_die("%s: is no link to a generation; 'rm -r %s' begins "
			"anew",
		    path, dir);
	if (len >= 0) {
		target[len] = '\0';
		n = number_of(target);
		if (n < 0 || access(path, F_OK) < 0)
			err_die("%s: leads to no generation: '%s'; 'rm -r %s' "
				"begins anew",
			    path, target, dir);
	}
	free(path);
	return n;
}

char *
generation_path(const char *dir, long long n, const char *file)
{
	char name[32], *generation, *path;

	snprintf(name, sizeof(name), "gen.%lld", n);
	generation = err_join(dir, name);
	path = err_join(generation, file);
	free(generation);
	return path;
}

void
generation_make(const char *dir, long long n)
{
	char *path = generation_path(dir, n, "");
	struct stat st;

	path[strlen(path) - 1] = '\0'; /* no slash, or a link is followed */
	if (mkdir(path, 0775) == 0 ||
	    (errno == EEXIST && lstat(path, &st) == 0 && S_ISDIR(st.st_mode))) {
		free(path);
		return;
	}
	if (errno != EEXIST)
		err_die("%s: %m", path);
	err_die("%s: not a directory that was made here: 'rm %s' makes room "
		"for it",
	    path, path);
}

void
generation_commit(const char *dir, long long n)
{
	char *path = generation_path(dir, n, ""), target[32];
	char *next = err_join(dir, ".current"),
	     *current = err_join(dir, "current");

	atomic_sync(path);
	atomic_sync(dir);
	snprintf(target, sizeof(target), "gen.%lld", n);
	if ((unlink(next) < 0 && errno != ENOENT) ||
	    symlink(target, next) < 0 || rename(next, current) < 0)
		err_die("%s: %m", current);
	atomic_sync(dir);
	free(path);
	free(next);
	free(current);
}

void
generation_begin(const char *dir)
{
	if (generation_current(dir) >= 0)
		return;
	generation_make(dir, 0);
	generation_commit(dir, 0);
}

/* The one file that ends in .prom, or NULL. */
static char *
find_metrics(const char *dir, long long n)
{
	char *directory = generation_path(dir, n, ""), *found = NULL;
	struct dir d;
	const char *name;

	dir_open(&d, directory);
	while ((name = dir_next(&d)) != NULL) {
		size_t len = strlen(name);

		if (name[0] == '.' || len < 5 ||
		    strcmp(name + len - 5, ".prom") != 0)
			continue;
		if (found != NULL)
			err_die("%s: has two files of metrics", directory);
		found = generation_path(dir, n, name);
	}
	dir_close(&d);
	free(directory);
	return found;
}

void
generation_publish(const char *dir, const char *path)
{
	char *from = find_metrics(dir, generation_current(dir));
	struct buf text = {0}, there = {0};
	const char *why;

	if (from == NULL)
		return;
	why = atomic_read(from, &text);
	if (why != NULL)
		err_die("%s: %s", from, why);
	if (atomic_read(path, &there) != NULL || there.len != text.len ||
	    memcmp(there.p, text.p, text.len) != 0)
		atomic_write(path, text.p, text.len, 0644);
	buf_free(&text);
	buf_free(&there);
	free(from);
}

/* Whether we, or the tools, give files such names: NAME.json, .NAME.Kq3x0e. */
static int
is_ours(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (dot == NULL || strncmp(name, ".nfs", 4) == 0)
		return 0;
	return strcmp(dot, ".json") == 0 || strcmp(dot, ".prom") == 0 ||
	       (name[0] == '.' && strlen(dot) == 7);
}

/*
 * Removes what was made here, and the directory if nothing else is in it. What
 * somebody else has put there stays, and so does a link.
 */
static void
remove_generation(int in, const char *dir, const char *name)
{
	int fd = openat(
	    in, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *e;

	if (d == NULL) {
		err_warn("%s/%s: is not removed: %m", dir, name);
		return;
	}
	while ((e = readdir(d)) != NULL)
		if (is_ours(e->d_name))
			unlinkat(dirfd(d), e->d_name, 0);
	closedir(d);
	if (unlinkat(in, name, AT_REMOVEDIR) < 0)
		err_warn("%s/%s: is not removed: %m; 'rm -r %s/%s' does it",
		    dir, name, dir, name);
}

void
generation_prune(const char *dir, int later)
{
	long long current = generation_current(dir);
	struct dir d;
	const char *name;

	dir_open(&d, dir);
	while ((name = dir_next(&d)) != NULL) {
		long long n = number_of(name);

		if (n >= 0 && n != current && n != current - 1 &&
		    (n < current || later))
			remove_generation(d.fd, dir, name);
	}
	dir_close(&d);
}

void
generation_remove(const char *dir)
{
	char *link = err_join(dir, "current");
	struct dir d;
	const char *name;

	dir_open(&d, dir);
	if (unlink(link) < 0 && errno != ENOENT)
		err_die("%s: %m", dir);
	while ((name = dir_next(&d)) != NULL)
		if (number_of(name) >= 0)
			remove_generation(d.fd, dir, name);
	dir_close(&d);
	free(link);
}
