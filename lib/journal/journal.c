#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "journal/entry.h"
#include "journal/journal.h"
#include "journal/segments.h"
#include "run/generation.h"
#include "run/state.h"
#include "run/statefile.h"
#include "tool/barrier.h"
#include "tool/err.h"
#include "tool/out.h"
#include "tool/partition.h"
#include "tool/rec.h"
#include "tool/skip.h"

static struct {
	struct journal_setup setup;
	struct entry entry;
	struct segments events, errors, records;
	unsigned long long lines; /* of the stream */
	unsigned long long lost;  /* entries that could not be written */
	struct buf text;          /* of an entry */
	struct exemplar_setup images;
} journal;

/* What the next line depends on. */
static void
walk(void *ctx, struct store *s)
{
	(void)ctx;
	store_count(s, "lines", &journal.lines);
	segments_state(&journal.events, s);
	segments_state(&journal.errors, s);
	segments_state(&journal.records, s);
}

static const struct tool self = {.name = "driftpipe-run"};
static const struct state_setup saved = {.tool = &self, .walk = walk};

static char *
saved_path(long long generation)
{
	return generation_path(
	    state_directory(), generation, "driftpipe-run-journal.json");
}

/*
 * The places in its files are known to one state: another would take what that
 * one has written for what is to be cut off.
 */
static void
check_owner(int fd, const char *path)
{
	char *own = realpath(state_directory(), NULL), text[4096] = "";
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);

	if (own == NULL)
		err_die("%s: %m", state_directory());
	text[n > 0 ? n : 0] = '\0';
	if (text[0] != '\0' && strcmp(text, own) != 0)
		err_die("%s: the journal of the state in '%s': 'rm %s' lets "
			"this one go on with it",
		    path, text, path);
	if (text[0] == '\0' &&
	    pwrite(fd, own, strlen(own), 0) != (ssize_t)strlen(own))
		err_die("%s: %m", path);
	free(own);
}

void
journal_prepare(const struct journal_setup *setup)
{
	char *lock = err_join(setup->dir, ".lock");
	struct stat st;
	int fd;

	journal.setup = *setup;
	journal.images = (struct exemplar_setup){setup->dir, setup->group,
	    setup->images, setup->images_most, setup->days};
	if (mkdir(setup->dir, 0777) < 0 && errno != EEXIST)
		err_die("%s: %m", setup->dir);
	fd = open(
	    lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666);
	if (fd < 0 && errno != ELOOP && errno != EISDIR)
		err_die("%s: %m", lock);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		err_die("%s: is not a regular file: 'rm -r %s' makes room for "
			"one",
		    lock, lock);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		err_die("%s: another pipeline has this journal", lock);
	check_owner(fd, lock);
	free(lock);
}

static void
set_up(struct segments *s, const char *name, unsigned long long most)
{
	*s = (struct segments){.dir = journal.setup.dir,
	    .name = name,
	    .most = most,
	    .days = journal.setup.days};
}

/* Events have room of their own: a night of broken images takes none of it. */
static void
open_journal(void)
{
	unsigned long long most = journal.setup.most;
	char *path = saved_path(state_generation());
	int at_place = access(path, F_OK) == 0;
	char *anew;

	set_up(&journal.events, "events", most / 4);
	set_up(&journal.errors, "errors", most / 4);
	set_up(&journal.records, "records", most / 2);
	if (asprintf(&anew, "'rm %s' lets it begin anew", path) < 0)
		err_memory();
	if (at_place)
		statefile_load(&saved, path, NULL, anew);
	free(anew);
	segments_open(&journal.events, at_place);
	segments_open(&journal.errors, at_place);
	segments_open(&journal.records, at_place);
	/* From the first line on there is a place to return to. */
	if (!at_place)
		statefile_save(&saved, path);
	entry_init(&journal.entry, journal.setup.group);
	free(path);
}

/* What stands before the barrier is on the disk, and so is its place. */
static void
keep(long long generation)
{
	char *path = saved_path(generation);

	segments_sync(&journal.events);
	segments_sync(&journal.errors);
	segments_sync(&journal.records);
	exemplar_prune(&journal.images);
	generation_make(state_directory(), generation);
	statefile_save(&saved, path);
	free(path);
}

static void
add_entry(struct segments *to, const char *line, size_t n)
{
	entry_put(&journal.entry, line, n, &journal.text);
	if (journal.text.failed)
		err_memory();
	segments_add(to, journal.text.p, journal.text.len);
	segments_flush(to);
}

/* What could not be kept is no secret: promtext counts it. */
static void
tell_lost(void)
{
	unsigned long long lost = journal.events.lost + journal.errors.lost +
				  journal.records.lost;

	if (lost == journal.lost)
		return;
	journal.lost = lost;
	journal.text.len = 0;
	skip_put(&journal.text, "journal", journal.setup.dir);
	out_line(&journal.text);
}

static void
add_line(const char *line, size_t n)
{
	enum entry_kind kind;

	journal.lines++;
	kind = entry_look(&journal.entry, line, n, journal.lines);
	if (!skip_is(line, n))
		segments_add(&journal.records, line, n);
	if (kind == ENTRY_EVENT && journal.images.each > 0) {
		segments_flush(&journal.records);
		exemplar_keep(&journal.images, line, n, journal.lines,
		    &journal.entry.member);
	}
	if (kind == ENTRY_EVENT)
		add_entry(&journal.events, line, n);
	else if (kind == ENTRY_ERROR)
		add_entry(&journal.errors, line, n);
	tell_lost();
}

void
journal_run(void)
{
	struct rec in;
	long long generation;

	/* A file that may not grow is an error of write. */
	signal(SIGXFSZ, SIG_IGN);
	open_journal();
	if (journal.setup.note != NULL) {
		segments_add(&journal.events, journal.setup.note->p,
		    journal.setup.note->len);
		segments_flush(&journal.events);
		tell_lost();
	}
	rec_open(&in, NULL, 0, '\n');
	while (rec_next(&in)) {
		generation = barrier_number(in.line, in.len);
		if (generation > 0)
			keep(generation);
		else if (partition_takes_line(in.line, in.len))
			add_line(in.line, in.len);
		else
			continue;
		out_record(in.line, in.len);
	}
	rec_close(&in);
	segments_close(&journal.events);
	segments_close(&journal.errors);
	segments_close(&journal.records);
	entry_free(&journal.entry);
	buf_free(&journal.text);
	out_close();
}
