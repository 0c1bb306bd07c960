#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/libc.h"
#include "base/path.h"
#include "tool/err.h"
#include "tool/rec.h"
#include "tool/scarce.h"
#include "input/watch.h"

enum {
	EVENTS = 1 << 16, /* bytes of events read at a time */
	SLACK = 1024,     /* files that may be gone and still be known */
	ARRIVED = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE,
	COMES = ARRIVED | IN_MOVED_FROM | IN_ATTRIB | IN_ONLYDIR,
	GOES = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED
};

/* Before a directory is read: so nothing comes unnoticed in between. */
static void
watch_directory(struct watch *w, const char *path)
{
	if (watchdirs_add(&w->dirs, path, COMES | IN_DONT_FOLLOW) < 0 &&
	    errno == ENOSPC)
		w->trouble = "more directories than "
			     "fs.inotify.max_user_watches allows";
	/* What else is wrong is seen when the directory is read. */
}

const char *
watch_open(struct watch *w, const char *path)
{
	struct seen_file f;
	struct statx x;

	*w = (struct watch){.root = path, .rescan = 1};
	if (watchdirs_open(&w->dirs) < 0 ||
	    watchdirs_add(&w->dirs, path, COMES | GOES) < 0 ||
	    seen_identify(AT_FDCWD, path, 0, &f, &x) < 0)
		return strerrordesc_np(errno);
	/* Who breaks the lease that has_writer takes would end us. */
	signal(SIGIO, SIG_IGN);
	w->root_inode = f.inode;
	w->event = err_malloc(EVENTS);
	return NULL;
}

/* Nothing is where it should be: has the whole directory gone? */
static void
check_root(struct watch *w)
{
	struct seen_file f;
	struct statx x;

	if (seen_identify(AT_FDCWD, w->root, 0, &f, &x) < 0 ||
	    f.inode != w->root_inode)
		w->trouble = "has been moved";
}

/* Does anybody have the file open for writing? -1: can't be told. */
static int
has_writer(int fd)
{
	/* A read lease is refused then, and given to the owner else. */
	if (fcntl(fd, F_SETLEASE, F_RDLCK) < 0)
		return errno == EAGAIN ? 1 : -1;
	fcntl(fd, F_SETLEASE, F_UNLCK);
	return 0;
}

/* What can't be opened for want of descriptors comes another time. */
static void
take_file(struct watch *w, const char *path, int fd, int error)
{
	if (fd < 0 && scarce_is(error)) {
		w->trouble = strerrordesc_np(error);
		return;
	}
	w->path = path;
	w->fd = fd;
	w->why = fd < 0 ? strerrordesc_np(error) : NULL;
	w->have = 1;
}

/*
 * Looks at what is at a path. created: it was made there just now, which
 * may be a link to a whole file or a file that is to be written.
 */
static void
examine(struct watch *w, const char *path, int created)
{
	struct statx x;
	int fd, writer, saved;

	if (seen_identify(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &w->found, &x) <
	    0) {
		check_root(w);
		return;
	}
	if (!S_ISREG(x.stx_mode) || seen_has(&w->seen, &w->found))
		return;
	fd = open(
	    path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
	saved = errno;
	if (fd < 0 && saved != ENOENT && saved != ELOOP)
		take_file(w, path, -1, saved);
	if (fd < 0)
		return;
	/* It may be another one by now. */
	writer = has_writer(fd);
	if (seen_identify(fd, "", AT_EMPTY_PATH, &w->found, &x) < 0 ||
	    !S_ISREG(x.stx_mode) || seen_has(&w->seen, &w->found) ||
	    writer > 0 ||
	    (created && (x.stx_size == 0 || (writer < 0 && x.stx_nlink < 2))))
		close(fd);
	else
		take_file(w, path, fd, 0);
}

/* A directory that can't be read comes once, as a file does. */
static void
examine_dir(struct watch *w, const char *path, int error)
{
	struct statx x;

	if (seen_identify(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &w->found, &x) <
	    0) {
		check_root(w);
		return;
	}
	w->found.written = 0;
	w->found.size = 0;
	if (!seen_has(&w->seen, &w->found))
		take_file(w, path, -1, error);
}

static void
continue_walk(struct watch *w)
{
	const char *path;

	switch (walk_next(&w->walk)) {
	case WALK_FILE:
		examine(w, w->walk.path.p, 0);
		break;
	case WALK_DIR:
		watch_directory(w, w->walk.path.p);
		break;
	case WALK_ERROR:
		path = w->walk.path.p;
		if (strcmp(path, w->root) == 0)
			w->trouble = strerrordesc_np(errno);
		else
			examine_dir(w, path, errno);
		break;
	case WALK_END:
		walk_close(&w->walk);
		w->walking = 0;
	}
}

static void
begin_walk(struct watch *w, const char *path)
{
	walk_open(&w->walk, path);
	w->walking = 1;
}

/* Compares all that is there with what has been seen. */
static void
begin_rescan(struct watch *w)
{
	seen_begin(&w->seen);
	begin_walk(w, w->root);
	w->rescan = 0;
	w->sweep = 1;
}

static const char *
path_of(struct watch *w, const char *dir, const char *name)
{
	const char *path = path_join(&w->full, dir, name);

	if (path == NULL)
		err_memory();
	return path;
}

/* The watch of a directory itself has ended, or is about to. */
static void
directory_gone(struct watch *w, const char *dir, const struct inotify_event *e)
{
	if (strcmp(dir, w->root) == 0)
		w->trouble = e->mask & IN_UNMOUNT     ? "has been unmounted"
			     : e->mask & IN_MOVE_SELF ? "has been moved"
						      : "has been removed";
	else if (e->mask & IN_IGNORED)
		watchdirs_drop(&w->dirs, e->wd);
}

/* Something of that name has come into a directory or gone, or may be read. */
static void
take_name(struct watch *w, const char *path, uint32_t mask)
{
	if (!(mask & IN_ISDIR)) {
		if (mask & ARRIVED)
			examine(w, path, (mask & IN_CREATE) != 0);
	} else if (mask & IN_MOVED_FROM) {
		watchdirs_remove(&w->dirs, path);
	} else {
		watch_directory(w, path);
		begin_walk(w, path);
	}
}

static void
take_event(struct watch *w, const struct inotify_event *e)
{
	const char *dir = watchdirs_path(&w->dirs, e->wd);

	if (e->mask & IN_Q_OVERFLOW)
		w->rescan = 1;
	if (dir == NULL)
		return;
	if (e->mask & GOES)
		directory_gone(w, dir, e);
	else if (e->len > 0 && e->name[0] != '.')
		take_name(w, path_of(w, dir, e->name), e->mask);
}

static void
next_event(struct watch *w)
{
	const struct inotify_event *e = (const void *)(w->event + w->begin);

	w->begin += sizeof(*e) + e->len;
	take_event(w, e);
}

/* Does what can be done without waiting. Returns 0 when nothing is left. */
static int
advance_watch(struct watch *w)
{
	if (w->walking)
		continue_walk(w);
	else if (w->rescan)
		begin_rescan(w);
	else if (w->begin < w->end)
		next_event(w);
	else
		return 0;
	return 1;
}

/* All that happened during the walk is known now, renames too. */
static void
end_rescan(struct watch *w)
{
	if (!w->sweep)
		return;
	seen_sweep(&w->seen);
	w->kept = w->seen.count;
	w->sweep = 0;
}

static void
read_events(struct watch *w)
{
	ssize_t n;

	if (!rec_await(w->dirs.fd))
		return;
	n = read(w->dirs.fd, w->event, EVENTS);
	if (n < 0 && errno != EINTR && errno != EAGAIN)
		w->trouble = strerrordesc_np(errno);
	w->begin = 0;
	w->end = n > 0 ? (size_t)n : 0;
}

int
watch_waiting(struct watch *w)
{
	while (!w->have && w->trouble == NULL && !rec_stopped()) {
		if (advance_watch(w))
			continue;
		if (!rec_ready(w->dirs.fd)) {
			end_rescan(w);
			return 0;
		}
		read_events(w);
	}
	return 1;
}

int
watch_next(struct watch *w)
{
	while (!watch_waiting(w))
		read_events(w);
	if (!w->have)
		return 0;
	w->have = 0;
	if (seen_add(&w->seen, &w->found) < 0)
		err_memory();
	if (!w->sweep && w->seen.count > 2 * w->kept + SLACK)
		w->rescan = 1;
	return 1;
}

void
watch_close(struct watch *w)
{
	seen_free(&w->seen);
	if (w->root == NULL)
		return;
	if (w->have && w->fd >= 0)
		close(w->fd);
	watchdirs_close(&w->dirs);
	free(w->event);
	buf_free(&w->full);
	walk_close(&w->walk);
	*w = (struct watch){0};
}
