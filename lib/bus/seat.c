#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "bus/seat.h"
#include "tool/err.h"
#include "tool/out.h"
#include "tool/skip.h"

/* Says it, and puts a record for it; the text is freed. */
static void
lose(const struct seat *s, char *what)
{
	struct buf record = {0};
	char *where;

	if (what == NULL || asprintf(&where, "%s: %s", s->stream, what) < 0)
		err_memory();
	err_warn("stream '%s': %s", s->stream, what);
	skip_put(&record, "lost", where);
	out_line(&record);
	buf_free(&record);
	free(where);
	free(what);
}

static char *
format(const char *fmt, uint64_t a, uint64_t b)
{
	char *text;

	return asprintf(&text, fmt, a, b) < 0 ? NULL : text;
}

/* The next message that there is has that number. */
static void
lose_up_to(struct seat *s, uint64_t next)
{
	if (next == s->sequence + 2)
		lose(s,
		    format("message %" PRIu64 " was removed before it was read",
			s->sequence + 1, 0));
	else
		lose(s, format("messages %" PRIu64 " to %" PRIu64
			       " were removed before they were read",
			    s->sequence + 1, next - 1));
	s->sequence = next - 1;
	s->time = 0;
}

/* Not when the place is to be found again by its time. */
static int
knows_next(const struct seat *s)
{
	return s->sequence > 0 || s->time == 0;
}

void
seat_check(struct seat *s, const struct jetstream_stream *now)
{
	int known = s->created != 0;

	/* What was gone before we came is not ours. */
	if (!known)
		s->sequence = now->first - 1;
	if (known && s->created != now->created) {
		lose(s, format("was made anew after message %" PRIu64
			       ", and is read from its beginning",
			    s->sequence, 0));
		s->sequence = 0;
		/* Older than what was read: the clock was, or the server is,
		   another, and times tell nothing. */
		if (now->created <= s->time)
			s->time = 0;
	} else if (known && now->last < s->sequence) {
		lose(s, format("ends at message %" PRIu64 ", after %" PRIu64
			       " had been read: it goes on from there",
			    now->last, s->sequence));
		s->sequence = now->last;
		s->time = 0;
	} else if (knows_next(s) && now->first > s->sequence + 1) {
		lose_up_to(s, now->first);
	}
	s->created = now->created;
}

uint64_t
seat_from(const struct seat *s)
{
	/* The last one again, to see that it is the same. */
	return s->sequence + (s->sequence > 0 && s->time == 0);
}

int
seat_fits(struct seat *s, const struct jetstream_message *m)
{
	if (m->sequence != s->sequence || s->time == 0 || m->time == s->time)
		return 1;
	lose(s, format("has another message %" PRIu64
		       " than was read: the server lost some, and what was "
		       "stored since is read",
		    s->sequence, 0));
	s->sequence = 0;
	return 0;
}

int
seat_take(struct seat *s, const struct jetstream_message *m)
{
	if (m->sequence <= s->sequence ||
	    (s->sequence == 0 && m->time <= s->time))
		return 0;
	if (knows_next(s) && m->sequence > s->sequence + 1)
		lose_up_to(s, m->sequence);
	s->sequence = m->sequence;
	s->time = m->time;
	return 1;
}

void
seat_state(struct seat *s, struct store *store)
{
	store_i64(store, "created", &s->created);
	store_u64(store, "sequence", &s->sequence);
	store_i64(store, "time", &s->time);
}
