#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"
#include "bus/outbox.h"
#include "tool/atomic.h"
#include "tool/err.h"
#include "tool/skip.h"

enum {
	BLOCK = 4096,
	DIGITS = 16,
	DAMAGED = 1 << 20 /* more records than a message has */
};

void
outbox_draw(char *origin)
{
	unsigned char random[OUTBOX_ORIGIN / 2];

	if (getrandom(random, sizeof(random), 0) != (ssize_t)sizeof(random))
		err_die("getrandom: %m");
	for (size_t i = 0; i < sizeof(random); i++)
		snprintf(origin + 2 * i, 3, "%02x", random[i]);
}

static const char *
path_of(struct outbox *o, const char *name)
{
	if (path_join(&o->path, o->dir, name) == NULL)
		err_memory();
	return o->path.p;
}

/* Numbers have as many digits each, so that names sort as they do. */
static const char *
path_of_message(struct outbox *o, uint64_t first, const char *suffix)
{
	char name[40];

	snprintf(name, sizeof(name), "%0*" PRIu64 "%s", DIGITS, first, suffix);
	return path_of(o, name);
}

static const char *
message_path(struct outbox *o, const struct outbox_message *m)
{
	return path_of_message(o, m->first, ".ndjson");
}

/* What a file of that size takes. */
static unsigned long long
on_disk(size_t n)
{
	return (n / BLOCK + 1) * BLOCK;
}

static void
append(struct outbox *o, struct outbox_message m)
{
	if (o->begin + o->n == o->room) {
		if (o->n > 0)
			memmove(o->message, o->message + o->begin,
			    o->n * sizeof(*o->message));
		o->begin = 0;
		if (o->n * 2 >= o->room) {
			o->room = o->n * 2 + 64;
			o->message = err_realloc(
			    o->message, o->room * sizeof(*o->message));
		}
	}
	o->message[o->begin + o->n++] = m;
	o->size += m.size;
}

static struct outbox_message *
message_at(const struct outbox *o, size_t i)
{
	return &o->message[o->begin + i];
}

/* For one process alone, until it ends. */
static void
lock(struct outbox *o)
{
	const char *path = path_of(o, ".lock");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0660);

	if (fd < 0)
		err_die("%s: %m", path);
	for (int tries = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; tries++) {
		if (errno != EWOULDBLOCK)
			err_die("%s: %m", path);
		/* Whoever was killed may need a moment to end. */
		if (tries == 250)
			err_die("%s: another process has this spool", path);
		usleep(20000);
	}
}

/* Where nothing was ever committed, the numbers begin anew, and so it is. */
static void
name_origin(struct outbox *o, int anew)
{
	struct buf text = {0};
	const char *path = path_of(o, "origin");
	const char *why = !anew && access(path, F_OK) == 0
			      ? atomic_read(path, &text)
			      : NULL;

	if (why != NULL)
		err_die("%s: %s", path, why);
	if (text.len == 0) {
		outbox_draw(o->origin);
		atomic_write(path, o->origin, OUTBOX_ORIGIN, 0644);
	} else if (text.len != OUTBOX_ORIGIN ||
		   strspn(text.p, "0123456789abcdef") < OUTBOX_ORIGIN) {
		err_die("%s: is not the name of an origin", path);
	} else {
		memcpy(o->origin, text.p, OUTBOX_ORIGIN);
	}
	buf_free(&text);
}

/* The number of a name with that suffix; 0: it has none. */
static uint64_t
number_of(const char *name, const char *suffix)
{
	return strlen(name) > DIGITS && strspn(name, "0123456789") == DIGITS &&
		       strcmp(name + DIGITS, suffix) == 0
		   ? strtoull(name, NULL, 10)
		   : 0;
}

static uint64_t
lines_of(const struct buf *text)
{
	uint64_t lines = 0;

	for (size_t i = 0; i < text->len; i++)
		lines += text->p[i] == '\n';
	return lines;
}

/* The number after those of a message; of a damaged one, after all it had. */
static uint64_t
after(struct outbox *o, const struct outbox_message *m)
{
	struct buf text = {0};
	const char *why = atomic_read(message_path(o, m), &text);
	uint64_t lines = lines_of(&text);

	if (why != NULL)
		err_die("%s: %s", o->path.p, why);
	if (lines == 0 || text.p[text.len - 1] != '\n')
		lines += DAMAGED;
	buf_free(&text);
	return m->first + lines;
}

static int
is_gap(struct outbox *o, const struct outbox_message *m)
{
	struct buf text = {0};
	int gap = atomic_read(message_path(o, m), &text) == NULL &&
		  skip_is(text.p, text.len) &&
		  memmem(text.p, text.len, "\"spool\"", 7) != NULL &&
		  memchr(text.p, '\n', text.len) == text.p + text.len - 1;

	buf_free(&text);
	return gap;
}

/* Returns whether it was removed. */
static size_t
take_in(struct outbox *o, const char *name, uint64_t committed)
{
	struct outbox_message m = {.first = number_of(name, ".ndjson")};
	uint64_t sent = number_of(name, ".sent");
	struct stat st;

	if (sent > 0 && committed == 1)
		unlink(path_of(o, name));
	else if (sent > o->next)
		o->next = sent;
	if (m.first == 0)
		return 0;
	if (committed > 0 && m.first >= committed) {
		if (unlink(message_path(o, &m)) < 0)
			err_die("%s: %m", o->path.p);
		return 1;
	}
	if (stat(message_path(o, &m), &st) < 0)
		err_die("%s: %m", o->path.p);
	m.size = on_disk((size_t)st.st_size);
	append(o, m);
	return 0;
}

void
outbox_open(struct outbox *o, const char *dir, unsigned long long limit,
    uint64_t committed)
{
	struct dirent **file;
	size_t removed = 0;
	int n;

	*o = (struct outbox){.dir = dir, .limit = limit, .next = 1};
	if (mkdir(dir, 0770) < 0 && errno != EEXIST)
		err_die("%s: %m", dir);
	lock(o);
	name_origin(o, committed == 1);
	if (committed > 0)
		o->next = committed;
	n = scandir(dir, &file, NULL, alphasort);
	if (n < 0)
		err_die("%s: %m", dir);
	for (int i = 0; i < n; i++) {
		removed += take_in(o, file[i]->d_name, committed);
		free(file[i]);
	}
	free(file);
	if (committed == 1 && removed > 0)
		err_warn("%s: %zu messages that wait in it are no part of what "
			 "this state has committed, and are removed",
		    dir, removed);
	if (o->n > 1)
		message_at(o, 1)->is_gap = is_gap(o, message_at(o, 1));
	if (o->n > 0 && committed == 0) {
		struct outbox_message *last = message_at(o, o->n - 1);
		uint64_t next = after(o, last);

		o->next = next > o->next ? next : o->next;
	}
}

/* A record for all from the second message to the one before i. */
static void
put_gap(struct outbox *o, size_t i)
{
	struct outbox_message *gap = message_at(o, 1);
	struct buf record = {0};
	char where[128];

	snprintf(where, sizeof(where), "%s: records %" PRIu64 " to %" PRIu64,
	    o->origin, gap->first, message_at(o, i)->first - 1);
	skip_put(&record, "spool", where);
	buf_str(&record, "\n");
	if (record.failed)
		err_memory();
	atomic_write(message_path(o, gap), record.p, record.len, 0660);
	o->size -= gap->size;
	gap->size = on_disk(record.len);
	gap->is_gap = 1;
	o->size += gap->size;
	buf_free(&record);
}

/*
 * Drops the second message, or, if that is the record of those that were, the
 * third: first it is said, then they go.
 */
static void
drop_one(struct outbox *o)
{
	struct outbox_message *m = message_at(o, 1);
	size_t i = m->is_gap ? 2 : 1;
	uint64_t from = message_at(o, i)->first;

	if (o->dropped == 0)
		err_warn("%s: full at %llu MiB: the oldest records are "
			 "dropped until there is a connection",
		    o->dir, o->limit >> 20);
	o->dropped += message_at(o, i + 1)->first - from;
	put_gap(o, i + 1);
	if (i == 1)
		return;
	if (unlink(message_path(o, message_at(o, i))) < 0)
		err_die("%s: %m", o->path.p);
	o->size -= message_at(o, i)->size;
	m = message_at(o, 0);
	memmove(m + 2, m + 3, (o->n - 3) * sizeof(*m));
	o->n--;
}

void
outbox_add(struct outbox *o, const char *text, size_t n, uint64_t records)
{
	struct outbox_message m = {o->next, on_disk(n), 0};

	atomic_write(message_path(o, &m), text, n, 0660);
	append(o, m);
	o->next += records;
	/* Of the three one is sent, one says what is lost, and one is new. */
	while (o->size > o->limit && o->n > 3)
		drop_one(o);
}

/* A file that has not the records that it had: what is whole, and that. */
static void
mend(struct outbox *o, struct buf *text)
{
	const struct outbox_message *m = message_at(o, 0);
	uint64_t next = o->n > 1 ? message_at(o, 1)->first : o->next;
	uint64_t lines = lines_of(text), n = 0;
	size_t whole = 0;

	if ((lines == next - m->first && text->p[text->len - 1] == '\n') ||
	    (lines == 1 && skip_is(text->p, text->len)))
		return;
	for (; n < lines && n + 1 < next - m->first; n++)
		whole = (size_t)((char *)memchr(
				     text->p + whole, '\n', text->len - whole) -
				 text->p) +
			1;
	err_warn("%s: is damaged: of its records, %" PRIu64 " are sent",
	    o->path.p, n);
	text->len = whole;
	skip_put(text, "spool", o->path.p);
	buf_str(text, "\n");
	if (text->failed)
		err_memory();
}

uint64_t
outbox_first(struct outbox *o, uint64_t before, struct buf *text)
{
	const char *why;

	text->len = 0;
	if (o->n == 0 || message_at(o, 0)->first >= before)
		return 0;
	why = atomic_read(message_path(o, message_at(o, 0)), text);
	if (why != NULL)
		err_die("%s: %s", o->path.p, why);
	mend(o, text);
	return message_at(o, 0)->first;
}

/*
 * The last one that was sent stays, under a name that has the number after it:
 * where all have been sent, the numbers go on from there.
 */
void
outbox_sent(struct outbox *o)
{
	struct outbox_message m = *message_at(o, 0);
	uint64_t next = o->n > 1 ? message_at(o, 1)->first : o->next;
	char *from = err_strdup(message_path(o, &m));

	if (rename(from, path_of_message(o, next, ".sent")) < 0)
		err_die("%s: %m", from);
	free(from);
	/* The one before; there may be none. */
	unlink(path_of_message(o, m.first, ".sent"));
	o->size -= m.size;
	o->begin++;
	o->n--;
}

uint64_t
outbox_waiting(const struct outbox *o)
{
	return o->n > 0 ? o->next - message_at(o, 0)->first : 0;
}
