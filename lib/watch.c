#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "err.h"
#include "rec.h"
#include "watch.h"

enum {
	EVENTS = 1 << 16, /* bytes of events read at a time */
	SLACK = 1024,     /* files that may be gone and still be known */
	ARRIVED = IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE,
	ENDED = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED
};

/* What statx says of a path, or with an empty one of an open file. */
static int
identify(
    int fd, const char *path, int flags, struct seen_file *f, struct statx *x)
{
	if (statx(fd, path, flags, STATX_BASIC_STATS | STATX_BTIME, x) < 0)
		return -1;
	*f = (struct seen_file){
	    .inode = x->stx_ino,
	    .written = x->stx_mtime.tv_sec * 1000000000LL +
		       x->stx_mtime.tv_nsec,
	    .size = x->stx_size,
	};
	if (x->stx_mask & STATX_BTIME)
		f->born = x->stx_btime.tv_sec * 1000000000LL +
			  x->stx_btime.tv_nsec;
	return 0;
}

/* Where the directory with this watch is in the table, or belongs. */
static size_t
position(const struct watch *w, int wd)
{
	size_t low = 0, high = w->dirs;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (w->dir[middle].wd < wd)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
remember(struct watch *w, int wd, const char *path)
{
	size_t i = position(w, wd);

	if (i < w->dirs && w->dir[i].wd == wd) {
		free(w->dir[i].path);
	} else {
		if (w->dirs == w->room) {
			w->room = w->room * 2 + 16;
			w->dir = err_realloc(w->dir, w->room * sizeof(*w->dir));
		}
		memmove(w->dir + i + 1, w->dir + i,
		    (w->dirs++ - i) * sizeof(*w->dir));
	}
	w->dir[i] = (struct watch_dir){wd, err_strdup(path)};
}

static void
forget(struct watch *w, size_t i)
{
	free(w->dir[i].path);
	memmove(w->dir + i, w->dir + i + 1, (--w->dirs - i) * sizeof(*w->dir));
}

/* A directory has moved away, and takes those below it along. */
static void
forget_tree(struct watch *w, const char *path)
{
	size_t len = strlen(path);

	for (size_t i = w->dirs; i-- > 0;) {
		const char *p = w->dir[i].path;

		if (strncmp(p, path, len) != 0 ||
		    (p[len] != '\0' && p[len] != '/'))
			continue;
		inotify_rm_watch(w->notify, w->dir[i].wd);
		forget(w, i);
	}
}

/* Before a directory is read: so nothing comes unnoticed in between. */
static void
notice(struct watch *w, const char *path)
{
	int wd = inotify_add_watch(w->notify, path,
	    ARRIVED | IN_MOVED_FROM | IN_ONLYDIR | IN_DONT_FOLLOW);

	if (wd >= 0)
		remember(w, wd, path);
	else if (errno == ENOSPC)
		w->trouble = "more directories than "
			     "fs.inotify.max_user_watches allows";
	/* What else is wrong is seen when the directory is read. */
}

const char *
watch_open(struct watch *w, const char *path)
{
	struct seen_file f;
	struct statx x;
	int wd;

	*w = (struct watch){.root = path, .notify = -1, .rescan = 1};
	w->notify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (w->notify < 0)
		return strerrordesc_np(errno);
	wd = inotify_add_watch(
	    w->notify, path, ARRIVED | IN_MOVED_FROM | ENDED | IN_ONLYDIR);
	if (wd < 0 || identify(AT_FDCWD, path, 0, &f, &x) < 0)
		return strerrordesc_np(errno);
	/* Who breaks the lease that has_writer takes would end us. */
	signal(SIGIO, SIG_IGN);
	remember(w, wd, path);
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

	if (identify(AT_FDCWD, w->root, 0, &f, &x) < 0 ||
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

static void
found(struct watch *w, const char *path, int fd, int error)
{
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

	if (identify(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &w->found, &x) < 0) {
		check_root(w);
		return;
	}
	if (!S_ISREG(x.stx_mode) || seen_has(&w->seen, &w->found))
		return;
	fd = open(
	    path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC);
	saved = errno;
	if (fd < 0 && saved != ENOENT && saved != ELOOP)
		found(w, path, -1, saved);
	if (fd < 0)
		return;
	/* It may be another one by now. */
	writer = has_writer(fd);
	if (identify(fd, "", AT_EMPTY_PATH, &w->found, &x) < 0 ||
	    !S_ISREG(x.stx_mode) || seen_has(&w->seen, &w->found) ||
	    writer > 0 ||
	    (created && (x.stx_size == 0 || (writer < 0 && x.stx_nlink < 2))))
		close(fd);
	else
		found(w, path, fd, 0);
}

/* A directory that can't be read comes once, as a file does. */
static void
examine_dir(struct watch *w, const char *path, int error)
{
	struct statx x;

	if (identify(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &w->found, &x) < 0) {
		check_root(w);
		return;
	}
	w->found.written = 0;
	w->found.size = 0;
	if (!seen_has(&w->seen, &w->found))
		found(w, path, -1, error);
}

static void
walk_on(struct watch *w)
{
	const char *path;

	switch (walk_next(&w->walk)) {
	case WALK_FILE:
		examine(w, w->walk.path.p, 0);
		break;
	case WALK_DIR:
		notice(w, w->walk.path.p);
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

/* Sets the path of a name in a directory. */
static const char *
path_in(struct watch *w, const struct watch_dir *d, const char *name)
{
	size_t len = strlen(d->path);

	w->full.len = 0;
	buf_put(&w->full, d->path, len);
	if (len > 0 && d->path[len - 1] != '/')
		buf_put(&w->full, "/", 1);
	buf_put(&w->full, name, strlen(name) + 1);
	if (w->full.failed)
		err_die("out of memory");
	return w->full.p;
}

/* The watch of a directory itself has ended, or is about to. */
static void
directory_gone(struct watch *w, size_t i, uint32_t mask)
{
	if (strcmp(w->dir[i].path, w->root) == 0)
		w->trouble = mask & IN_UNMOUNT     ? "has been unmounted"
			     : mask & IN_MOVE_SELF ? "has been moved"
						   : "has been removed";
	else if (mask & IN_IGNORED)
		forget(w, i);
}

static void
take_event(struct watch *w, const struct inotify_event *e)
{
	size_t i = position(w, e->wd);
	const char *path;

	if (e->mask & IN_Q_OVERFLOW)
		w->rescan = 1;
	if (i == w->dirs || w->dir[i].wd != e->wd)
		return;
	if (e->mask & ENDED) {
		directory_gone(w, i, e->mask);
		return;
	}
	if (e->len == 0 || e->name[0] == '.')
		return;
	path = path_in(w, &w->dir[i], e->name);
	if (!(e->mask & IN_ISDIR)) {
		if (e->mask & ARRIVED)
			examine(w, path, (e->mask & IN_CREATE) != 0);
	} else if (e->mask & IN_MOVED_FROM) {
		forget_tree(w, path);
	} else {
		notice(w, path);
		begin_walk(w, path);
	}
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
step(struct watch *w)
{
	if (w->walking)
		walk_on(w);
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
settle(struct watch *w)
{
	if (!w->sweep)
		return;
	seen_sweep(&w->seen);
	w->kept = w->seen.count;
	w->sweep = 0;
}

static void
fill(struct watch *w)
{
	ssize_t n;

	if (!rec_await(w->notify))
		return;
	n = read(w->notify, w->event, EVENTS);
	if (n < 0 && errno != EINTR && errno != EAGAIN)
		w->trouble = strerrordesc_np(errno);
	w->begin = 0;
	w->end = n > 0 ? (size_t)n : 0;
}

int
watch_waiting(struct watch *w)
{
	while (!w->have && w->trouble == NULL && !rec_stopped()) {
		if (step(w))
			continue;
		if (!rec_ready(w->notify)) {
			settle(w);
			return 0;
		}
		fill(w);
	}
	return 1;
}

int
watch_next(struct watch *w)
{
	while (!watch_waiting(w))
		fill(w);
	if (!w->have)
		return 0;
	w->have = 0;
	if (seen_add(&w->seen, &w->found) < 0)
		err_die("out of memory");
	if (!w->sweep && w->seen.count > 2 * w->kept + SLACK)
		w->rescan = 1;
	return 1;
}

void
watch_close(struct watch *w)
{
	if (w->root == NULL)
		return;
	if (w->have && w->fd >= 0)
		close(w->fd);
	if (w->notify >= 0)
		close(w->notify);
	while (w->dirs > 0)
		forget(w, w->dirs - 1);
	free(w->dir);
	free(w->event);
	buf_free(&w->full);
	walk_close(&w->walk);
	seen_free(&w->seen);
	*w = (struct watch){0};
}
