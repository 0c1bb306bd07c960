#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "run/logname.h"
#include "run/siblings.h"
#include "tool/err.h"
#include "tool/scarce.h"

enum {
	MOST = 100000, /* that a state may name */
	TRIES = 5      /* to list a directory that changes */
};

/* Takes over the name. */
static void
add(struct siblings *s, const struct sibling *one)
{
	s->item = err_realloc(s->item, (s->n + 1) * sizeof(*s->item));
	s->item[s->n++] = *one;
}

static struct sibling
take_out(struct siblings *s, size_t i)
{
	struct sibling one = s->item[i];

	s->n--;
	memmove(&s->item[i], &s->item[i + 1], (s->n - i) * sizeof(*s->item));
	return one;
}

void
siblings_move(struct siblings *from, size_t i, struct siblings *to)
{
	struct sibling one = take_out(from, i);

	add(to, &one);
}

void
siblings_drop(struct siblings *s, size_t i)
{
	struct sibling one = take_out(s, i);

	free(one.name);
}

void
siblings_free(struct siblings *s)
{
	for (size_t i = 0; i < s->n; i++)
		free(s->item[i].name);
	free(s->item);
	*s = (struct siblings){0};
}

/* How a name tells the age: by a date, only by its file's time, by a number. */
static int
kind_of(const char *name, const char *base)
{
	if (logname_number(name, base) >= 0)
		return 2;
	return strncmp(logname_date(name, base), "20", 2) != 0;
}

/* Numbers fall with time; dates that begin with a year rise as texts. */
static int
by_age(const void *a, const void *b, void *base)
{
	const struct sibling *x = a, *y = b;
	int kind = kind_of(x->name, base), other = kind_of(y->name, base);

	if (kind != other)
		return kind - other;
	if (kind == 2) {
		long i = logname_number(x->name, base);
		long k = logname_number(y->name, base);

		return i > k ? -1 : i < k;
	}
	if (kind == 1 && x->written != y->written)
		return x->written < y->written ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* That one can't be opened for want of descriptors does not make it gone. */
static int
open_at(int dir, const char *name)
{
	int fd = openat(
	    dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0 && scarce_is(errno))
		err_die("%s: %m", name);
	return fd;
}

/*
 * A file in the directory, if it is a regular one. Returns 0 if it is not the
 * one that had that name a moment ago.
 */
static int
add_file(struct siblings *s, int dir, const struct dirent *e)
{
	struct sibling one = {.name = NULL};
	struct stat st;
	int fd;

	if (fstatat(dir, e->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (!S_ISREG(st.st_mode))
		return 1;
	fd = open_at(dir, e->d_name);
	if (fd < 0)
		return errno != ENOENT;
	if (place_end(&one.place, fd) == 0) {
		one.name = err_strdup(e->d_name);
		one.written = (int64_t)st.st_mtim.tv_sec * 1000000000 +
			      st.st_mtim.tv_nsec;
		add(s, &one);
	}
	close(fd);
	return one.place.inode == e->d_ino;
}

/* Returns 0 if names have changed meanwhile. */
static int
list_once(struct siblings *s, DIR *d, const char *base, size_t stem)
{
	struct dirent *e;
	int steady = 1;

	while ((e = readdir(d)) != NULL)
		if (strncmp(e->d_name, base, stem) == 0 &&
		    strcmp(e->d_name, base) != 0)
			steady &= add_file(s, dirfd(d), e);
	return steady;
}

/* What is being compressed is still there: it counts. */
static void
drop_unfinished(struct siblings *s)
{
	for (size_t i = 0; i < s->n;) {
		const char *name = s->item[i].name;
		size_t plain = logname_plain(name), k = 0;

		while (k < s->n && (strlen(s->item[k].name) != plain ||
				       memcmp(s->item[k].name, name, plain)))
			k++;
		if (name[plain] != '\0' && k < s->n)
			siblings_drop(s, i);
		else
			i++;
	}
}

void
siblings_list(struct siblings *s, const char *path)
{
	const char *base = path_base(path), *dot = strrchr(base, '.');
	size_t stem = dot != NULL && dot > base ? (size_t)(dot - base)
						: strlen(base);
	char *directory = err_strdup(path);
	int steady = 0;
	DIR *d;

	directory[path_dir(path)] = '\0';
	d = opendir(directory[0] == '\0' ? "." : directory);
	if (d == NULL && scarce_is(errno))
		err_die("%s: %m", path);
	*s = (struct siblings){0};
	for (int tries = 0; d != NULL && !steady && tries < TRIES; tries++) {
		siblings_free(s);
		rewinddir(d);
		steady = list_once(s, d, base, stem);
	}
	if (d != NULL)
		closedir(d);
	free(directory);
	drop_unfinished(s);
	if (s->n > 1)
		qsort_r(s->item, s->n, sizeof(*s->item), by_age, (void *)base);
}

struct sibling *
siblings_find(const struct siblings *s, const struct place *place)
{
	for (size_t i = 0; i < s->n; i++)
		if (place_same(&s->item[i].place, place))
			return &s->item[i];
	return NULL;
}

char *
siblings_path(const char *path, const char *name)
{
	char *there;

	if (asprintf(&there, "%.*s%s", (int)path_dir(path), path, name) < 0)
		err_memory();
	return there;
}

int
siblings_has(
    const struct siblings *known, const struct sibling *one, const char *path)
{
	const struct sibling *then = siblings_find(known, &one->place);
	struct place place;
	struct place_tail tail;
	char *there;
	int fd, has;

	if (then == NULL || (then->place.offset == 0 && one->place.offset > 0))
		return 0;
	there = siblings_path(path, one->name);
	fd = open_at(AT_FDCWD, there);
	place = then->place;
	has = fd < 0 || place_holds(&place, &tail, fd);
	if (fd >= 0)
		close(fd);
	free(there);
	return has;
}

void
siblings_state(struct siblings *s, struct store *store)
{
	store_size(store, "known", &s->n, 0, MOST);
	if (store_reading(store) && store->why == NULL)
		s->item = err_calloc(s->n + 1, sizeof(*s->item));
	store_open(store, "siblings", '[');
	for (size_t i = 0; i < s->n && store->why == NULL; i++) {
		struct sibling *one = &s->item[i];
		struct buf name = {0};

		if (one->name != NULL)
			buf_str(&name, one->name);
		store_open(store, NULL, '{');
		place_state(&one->place, store);
		store_bytes(store, "name", &name);
		store_close(store, '}');
		buf_put(&name, "", 1);
		if (name.failed)
			err_memory();
		free(one->name);
		one->name = name.p;
	}
	store_close(store, ']');
}
