#include <poll.h>
#include <unistd.h>

#include "json/jsonshape.h"
#include "run/follow.h"
#include "run/logread.h"
#include "tool/err.h"
#include "tool/rec.h"

void
follow_open(struct follow *f)
{
	struct logchain *c = &f->chain;

	if (c->path != NULL) {
		logchain_open(c);
		return;
	}
	c->file[0] = (struct logfile){
	    .fd = STDIN_FILENO, .is_stream = 1, .name = err_strdup("stdin")};
	c->files = 1;
}

static int
give_notes(struct follow *f, char **p, size_t *n)
{
	struct buf *notes = &f->chain.notes;

	if (notes->len == 0)
		return 0;
	if (buf_room(notes, JSONSHAPE_SLACK) == NULL)
		err_memory();
	*p = notes->p;
	*n = notes->len;
	notes->len = 0;
	return 1;
}

/* One look at a file: 1 when it had lines, -1 when something has changed. */
static int
look_at(struct follow *f, size_t i, char **p, size_t *n)
{
	struct logchain *c = &f->chain;
	struct logfile *file = &c->file[i];
	int first = i + 1 == c->files && !file->is_stream &&
		    file->place.offset == 0 && !logread_is_unchanged(file);
	enum logread_found found;

	f->at = i;
	f->line = file->place.line + 1;
	found = logread_next(file, &f->block, p, n);
	if (first && logchain_find_copy(c))
		return -1;
	switch (found) {
	case LOGREAD_LINES:
		return 1;
	case LOGREAD_REWRITTEN:
		logchain_mend(c, i);
		return -1;
	case LOGREAD_LONG:
		logchain_lose(c, "long", file->name, REC_LONGEST,
		    "has a line that is too long");
		return -1;
	case LOGREAD_DAMAGED:
		logchain_lose(c, "lost", file->name, -1, file->packed.why);
		return -1;
	case LOGREAD_NOTHING:
		break;
	}
	return 0;
}

int
follow_next(struct follow *f, char **p, size_t *n)
{
	struct logchain *c = &f->chain;

	for (;;) {
		int r = 0;

		if (give_notes(f, p, n))
			return 1;
		for (size_t i = 0; i < c->files && r == 0; i++)
			r = look_at(f, i, p, n);
		if (r > 0)
			return 1;
		if (r < 0)
			continue;
		f->ended = c->path == NULL && c->file[0].ended;
		if (c->path == NULL || !logchain_is_behind(c) ||
		    !logchain_extend(c))
			return 0;
	}
}

const char *
follow_name(const struct follow *f)
{
	return f->chain.file[f->at].name;
}

unsigned long long
follow_line(const struct follow *f)
{
	return f->line;
}

void
follow_wait(const struct follow *f, int milliseconds)
{
	struct pollfd ready = {STDIN_FILENO, POLLIN, 0};

	poll(&ready, f->chain.path == NULL, milliseconds);
}

void
follow_state(struct follow *f, struct store *s)
{
	logchain_state(&f->chain, s);
}

void
follow_close(struct follow *f)
{
	logchain_close(&f->chain);
	buf_free(&f->block);
}
