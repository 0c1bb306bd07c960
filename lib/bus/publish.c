#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bus/deliver.h"
#include "bus/link.h"
#include "bus/newstream.h"
#include "bus/outbox.h"
#include "bus/publish.h"
#include "bus/serveropt.h"
#include "run/generation.h"
#include "run/state.h"
#include "tool/barrier.h"
#include "tool/err.h"
#include "tool/out.h"
#include "tool/rec.h"
#include "tool/skip.h"

enum {
	MESSAGE = 256 << 10, /* bytes of records in one, and the last */
	LATENCY = 250,       /* ms between two looks at the link */
	IDLE = 2,            /* seconds that a record waits for company */
	ENDING = 30          /* seconds that a pipeline's end waits for us */
};

struct publisher {
	const struct publish_plan *plan;
	struct link link;
	struct rec in;
	struct json_paths drop;
	struct outbox box;
	struct buf text, stored; /* what is gathered, and what is sent */
	uint64_t records;        /* in text */
	double since;            /* when its first came */
	uint64_t seen;           /* for one of every so many */
	/* Under driftpipe-run: what is committed, and will be. */
	uint64_t committed, kept;
	long long generation;
	int is_made;
};

static void
remember(void *ctx, struct store *s)
{
	struct publisher *p = ctx;

	store_u64(s, "next", &p->kept);
	store_u64(s, "seen", &p->seen);
}

/* The stream, as soon as there is a connection. */
static enum jetstream_result
make_stream(struct publisher *p)
{
	enum jetstream_result r;

	if (p->plan->make == NULL || p->is_made)
		return JETSTREAM_DONE;
	r = newstream_make(p->link.js, p->plan->make);
	p->is_made = r == JETSTREAM_DONE;
	return r;
}

/* Returns 0 when it has not been stored. */
static int
send(struct publisher *p, uint64_t first, const struct buf *text)
{
	enum jetstream_result r;

	if (!link_try(&p->link))
		return 0;
	r = make_stream(p);
	if (r == JETSTREAM_DONE)
		r = deliver(
		    p->link.js, p->plan->subject, p->box.origin, first, text);
	if (r == JETSTREAM_DONE)
		link_good(&p->link);
	else
		link_break(&p->link, r);
	return r == JETSTREAM_DONE;
}

/* The next message of the spool. Returns 0 when there is none to be sent. */
static int
send_next(struct publisher *p)
{
	uint64_t first;

	if (p->generation > 0 &&
	    generation_current(state_directory()) >= p->generation)
		p->committed = p->kept;
	first = outbox_first(&p->box, p->committed, &p->stored);
	if (first == 0 || !send(p, first, &p->stored))
		return 0;
	outbox_sent(&p->box);
	return 1;
}

/* What was gathered becomes a message: on the disk, or sent, however late. */
static void
end_message(struct publisher *p)
{
	if (p->records == 0)
		return;
	if (p->plan->spool != NULL) {
		outbox_add(&p->box, p->text.p, p->text.len, p->records);
		if (!barrier_expected())
			p->committed = p->box.next;
	} else {
		out_flush();
		while (!send(p, p->box.next, &p->text)) {
			if (rec_stopped())
				err_die("%" PRIu64 " records were not sent",
				    p->records);
			link_sleep(&p->link, LATENCY);
		}
		p->box.next += p->records;
	}
	p->records = 0;
	p->text.len = 0;
}

/* No input for a moment. */
static void
on_idle(void *ctx)
{
	struct publisher *p = ctx;

	if (p->link.js != NULL || p->plan->spool == NULL ||
	    clock_monotonic() >= p->since + IDLE)
		end_message(p);
	while (!rec_waiting(&p->in) && send_next(p))
		;
}

/* The record without the members that are not to be sent. */
static void
gather(struct publisher *p, struct json_span *found)
{
	struct buf *b = &p->text;
	size_t begin = b->len;

	if (p->records == 0)
		p->since = clock_monotonic();
	buf_put(b, p->in.line, p->in.len);
	buf_put(b, "\n", 1);
	if (b->failed)
		err_memory();
	p->records++;
	/* The last first, so that the places of the others stay. */
	for (;;) {
		struct json_span *last = NULL, here;
		const char *from, *to;

		for (size_t i = 0; i < p->drop.n; i++)
			if (found[i].type != JSON_NONE &&
			    (last == NULL || found[i].p > last->p))
				last = &found[i];
		if (last == NULL)
			break;
		here = *last;
		here.p = b->p + begin + (last->p - p->in.line);
		json_member(&here, &from, &to);
		memmove(b->p + (from - b->p), to, (size_t)(b->p + b->len - to));
		b->len -= (size_t)(to - from);
		last->type = JSON_NONE;
	}
}

static void
take(struct publisher *p, struct json_span *found)
{
	if (p->plan->pass)
		out_record(p->in.line, p->in.len);
	/* What says that records are missing is never left out. */
	if (!skip_is(p->in.line, p->in.len) &&
	    p->seen++ % (uint64_t)p->plan->every != 0)
		return;
	gather(p, found);
	if (p->text.len >= MESSAGE) {
		end_message(p);
		/* Twice, so that what waits grows no longer. */
		if (send_next(p))
			send_next(p);
	}
}

/* Nothing of it is sent before it has been committed. */
static int
pass_barrier(struct publisher *p)
{
	long long n = barrier_number(p->in.line, p->in.len);

	if (n == 0)
		return 0;
	end_message(p);
	p->kept = p->box.next;
	p->generation = n;
	state_barrier(p->in.line, p->in.len);
	return 1;
}

static void
open_all(struct publisher *p)
{
	static const char *const may_differ[] = {SERVEROPT_NAMES, "subject",
	    "make-stream", "spool", "spool-limit", "drop", "every", "pass",
	    "skip-bad", "state", "wait", NULL};
	const struct state_setup setup = {
	    .tool = p->plan->tool,
	    .may_differ = may_differ,
	    .walk = remember,
	    .ctx = p,
	};

	state_open(&setup);
	if (barrier_expected() && p->plan->spool == NULL)
		err_die("'--spool': is needed under driftpipe-run, since what "
			"is not committed yet must not be sent");
	for (size_t i = 0; i < p->plan->drop.n; i++)
		if (jsonpath_add(&p->drop, p->plan->drop.item[i]) < 0)
			err_die("'--drop': not a dotted path: '%s'",
			    p->plan->drop.item[i]);
	outbox_draw(p->box.origin);
	p->box.next = 1;
	/* The first time nothing has been committed. */
	if (barrier_expected() && p->kept == 0)
		p->kept = 1;
	if (p->plan->spool != NULL)
		outbox_open(&p->box, p->plan->spool, p->plan->limit, p->kept);
	p->committed = p->box.next;
}

/* Also where there was nothing to be sent to it. */
static void
end_make(struct publisher *p)
{
	enum jetstream_result r;

	while (p->plan->make != NULL && !p->is_made && !rec_stopped()) {
		r = link_try(&p->link) ? make_stream(p) : JETSTREAM_NOTHING;
		if (r == JETSTREAM_BROKEN || r == JETSTREAM_WRONG)
			link_break(&p->link, r);
		if (r == JETSTREAM_DONE || p->plan->spool != NULL)
			break;
		link_sleep(&p->link, LATENCY);
	}
	if (p->plan->make != NULL && !p->is_made)
		err_warn("%s: the stream has not been made", p->plan->make);
}

static void
close_all(struct publisher *p)
{
	double until = barrier_expected() ? clock_monotonic() + ENDING
					  : INFINITY;

	end_message(p);
	while (!rec_stopped() && clock_monotonic() < until && send_next(p))
		;
	end_make(p);
	if (outbox_waiting(&p->box) > 0)
		err_warn("%s: %" PRIu64 " records wait to be sent",
		    p->plan->spool, outbox_waiting(&p->box));
	if (p->box.dropped > 0)
		err_warn("%s: %llu records were dropped", p->plan->spool,
		    p->box.dropped);
	link_close(&p->link);
	/* What came before it has been sent. */
	if (p->in.trouble != NULL)
		err_die("%s", p->in.trouble);
	rec_close(&p->in);
	out_close();
	state_end();
}

void
publish_run(const struct publish_plan *plan, char **files, int n)
{
	static struct publisher p;
	struct json_span found[JSON_PATHS];
	struct json_line line;

	p.plan = plan;
	p.link = (struct link){.server = plan->server, .patient = 1};
	open_all(&p);
	rec_open(&p.in, files, n, '\n');
	p.in.skip_bad = plan->skip_bad;
	p.in.patient = 1;
	rec_when_idle(LATENCY, on_idle, &p);
	for (;;) {
		if ((p.records > 0 || p.box.n > 0) && !rec_waiting(&p.in))
			on_idle(&p);
		if (!rec_json(&p.in, &p.drop, found, &line))
			break;
		if (!pass_barrier(&p))
			take(&p, found);
	}
	close_all(&p);
}
