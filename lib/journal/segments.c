#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "journal/segments.h"
#include "tool/dir.h"
#include "tool/err.h"

enum { BLOCK = 1 << 16, NUMBERS = 40 };

static const double day = 24 * 60 * 60;

void
segments_state(struct segments *s, struct store *to)
{
	store_open(to, s->name, '{');
	store_count(to, "number", &s->number);
	store_count(to, "length", &s->length);
	store_count(to, "size", &s->size);
	store_count(to, "begun", &s->begun);
	store_close(to, '}');
}

char *
segments_path(const struct segments *s, unsigned long long number)
{
	char *name, *path;

	if (asprintf(&name, "%s-%06llu.ndjson", s->name, number) < 0)
		err_memory();
	path = err_join(s->dir, name);
	free(name);
	return path;
}

/* N of NAME-N.ndjson, or 0. */
static unsigned long long
number_of(const struct segments *s, const char *file)
{
	size_t n = strlen(s->name);
	unsigned long long number;
	char *end;

	if (strncmp(file, s->name, n) != 0 || file[n] != '-' ||
	    strspn(file + n + 1, "0123456789") < 6)
		return 0;
	errno = 0;
	number = strtoull(file + n + 1, &end, 10);
	return errno == 0 && strcmp(end, ".ndjson") == 0 ? number : 0;
}

static void
remove_file(const struct segments *s, unsigned long long number)
{
	char *path = segments_path(s, number);

	if (unlink(path) < 0 && errno != ENOENT)
		err_warn("%s: is not removed: %m", path);
	free(path);
}

/*
 * The largest number in the directory. Files after the place, where that was
 * brought back, are removed, as are those that are too many.
 */
static unsigned long long
look_around(const struct segments *s, int at_place)
{
	struct dir d;
	unsigned long long most = 0;
	const char *name;

	dir_open(&d, s->dir);
	while ((name = dir_next(&d)) != NULL) {
		unsigned long long number = number_of(s, name);

		if (at_place && number > 0 &&
		    (number > s->number ||
			number + SEGMENTS_FILES <= s->number))
			remove_file(s, number);
		most = number > most ? number : most;
	}
	dir_close(&d);
	return most;
}

/* The file of the place, which is made if need be. */
static int
open_file(struct segments *s)
{
	char *path = segments_path(s, s->number);

	s->fd = open(
	    path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0666);
	free(path);
	s->is_open = s->fd >= 0;
	return s->fd;
}

/* The bytes of the last file; 0 when it is not there. */
static unsigned long long
size_of_last(const struct segments *s)
{
	char *path = segments_path(s, s->number);
	struct stat st;
	int there = lstat(path, &st) == 0;

	free(path);
	return there ? (unsigned long long)st.st_size : 0;
}

/*
 * Cuts off what stands after the place. Where less is there than was, somebody
 * has removed the file or a part of it: it is left alone.
 */
static void
return_to_place(struct segments *s)
{
	unsigned long long size = size_of_last(s);
	char *path = segments_path(s, s->number);

	if (size > s->size && truncate(path, (off_t)s->size) < 0)
		err_die("%s: %m", path);
	if (size < s->size) {
		err_warn("%s: bytes missing: %llu", path, s->size - size);
		s->length = s->most;
	}
	free(path);
}

void
segments_open(struct segments *s, int at_place)
{
	unsigned long long there = look_around(s, at_place);

	if (at_place) {
		return_to_place(s);
	} else {
		s->number = there;
		s->length = s->most; /* a new file is begun */
		s->size = size_of_last(s);
	}
	s->needed[0] = s->needed[1] = s->number;
}

/* Nothing of what is held: half a line is cut off again. */
static void
give_up(struct segments *s)
{
	char *path = segments_path(s, s->number);

	if (!s->wrong)
		err_warn(
		    "%s: %m; lines are left out until it can be written", path);
	s->wrong = 1;
	for (size_t i = 0; i < s->held.len; i++)
		s->lost += s->held.p[i] == '\n';
	s->held.len = 0;
	if (s->is_open && ftruncate(s->fd, (off_t)s->size) == 0)
		lseek(s->fd, 0, SEEK_END);
	free(path);
}

void
segments_flush(struct segments *s)
{
	size_t done = 0;

	if (s->held.failed)
		err_memory();
	while (done < s->held.len) {
		ssize_t n = s->is_open || open_file(s) >= 0
				? write(s->fd, s->held.p + done,
				      s->held.len - done)
				: -1;

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			give_up(s);
			return;
		}
		done += (size_t)n;
	}
	if (s->wrong && done > 0) {
		err_warn("%s/%s: written again; lines left out: %llu", s->dir,
		    s->name, s->lost);
		s->wrong = 0;
	}
	s->size += s->held.len;
	s->held.len = 0;
}

static void
close_file(struct segments *s)
{
	segments_flush(s);
	if (s->is_open && (fdatasync(s->fd) < 0 || close(s->fd) < 0))
		err_warn("%s/%s: %m", s->dir, s->name);
	s->is_open = 0;
}

/* Unless a new start may go back to it: the last two places. */
static void
remove_unless_needed(const struct segments *s, unsigned long long number)
{
	if (number != s->needed[0] && number != s->needed[1])
		remove_file(s, number);
}

/* The next file; one more than there may be is removed. */
static void
begin_file(struct segments *s)
{
	close_file(s);
	s->number++;
	s->length = s->size = 0;
	s->begun = (unsigned long long)clock_wall();
	if (s->number > SEGMENTS_FILES)
		remove_unless_needed(s, s->number - SEGMENTS_FILES);
}

void
segments_add(struct segments *s, const char *line, size_t n)
{
	unsigned long long most = s->most / SEGMENTS_FILES;

	if (n + 1 > most) {
		s->lost++;
		return;
	}
	if (s->number == 0 || s->length + n + 1 > most)
		begin_file(s);
	buf_put(&s->held, line, n);
	buf_put(&s->held, "\n", 1);
	s->length += n + 1;
	if (s->held.len >= BLOCK)
		segments_flush(s);
}

/* So that a file that was made, or removed, stays so after a power cut. */
static void
sync_directory(const struct segments *s)
{
	int fd = open(s->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

/* Somebody may have removed the file: what comes now goes to the next one. */
static void
notice_removal(struct segments *s)
{
	struct stat st;

	if (!s->is_open || fstat(s->fd, &st) < 0 || st.st_nlink > 0)
		return;
	close(s->fd);
	s->is_open = 0;
	s->number++;
	s->length = s->held.len;
	s->size = 0;
}

/*
 * A file is as old as its last line. One that has been written to for long, or
 * not for long, is the last no more.
 */
static void
remove_old(struct segments *s)
{
	double most = s->days * day, now = clock_wall();

	if (s->days <= 0)
		return;
	if (s->length > 0 && s->length < s->most &&
	    now - (double)s->begun > most / SEGMENTS_FILES)
		begin_file(s);
	for (unsigned long long i = 0; i <= SEGMENTS_FILES && i < s->number;
	     i++) {
		char *path = segments_path(s, s->number - i);
		struct stat st;

		if (lstat(path, &st) == 0 && now - (double)st.st_mtime > most)
			remove_unless_needed(s, s->number - i);
		free(path);
	}
}

/* This place may be returned to, and that before the last one no more. */
static void
move_needed(struct segments *s)
{
	unsigned long long before = s->needed[0];

	s->needed[0] = s->needed[1];
	s->needed[1] = s->number;
	if (before > 0 && before + SEGMENTS_FILES <= s->number)
		remove_unless_needed(s, before);
}

void
segments_sync(struct segments *s)
{
	notice_removal(s);
	segments_flush(s);
	if (s->is_open && fdatasync(s->fd) < 0)
		err_warn("%s/%s: %m", s->dir, s->name);
	remove_old(s);
	move_needed(s);
	sync_directory(s);
}

void
segments_close(struct segments *s)
{
	close_file(s);
	buf_free(&s->held);
}
