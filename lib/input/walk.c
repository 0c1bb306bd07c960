#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tool/err.h"
#include "input/walk.h"

static void
set_path(struct walk *w, size_t prefix, const char *name, size_t len)
{
	w->path.len = prefix;
	if (prefix > 0 && len > 0 && w->path.p[prefix - 1] != '/')
		buf_put(&w->path, "/", 1);
	buf_put(&w->path, name, len);
	buf_put(&w->path, "", 1);
	if (w->path.failed)
		err_memory();
	w->path.len--;
}

/* A level for the directory whose path is set. */
static void
push(struct walk *w)
{
	if (w->depth == w->room) {
		w->room = w->room * 2 + 4;
		w->level = err_realloc(w->level, w->room * sizeof(*w->level));
	}
	w->level[w->depth++] = (struct walk_level){.prefix = w->path.len};
}

static void
pop(struct walk *w)
{
	struct walk_level *l = &w->level[--w->depth];

	buf_free(&l->text);
	free(l->at);
}

void
walk_open(struct walk *w, const char *path)
{
	*w = (struct walk){0};
	set_path(w, 0, path, strlen(path));
	push(w);
}

/* 'd' a directory, 'f' a regular file, 0 anything else. */
static int
kind_of(int fd, const struct dirent *e)
{
	struct stat st;

	switch (e->d_type) {
	case DT_DIR:
		return 'd';
	case DT_REG:
		return 'f';
	case DT_UNKNOWN:
		break;
	default:
		return 0;
	}
	if (fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	return S_ISDIR(st.st_mode) ? 'd' : S_ISREG(st.st_mode) ? 'f' : 0;
}

static int
compare_names(const void *a, const void *b, void *text)
{
	return strcmp((char *)text + *(const size_t *)a,
	    (char *)text + *(const size_t *)b);
}

/*
 * Notes the names. A directory's ends in a slash, as its files' paths have it:
 * so "a.b" comes before what is in "a", as it does when paths are sorted.
 */
static int
note_names(DIR *d, struct walk_level *l)
{
	struct dirent *e;
	size_t room = 0;
	int saved;

	while (errno = 0, (e = readdir(d)) != NULL) {
		int kind = e->d_name[0] == '.' ? 0 : kind_of(dirfd(d), e);

		if (kind == 0)
			continue;
		if (l->count == room) {
			room = room * 2 + 64;
			l->at = err_realloc(l->at, room * sizeof(*l->at));
		}
		l->at[l->count++] = l->text.len;
		buf_str(&l->text, e->d_name);
		if (kind == 'd')
			buf_put(&l->text, "/", 1);
		buf_put(&l->text, "", 1);
	}
	saved = errno;
	if (l->text.failed)
		err_memory();
	if (l->count > 0)
		qsort_r(
		    l->at, l->count, sizeof(*l->at), compare_names, l->text.p);
	errno = saved;
	return saved == 0 ? 0 : -1;
}

/* Reads the top level's directory. Returns 0, or -1 with errno set. */
static int
read_level(struct walk *w)
{
	struct walk_level *l = &w->level[w->depth - 1];
	int fd, r, saved;
	DIR *d;

	l->is_read = 1;
	set_path(w, l->prefix, "", 0);
	/* Only the first may be a link: the others were none when noted. */
	fd = open(w->path.p, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
				 (w->depth > 1 ? O_NOFOLLOW : 0));
	if (fd < 0)
		return -1;
	d = fdopendir(fd);
	r = d == NULL ? -1 : note_names(d, l);
	saved = errno;
	if (d != NULL)
		closedir(d);
	else
		close(fd);
	errno = saved;
	return r;
}

enum walk_what
walk_next(struct walk *w)
{
	while (w->depth > 0) {
		struct walk_level *l = &w->level[w->depth - 1];
		const char *name;
		size_t len;

		/* What could be read all the same comes after the error. */
		if (!l->is_read && read_level(w) < 0)
			return WALK_ERROR;
		if (l->next == l->count) {
			pop(w);
			continue;
		}
		name = l->text.p + l->at[l->next++];
		len = strlen(name);
		if (name[len - 1] != '/') {
			set_path(w, l->prefix, name, len);
			return WALK_FILE;
		}
		set_path(w, l->prefix, name, len - 1);
		push(w);
		return WALK_DIR;
	}
	return WALK_END;
}

void
walk_close(struct walk *w)
{
	while (w->depth > 0)
		pop(w);
	free(w->level);
	buf_free(&w->path);
	*w = (struct walk){0};
}
