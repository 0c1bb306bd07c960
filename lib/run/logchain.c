#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "run/logchain.h"
#include "run/look.h"
#include "tool/err.h"
#include "tool/skip.h"

/*
 * While a log is rotated, files have for a moment no name, or that of another.
 * What seems to be lost is looked for again, so often and after so many
 * milliseconds.
 */
enum { LOOKS = 20, PAUSE = 100 };

static void
pause_look(void)
{
	const struct timespec pause = {.tv_nsec = PAUSE * 1000000};

	nanosleep(&pause, NULL);
}

void
logchain_lose(struct logchain *c, const char *reason, const char *name,
    long long bytes, const char *why)
{
	char number[32];

	snprintf(number, sizeof(number), "%lld", bytes);
	err_warn("%s: %s; bytes lost: %s", name, why,
	    bytes < 0 ? "unknown" : number);
	skip_put(&c->notes, reason, name);
	buf_str(&c->notes, "\n");
	if (c->notes.failed)
		err_memory();
}

/* Gives up the place of a file among ours. */
static struct logfile
remove_file(struct logchain *c, size_t i)
{
	struct logfile file = c->file[i];

	c->files--;
	memmove(
	    &c->file[i], &c->file[i + 1], (c->files - i) * sizeof(*c->file));
	return file;
}

static void
drop_file(struct logchain *c, size_t i)
{
	struct logfile file = remove_file(c, i);

	logfile_close(&file);
}

/*
 * Puts a file among ours. To make room the oldest is not watched any more; all
 * lines that it had have been read.
 */
static void
insert_file(struct logchain *c, size_t i, const struct logfile *file)
{
	if (c->files == LOGCHAIN_FILES) {
		long long rest = logfile_rest(&c->file[0]);

		if (rest > 0)
			logchain_lose(c, "lost", c->file[0].name, rest,
			    "its last line has no end");
		drop_file(c, 0);
		i--;
	}
	memmove(
	    &c->file[i + 1], &c->file[i], (c->files - i) * sizeof(*c->file));
	c->file[i] = *file;
	c->files++;
}

static struct look
look(struct logchain *c)
{
	struct look l = {.path = c->path,
	    .file = c->file,
	    .files = c->files,
	    .past = &c->known,
	    .in_place = c->in_place,
	    .rising = c->rising};

	look_begin(&l);
	return l;
}

/*
 * What was late into a file when it was known already is known too, so that it
 * is not read again when the file is compressed. A newest one that has to be
 * looked for was not read as a whole.
 */
static void
correct_known(struct logchain *c)
{
	for (size_t i = 0; i < c->files; i++) {
		struct logfile *file = &c->file[i];
		struct sibling *s = siblings_find(&c->known, &file->place);

		if (s == NULL)
			continue;
		if (i + 1 == c->files && file->name == NULL)
			siblings_drop(&c->known, (size_t)(s - c->known.item));
		else if (!file->is_packed &&
			 s->place.offset < file->place.offset)
			s->place = file->place;
	}
}

/* What comes after the first n files; where that is lost, again and again. */
static struct look
look_patiently(struct logchain *c, size_t n)
{
	for (int looks = 0;; looks++) {
		struct look l = look(c);

		look_after(&l, n);
		c->in_place = l.in_place;
		c->rising = l.rising;
		if (l.lost == NULL || looks == LOOKS)
			return l;
		look_end(&l);
		pause_look();
	}
}

/* Takes in what comes after the first n files. */
static void
take(struct logchain *c, struct look *l, size_t n)
{
	size_t i = 0;

	while (i < c->files && !place_same(&c->file[i].place, &l->next.place))
		i++;
	if (i < c->files) {
		/* An older one has the log's name again. */
		struct logfile again = remove_file(c, i);

		insert_file(c, c->files, &again);
	} else {
		insert_file(c, n, &l->next);
		l->next = (struct logfile){.fd = -1};
	}
}

/* What was looked at need not be looked at again. */
static void
learn(struct logchain *c, struct look *l, int begun)
{
	if (l->all.n > 0)
		siblings_move(&l->all, 0, begun ? &c->known : &l->rest);
	if (begun)
		return;
	siblings_free(&c->known);
	c->known = l->rest;
	l->rest = (struct siblings){0};
}

/* Returns whether anything has changed. */
static int
extend(struct logchain *c, size_t n, int opening)
{
	int begun = n < c->files, changed;
	struct look l;

	correct_known(c);
	l = look_patiently(c, n);

	if (n > 0 && c->file[n - 1].name == NULL) {
		if (opening && l.no_log != NULL && l.next.name == NULL)
			err_die("%s: %s", c->path, l.no_log);
		drop_file(c, --n);
	}
	if (l.lost != NULL)
		logchain_lose(c, "lost", l.at, -1, l.lost);
	changed = l.lost != NULL || l.next.name != NULL || !l.chosen;
	c->refused = !changed && access(c->path, F_OK) == 0 ? l.no_log : NULL;
	if (l.next.name != NULL)
		take(c, &l, n);
	if (l.chosen)
		learn(c, &l, begun);
	if (begun && changed)
		logfile_rewind(&c->file[c->files - 1]);
	look_end(&l);
	return changed;
}

int
logchain_is_behind(const struct logchain *c)
{
	return access(c->path, F_OK) == 0 &&
	       (c->files == 0 ||
		   !place_is_at(&c->file[c->files - 1].place, c->path));
}

int
logchain_extend(struct logchain *c)
{
	return extend(c, c->files, 0);
}

int
logchain_find_copy(struct logchain *c)
{
	return !logchain_is_behind(c) && extend(c, c->files - 1, 0);
}

/*
 * A place of version 1, which knew of nothing beside the log: what is older
 * than the log was read, or never meant to be.
 */
static void
know_older(struct logchain *c, struct look *l)
{
	const struct place *place = &c->file[c->files - 1].place;

	while (l->all.n > 0 && !place_same(&l->all.item[0].place, place))
		siblings_move(&l->all, 0, &c->known);
}

/* The first time: what is beside the log is of the time before. */
static void
open_first(struct logchain *c, struct look *l)
{
	if (l->no_log != NULL)
		err_die("%s: %s", c->path, l->no_log);
	take(c, &(struct look){.next = l->log}, 0);
	l->log = (struct logfile){.fd = -1};
	c->known = l->all;
	l->all = (struct siblings){0};
}

/*
 * Goes on with the older files; one that is gone was read. Returns 0 if names
 * have changed meanwhile.
 */
static int
find_older(struct logchain *c, struct look *l)
{
	const struct sibling *in;

	for (size_t i = 0; i + 1 < c->files; l->files = c->files)
		if (c->file[i].name != NULL ||
		    look_find(l, &c->file[i], 0, &in))
			i++;
		else if (look_is_stale(l, &c->file[i].place))
			return 0;
		else
			drop_file(c, i);
	return 1;
}

void
logchain_open(struct logchain *c)
{
	struct look l = look(c);

	if (c->files == 0) {
		open_first(c, &l);
		look_end(&l);
		return;
	}
	while (!find_older(c, &l)) {
		look_end(&l);
		pause_look();
		l = look(c);
	}
	if (c->file[c->files - 1].place.device == 0)
		know_older(c, &l);
	look_end(&l);
	extend(c, c->files, 1);
}

void
logchain_mend(struct logchain *c, size_t i)
{
	if (i + 1 < c->files) {
		drop_file(c, i);
	} else {
		logfile_close(&c->file[i]);
		extend(c, c->files, 0);
	}
}

void
logchain_state(struct logchain *c, struct store *s)
{
	struct place none = {0};
	size_t before = c->files > 0 ? c->files - 1 : 0;

	for (size_t i = 0; store_reading(s) && i < LOGCHAIN_FILES; i++)
		c->file[i] = (struct logfile){.fd = -1};
	if (!store_reading(s)) {
		place_state(c->files > 0 ? &c->file[before].place : &none, s);
	} else {
		place_state(&none, s);
		/* Version 1 of this state ends here. */
		if (s->p < s->end && *s->p == '}') {
			c->file[0].place = none;
			c->files = none.inode != 0;
			return;
		}
	}
	store_size(s, "files", &before, 0, LOGCHAIN_FILES - 1);
	store_open(s, "before", '[');
	for (size_t i = 0; i < before; i++) {
		store_open(s, NULL, '{');
		place_state(&c->file[i].place, s);
		store_close(s, '}');
	}
	store_close(s, ']');
	siblings_state(&c->known, s);
	if (store_optional(s, "in_place", c->in_place))
		store_int(s, "in_place", &c->in_place, 1, 1);
	if (store_optional(s, "rising", c->rising))
		store_int(s, "rising", &c->rising, 1, 1);
	if (store_reading(s) && none.inode != 0) {
		c->file[before].place = none;
		c->files = before + 1;
	}
}

void
logchain_close(struct logchain *c)
{
	while (c->files > 0)
		drop_file(c, c->files - 1);
	siblings_free(&c->known);
	buf_free(&c->notes);
}
