#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bus/link.h"
#include "bus/origins.h"
#include "bus/seat.h"
#include "bus/serveropt.h"
#include "bus/subscribe.h"
#include "json/intern.h"
#include "run/beat.h"
#include "run/reference.h"
#include "run/sieve.h"
#include "run/state.h"
#include "tool/barrier.h"
#include "tool/err.h"
#include "tool/out.h"
#include "tool/rec.h"

enum {
	LATENCY = 500, /* ms that are waited for messages at once */
	REPLY = 512,   /* bytes of an acknowledgement's subject */
	NAME = 32
};

struct subscriber {
	const struct subscribe_plan *plan;
	struct link link;
	struct seat seat;
	struct origins origins;
	struct sieve sieve;
	struct beat beat;
	struct buf text; /* of a message */
	char consumer[NAME];
	int is_consuming, has_barriers, ended;
	/* By which the last message is acknowledged, and that of a barrier. */
	char reply[REPLY], sent[REPLY];
};

static void
remember(void *ctx, struct store *s)
{
	struct subscriber *b = ctx;

	seat_state(&b->seat, s);
	origins_state(&b->origins, s);
}

/* One for a state, so that two pipelines do not take each other's. */
static const char *
consumer_of(struct subscriber *b)
{
	char host[256] = "", *path, *text;

	if (b->plan->consumer != NULL)
		return b->plan->consumer;
	if (b->consumer[0] != '\0')
		return b->consumer;
	gethostname(host, sizeof(host) - 1);
	path = state_wanted() ? realpath(state_directory(), NULL) : NULL;
	if (asprintf(&text, "%s %s %d", host, path ? path : "",
		path ? 0 : getpid()) < 0)
		err_memory();
	snprintf(b->consumer, sizeof(b->consumer), "driftpipe-%08zx",
	    intern_hash(text, strlen(text)));
	free(path);
	free(text);
	return b->consumer;
}

/* Everything on a new connection, up to the first message. */
static enum jetstream_result
begin(struct subscriber *b)
{
	const struct subscribe_plan *p = b->plan;
	struct jetstream_stream now;
	enum jetstream_result r;
	uint64_t left;

	r = jetstream_look(b->link.js, p->stream, &now);
	if (r != JETSTREAM_DONE)
		return r;
	if (!now.is_kept)
		err_die("stream '%s': has not the retention 'limits', but one "
			"by which messages are removed that have been read: "
			"they could not be read again after a kill",
		    p->stream);
	seat_check(&b->seat, &now);
	r = jetstream_consume(
	    b->link.js, p->stream, consumer_of(b), seat_from(&b->seat), &left);
	if (r != JETSTREAM_DONE)
		return r;
	b->reply[0] = b->sent[0] = '\0';
	b->is_consuming = 1;
	b->ended = left == 0;
	link_good(&b->link);
	return JETSTREAM_DONE;
}

/* Returns 0 when there is no connection that messages come by. */
static int
connect_to(struct subscriber *b)
{
	enum jetstream_result r;

	if (!link_try(&b->link))
		return 0;
	if (b->is_consuming)
		return 1;
	r = begin(b);
	if (r != JETSTREAM_DONE)
		link_break(&b->link, r);
	return r == JETSTREAM_DONE;
}

/* Lines of a message, and how many of them are not empty. */
static size_t
read_lines(struct buf *b, const struct jetstream_message *m)
{
	size_t lines = 0, n;

	b->len = 0;
	for (const char *p = m->data, *end = p + m->len; p < end; p += n + 1) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));

		n = newline != NULL ? (size_t)(newline - p) : (size_t)(end - p);
		if (n == 0 || (n == 1 && *p == '\r'))
			continue;
		buf_put(b, p, n);
		buf_str(b, "\n");
		lines++;
	}
	/* Nothing is no record either. */
	if (lines == 0)
		buf_str(b, "\n");
	if (buf_room(b, JSONSHAPE_SLACK) == NULL || b->failed)
		err_memory();
	return lines;
}

/* Passes on what has not come before. */
static void
take(struct subscriber *b, const struct jetstream_message *m)
{
	size_t lines = read_lines(&b->text, m);
	size_t known = origins_known(&b->origins, m->id, lines);
	char *p = b->text.p, *where;

	for (size_t i = 0; i < known; i++)
		p = (char *)memchr(p, '\n', b->text.len) + 1;
	if (asprintf(&where, "%s:%" PRIu64, b->plan->stream, m->sequence) < 0)
		err_memory();
	sieve_lines(&b->sieve, where, known + 1, p,
	    b->text.len - (size_t)(p - b->text.p));
	free(where);
}

/* Returns 0 when there is none for now. */
static int
take_next(struct subscriber *b)
{
	struct jetstream_message m;
	enum jetstream_result r;

	if (!jetstream_has(b->link.js))
		out_flush();
	r = jetstream_next(b->link.js, &m, LATENCY);
	if (r == JETSTREAM_NOTHING) {
		/* The rest of them was removed: look anew where the end is. */
		if (!b->plan->follow && jetstream_is_dry(b->link.js))
			b->is_consuming = 0;
		return 0;
	}
	if (r == JETSTREAM_DONE && !seat_fits(&b->seat, &m))
		r = JETSTREAM_NOTHING; /* begin again */
	if (r != JETSTREAM_DONE) {
		b->is_consuming = 0;
		if (r != JETSTREAM_NOTHING)
			link_break(&b->link, r);
		return 0;
	}
	if (seat_take(&b->seat, &m))
		take(b, &m);
	snprintf(b->reply, sizeof(b->reply), "%s", m.reply);
	b->ended = m.left == 0;
	return 1;
}

/* What has been committed is acknowledged, and a barrier sent when it is time. */
static void
keep_time(struct subscriber *b)
{
	if (b->sent[0] != '\0' && b->link.js != NULL &&
	    beat_is_committed(&b->beat)) {
		jetstream_ack(b->link.js, b->sent);
		b->sent[0] = '\0';
	}
	if (!beat_is_due(&b->beat))
		return;
	beat_send(&b->beat);
	memcpy(b->sent, b->reply, sizeof(b->sent));
}

static void
end(struct subscriber *b)
{
	if (b->has_barriers)
		beat_send(&b->beat);
	out_close();
	state_end();
	if (b->link.js != NULL && !b->has_barriers) {
		/* What is a commit here; and nobody else uses this consumer. */
		if (state_wanted() && b->reply[0] != '\0')
			jetstream_ack(b->link.js, b->reply);
		else if (!state_wanted())
			jetstream_forget(
			    b->link.js, b->plan->stream, consumer_of(b));
	}
	link_close(&b->link);
}

void
subscribe_run(const struct subscribe_plan *plan)
{
	static const char *const may_differ[] = {SERVEROPT_NAMES, "consumer",
	    "follow", "barrier", "skip-bad", "state", "wait", NULL};
	static struct subscriber b;
	const struct state_setup setup = {
	    .tool = plan->tool,
	    .may_differ = may_differ,
	    .walk = remember,
	    .ctx = &b,
	};
	struct rec signals;

	b.plan = plan;
	b.sieve.drop = plan->skip_bad;
	b.link = (struct link){.server = plan->server, .patient = plan->follow};
	b.seat.stream = plan->stream;
	origins_init(&b.origins);
	state_open(&setup);
	b.has_barriers = barrier_expected() && state_wanted();
	beat_begin(
	    &b.beat, plan->follow && b.has_barriers ? plan->barrier : NAN);
	rec_open(&signals, NULL, 0, '\n');
	while (!rec_stopped() && getenv(REBASELINE_VARIABLE) == NULL) {
		if (!connect_to(&b)) {
			out_flush();
			link_sleep(&b.link, LATENCY);
		} else if (!(b.ended && !plan->follow)) {
			take_next(&b);
		} else {
			break;
		}
		keep_time(&b);
	}
	end(&b);
}
