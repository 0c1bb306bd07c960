/*
 * Which directory an inotify watch belongs to. The kernel numbers watches and
 * forgets the paths.
 */
#ifndef WATCHDIRS_H
#define WATCHDIRS_H

#include <stddef.h>
#include <stdint.h>

struct watchdirs {
	int fd; /* of inotify */
	/* The rest is watchdirs.c's own. */
	struct {
		int wd;
		char *path;
	} * dir; /* by wd, rising */
	size_t count, room;
};

/* Returns 0, or -1 with errno set. */
int watchdirs_open(struct watchdirs *d);

/*
 * Watches a directory, whatever its path was before. Returns 0, or -1 with
 * errno set.
 */
int watchdirs_add(struct watchdirs *d, const char *path, uint32_t mask);

/* The path, or NULL: no longer watched. Valid until the next change. */
const char *watchdirs_path(const struct watchdirs *d, int wd);

/* The kernel says that the watch has ended. */
void watchdirs_drop(struct watchdirs *d, int wd);

/* Ends the watches of a directory and of those below it. */
void watchdirs_remove(struct watchdirs *d, const char *path);

void watchdirs_close(struct watchdirs *d);

#endif
