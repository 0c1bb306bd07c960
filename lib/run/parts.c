#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/path.h"
#include "run/generation.h"
#include "run/parts.h"
#include "run/reference.h"
#include "tool/atomic.h"
#include "tool/dir.h"
#include "tool/err.h"

enum { PATIENCE = 250 /* times 20 ms, for whoever was killed to end */ };

char *
parts_path(const char *dir, unsigned part, unsigned parts)
{
	char name[24];

	if (parts == 0)
		return err_strdup(dir);
	snprintf(name, sizeof(name), "%uof%u", part, parts);
	return err_join(dir, name);
}

/* Of how many parts what has that name is one; 0: it is none. */
static unsigned
part_of(const char *name, const char *before, const char *after)
{
	size_t n = strlen(before);
	unsigned k, of;
	int end = 0;

	if (strncmp(name, before, n) != 0 || name[n] < '0' || name[n] > '9' ||
	    sscanf(name + n, "%5uof%5u%n", &k, &of, &end) != 2 || end == 0 ||
	    strcmp(name + n + end, after) != 0 || k < 1 || k > of)
		return 0;
	return of;
}

/* What the link says, 0 being a state without parts; -1: there is none. */
static int
linked(const char *dir)
{
	char *path = err_join(dir, "parts"), text[16];
	ssize_t n = readlink(path, text, sizeof(text) - 1);
	int parts = -1, end = 0;

	if (n < 0 && errno != ENOENT)
		err_die("%s: %m", path);
	text[n > 0 ? n : 0] = '\0';
	if (n >= 0 && (sscanf(text, "%5d%n", &parts, &end) != 1 ||
			  text[end] != '\0' || parts < 0))
		err_die("%s: is no link to the number of the parts", path);
	free(path);
	return parts;
}

/*
 * Of a directory without a link: the number of the parts that are there; 0 when
 * there are none. Not all the same, or another than wanted, if that is above
 * 0, is a message.
 */
static unsigned
scan(const char *dir, unsigned wanted)
{
	struct dir d;
	unsigned parts = wanted;
	const char *name;

	dir_open(&d, dir);
	while ((name = dir_next(&d)) != NULL) {
		unsigned of = part_of(name, "", "");

		if (of > 0 && parts > 0 && of != parts)
			err_die("%s: has a part of %u, '%s', not of %u; "
				"'driftpipe-run --repartition' divides the "
				"groups anew, 'rm -r %s' begins anew",
			    dir, of, name, parts, dir);
		parts = of > 0 ? of : parts;
	}
	dir_close(&d);
	return parts;
}

/* Held until the process ends. Where directories have no locks, nothing is. */
static int
lock(const char *dir, int how)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		err_die("%s: %m", dir);
	for (int tries = 0; flock(fd, how | LOCK_NB) < 0; tries++) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return -1;
		if (tries == PATIENCE)
			return 0;
		poll(NULL, 0, 20);
	}
	return 1;
}

void
parts_claim(const char *dir, unsigned parts)
{
	int there;

	if (lock(dir, LOCK_SH) == 0)
		err_die("%s: its groups are being divided anew", dir);
	there = linked(dir);
	if (there > 0 && (unsigned)there != parts)
		err_die("%s: has %d parts: give '--partition K/%d', or divide "
			"the groups anew by 'driftpipe-run --repartition'",
		    dir, there, there);
	if (parts == 0 || there > 0)
		return;
	if (there < 0)
		scan(dir, parts);
	if (generation_current(dir) >= 0)
		err_die("%s: has a state of all groups: 'driftpipe-run "
			"--repartition %u' divides them",
		    dir, parts);
}

unsigned
parts_hold(const char *dir)
{
	int locked = lock(dir, LOCK_EX), there;
	unsigned parts;

	if (locked < 0)
		err_die("%s: can't be locked: %m", dir);
	if (locked == 0)
		err_die(
		    "%s: a pipeline is running: stop all of its parts", dir);
	there = linked(dir);
	if (there >= 0)
		return (unsigned)there;
	parts = scan(dir, 0);
	if (parts > 0 && generation_current(dir) >= 0)
		err_die(
		    "%s: has a state of all groups, and parts beside it", dir);
	if (parts == 0 && generation_current(dir) < 0)
		err_die("%s: has no state of a pipeline", dir);
	return parts;
}

void
parts_commit(const char *dir, unsigned parts)
{
	char *next = err_join(dir, ".parts"), *path = err_join(dir, "parts");
	char text[16];

	snprintf(text, sizeof(text), "%u", parts);
	atomic_sync(dir);
	if ((unlink(next) < 0 && errno != ENOENT) || symlink(text, next) < 0 ||
	    rename(next, path) < 0)
		err_die("%s: %m", path);
	atomic_sync(dir);
	free(next);
	free(path);
}

/* A lock, or what was being written when somebody was killed. */
static int
is_left(const char *name)
{
	const char *end = strrchr(name, '.');

	if (name[0] != '.' || strcmp(name, "..") == 0 || end == NULL)
		return 0;
	return strcmp(name, ".current") == 0 || strcmp(end, ".lock") == 0 ||
	       (end > name && strlen(end) == 7);
}

/* The state of a pipeline, in a directory that stays. */
static void
remove_state(const char *dir)
{
	struct dir d;
	const char *name;

	dir_open(&d, dir);
	generation_remove(dir);
	reference_prune(dir, -1);
	while ((name = dir_next(&d)) != NULL)
		if (is_left(name))
			unlinkat(d.fd, name, 0);
	dir_close(&d);
}

void
parts_tidy(const char *dir, unsigned parts)
{
	struct dir d;
	const char *name;

	dir_open(&d, dir);
	if (parts > 0)
		remove_state(dir);
	while ((name = dir_next(&d)) != NULL) {
		unsigned of = part_of(name, "", "");
		char *path;

		if (of == 0 || of == parts)
			continue;
		path = err_join(dir, name);
		remove_state(path);
		if (rmdir(path) < 0)
			err_warn("%s: is not removed: %m", path);
		free(path);
	}
	dir_close(&d);
}

void
parts_tidy_files(const char *path, unsigned parts)
{
	char *directory = err_strdup(path);
	char *slash = strrchr(directory, '/'), *stem;
	const char *name;
	struct dir d;

	if (asprintf(&stem, "%.*s-",
		(int)(strlen(path_base(path)) - strlen(".prom")),
		path_base(path)) < 0)
		err_memory();
	if (slash != NULL)
		slash[1] = '\0';
	dir_open(&d, slash != NULL ? directory : ".");
	while ((name = dir_next(&d)) != NULL) {
		unsigned of = part_of(name, stem, ".prom");

		if (of != 0 && of != parts)
			unlinkat(d.fd, name, 0);
	}
	dir_close(&d);
	if (parts > 0)
		unlink(path);
	free(directory);
	free(stem);
}
