#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "json/jsonshape.h"
#include "run/logread.h"
#include "tool/err.h"
#include "tool/rec.h"

enum { BLOCK = 1 << 18 };

static uint64_t
lines_in(const char *p, size_t n)
{
	const char *end = p + n;
	uint64_t lines = 0;

	while ((p = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		lines++;
		p++;
	}
	return lines;
}

static char *
room_for(struct buf *b, size_t n)
{
	char *p = buf_room(b, n + JSONSHAPE_SLACK);

	if (p == NULL)
		err_memory();
	return p;
}

/* That of the last change, which nobody can set. */
static int64_t
time_of(const struct stat *st)
{
	return (int64_t)st->st_ctim.tv_sec * 1000000000 + st->st_ctim.tv_nsec;
}

int
logread_is_unchanged(const struct logfile *f)
{
	struct stat st;

	if (fstat(f->fd, &st) < 0)
		err_die("%s: %m", f->name);
	return st.st_size == f->size && time_of(&st) == f->changed;
}

/* How much of these bytes belongs to a line that is too long. */
static size_t
pass_over(struct logfile *f, const char *p, size_t n)
{
	const char *end = memchr(p, '\n', n);
	size_t k = end != NULL ? (size_t)(end + 1 - p) : n;

	place_advance(&f->place, &f->tail, p, k, end != NULL);
	f->in_long = end == NULL;
	return k;
}

static enum logread_found
next_plain(struct logfile *f, struct buf *block, char **p, size_t *n)
{
	size_t want = BLOCK;
	struct stat st;

	if (logread_is_unchanged(f))
		return LOGREAD_NOTHING;
	if (fstat(f->fd, &st) < 0)
		err_die("%s: %m", f->name);
	for (;;) {
		ssize_t k;
		char *end;

		block->len = 0;
		*p = room_for(block, want);
		k = pread(f->fd, *p, want, (off_t)f->place.offset);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			err_die("%s: %m", f->name);
		/* What was read is what follows the place, or is not ours. */
		if (!place_holds(&f->place, &f->tail, f->fd))
			return LOGREAD_REWRITTEN;
		if (f->in_long && k > 0) {
			pass_over(f, *p, (size_t)k);
			continue;
		}
		end = memrchr(*p, '\n', (size_t)k);
		if (end != NULL) {
			*n = (size_t)(end + 1 - *p);
			place_advance(
			    &f->place, &f->tail, *p, *n, lines_in(*p, *n));
			return LOGREAD_LINES;
		}
		if ((size_t)k < want) {
			f->size = st.st_size;
			f->changed = time_of(&st);
			return LOGREAD_NOTHING;
		}
		if (want > REC_LONGEST) {
			f->in_long = 1;
			return LOGREAD_LONG;
		}
		want = want < REC_LONGEST / 2 ? want * 2 : REC_LONGEST + 1;
	}
}

/* More of a stream: 0 at its end or when there is none for now, -1: damage. */
static ssize_t
read_stream(struct logfile *f)
{
	struct pollfd ready = {f->fd, POLLIN, 0};
	char *to = room_for(&f->held, BLOCK);
	ssize_t n;

	if (f->is_packed) {
		n = logfile_unpack(f, to, BLOCK);
		f->ended = n <= 0;
		return n;
	}
	if (f->ended || poll(&ready, 1, 0) <= 0)
		return 0;
	n = read(f->fd, to, BLOCK);
	if (n < 0 && errno != EINTR && errno != EAGAIN)
		err_die("%s: %m", f->name);
	f->ended = n == 0;
	return n > 0 ? n : 0;
}

static void
drop_given(struct logfile *f)
{
	if (f->given > 0)
		memmove(
		    f->held.p, f->held.p + f->given, f->held.len - f->given);
	f->held.len -= f->given;
	f->given = 0;
}

static enum logread_found
next_of_stream(struct logfile *f, char **p, size_t *n)
{
	size_t seen; /* bytes in which no line ends */

	drop_given(f);
	seen = f->held.len;
	while (!f->ended) {
		ssize_t k = read_stream(f);
		char *end;

		if (k < 0)
			return LOGREAD_DAMAGED;
		if (k == 0)
			break;
		f->held.len += (size_t)k;
		if (f->in_long) {
			f->given = pass_over(f, f->held.p, f->held.len);
			drop_given(f);
			seen = 0;
		}
		end = memrchr(f->held.p + seen, '\n', f->held.len - seen);
		if (end != NULL) {
			*p = f->held.p;
			*n = f->given = (size_t)(end + 1 - *p);
			place_advance(
			    &f->place, &f->tail, *p, *n, lines_in(*p, *n));
			return LOGREAD_LINES;
		}
		seen = f->held.len;
		if (seen > REC_LONGEST) {
			f->in_long = 1;
			return LOGREAD_LONG;
		}
	}
	return LOGREAD_NOTHING;
}

enum logread_found
logread_next(struct logfile *f, struct buf *block, char **p, size_t *n)
{
	if (!f->is_stream)
		return next_plain(f, block, p, n);
	return f->ended ? LOGREAD_NOTHING : next_of_stream(f, p, n);
}
