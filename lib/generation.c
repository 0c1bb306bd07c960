#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "atomic.h"
#include "buf.h"
#include "err.h"
#include "generation.h"

/* DIR/NAME */
static char *
in_dir(const char *dir, const char *name)
{
	struct buf b = {0};

	buf_str(&b, dir);
	buf_str(&b, "/");
	buf_put(&b, name, strlen(name) + 1);
	if (b.failed)
		err_die("out of memory");
	return b.p;
}

/* N of "gen.N", or -1. */
static long long
number_of(const char *name)
{
	char *end;
	long long n;

	if (strncmp(name, "gen.", 4) != 0 || name[4] < '0' || name[4] > '9')
		return -1;
	errno = 0;
	n = strtoll(name + 4, &end, 10);
	return errno != 0 || *end != '\0' ? -1 : n;
}

long long
generation_current(const char *dir)
{
	char *path = in_dir(dir, "current"), target[64];
	ssize_t len = readlink(path, target, sizeof(target) - 1);
	long long n = -1;

	if (len < 0 && errno != ENOENT)
		err_die("%s: %m", path);
	if (len >= 0) {
		target[len] = '\0';
		n = number_of(target);
		if (n < 0)
			err_die(
			    "%s: leads to no generation: '%s'", path, target);
	}
	free(path);
	return n;
}

char *
generation_path(const char *dir, long long n, const char *file)
{
	struct buf b = {0};

	buf_str(&b, dir);
	buf_str(&b, "/gen.");
	buf_int(&b, n);
	buf_str(&b, "/");
	buf_put(&b, file, strlen(file) + 1);
	if (b.failed)
		err_die("out of memory");
	return b.p;
}

void
generation_make(const char *dir, long long n)
{
	char *path = generation_path(dir, n, "");

	if (mkdir(path, 0777) < 0 && errno != EEXIST)
		err_die("%s: %m", path);
	free(path);
}

void
generation_commit(const char *dir, long long n)
{
	char *path = generation_path(dir, n, ""), target[32];
	char *next = in_dir(dir, ".current"), *current = in_dir(dir, "current");

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
	DIR *d = opendir(directory);
	struct dirent *e;

	if (d == NULL)
		err_die("%s: %m", directory);
	while ((e = readdir(d)) != NULL) {
		size_t len = strlen(e->d_name);

		if (e->d_name[0] == '.' || len < 5 ||
		    strcmp(e->d_name + len - 5, ".prom") != 0)
			continue;
		if (found != NULL)
			err_die("%s: has two files of metrics", directory);
		found = generation_path(dir, n, e->d_name);
	}
	closedir(d);
	free(directory);
	return found;
}

void
generation_publish(const char *dir, const char *path)
{
	char *from = find_metrics(dir, generation_current(dir));
	struct buf text = {0}, there = {0};

	if (from == NULL)
		return;
	atomic_read(from, &text);
	if (access(path, F_OK) == 0)
		atomic_read(path, &there);
	if (there.len != text.len || memcmp(there.p, text.p, text.len) != 0)
		atomic_write(path, text.p, text.len, 0644);
	buf_free(&text);
	buf_free(&there);
	free(from);
}

/* A generation has no directories in it. */
static void
remove_generation(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;

	if (d == NULL)
		err_die("%s: %m", path);
	while ((e = readdir(d)) != NULL)
		if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
			unlinkat(dirfd(d), e->d_name, 0);
	closedir(d);
	if (rmdir(path) < 0)
		err_die("%s: %m", path);
}

void
generation_prune(const char *dir, int later)
{
	long long current = generation_current(dir);
	DIR *d = opendir(dir);
	struct dirent *e;

	if (d == NULL)
		err_die("%s: %m", dir);
	while ((e = readdir(d)) != NULL) {
		long long n = number_of(e->d_name);
		char *path;

		if (n < 0 || n == current || n == current - 1 ||
		    (n > current && !later))
			continue;
		path = in_dir(dir, e->d_name);
		remove_generation(path);
		free(path);
	}
	closedir(d);
}
