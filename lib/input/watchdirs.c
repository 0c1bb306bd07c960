#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "tool/err.h"
#include "input/watchdirs.h"

int
watchdirs_open(struct watchdirs *d)
{
	*d = (struct watchdirs){.fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK)};
	return d->fd < 0 ? -1 : 0;
}

/* Where the watch is, or belongs. */
static size_t
position(const struct watchdirs *d, int wd)
{
	size_t low = 0, high = d->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (d->dir[middle].wd < wd)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int
is_at(const struct watchdirs *d, size_t i, int wd)
{
	return i < d->count && d->dir[i].wd == wd;
}

int
watchdirs_add(struct watchdirs *d, const char *path, uint32_t mask)
{
	int wd = inotify_add_watch(d->fd, path, mask);
	size_t i = position(d, wd);

	if (wd < 0)
		return -1;
	if (is_at(d, i, wd)) {
		free(d->dir[i].path);
	} else {
		if (d->count == d->room) {
			d->room = d->room * 2 + 16;
			d->dir = err_realloc(d->dir, d->room * sizeof(*d->dir));
		}
		memmove(d->dir + i + 1, d->dir + i,
		    (d->count++ - i) * sizeof(*d->dir));
	}
	d->dir[i].wd = wd;
	d->dir[i].path = err_strdup(path);
	return 0;
}

const char *
watchdirs_path(const struct watchdirs *d, int wd)
{
	size_t i = position(d, wd);

	return is_at(d, i, wd) ? d->dir[i].path : NULL;
}

static void
drop_at(struct watchdirs *d, size_t i)
{
	free(d->dir[i].path);
	memmove(d->dir + i, d->dir + i + 1, (--d->count - i) * sizeof(*d->dir));
}

void
watchdirs_drop(struct watchdirs *d, int wd)
{
	size_t i = position(d, wd);

	if (is_at(d, i, wd))
		drop_at(d, i);
}

void
watchdirs_remove(struct watchdirs *d, const char *path)
{
	size_t len = strlen(path);

	for (size_t i = d->count; i-- > 0;) {
		const char *p = d->dir[i].path;

		if (strncmp(p, path, len) != 0 ||
		    (p[len] != '\0' && p[len] != '/'))
			continue;
		inotify_rm_watch(d->fd, d->dir[i].wd);
		drop_at(d, i);
	}
}

void
watchdirs_close(struct watchdirs *d)
{
	if (d->fd >= 0)
		close(d->fd);
	while (d->count > 0)
		drop_at(d, d->count - 1);
	free(d->dir);
	*d = (struct watchdirs){.fd = -1};
}
