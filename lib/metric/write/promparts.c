#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "json/keyhash.h"
#include "metric/tallyjoin.h"
#include "metric/write/promparts.h"
#include "tool/err.h"

/* Room for all that an old part has; its own limits are not kept. */
enum { STREAMS = 1000000, SERIES = 100000000 };

/* Which streams a part is to get; those of the run itself have its name. */
struct choice {
	const char *old, *own;
	size_t part, parts;
	struct buf quoted;
};

/* "run-2of4" as it is called in another part; to be freed. */
static char *
rename_stream(const char *stream, const char *before, const char *after)
{
	size_t n = strlen(stream), tail = strlen(before);
	char *text;

	if (n >= tail && strcmp(stream + n - tail, before) == 0)
		n -= tail;
	if (asprintf(&text, "%.*s%s", (int)n, stream, after) < 0)
		err_memory();
	return text;
}

static void
set_up(struct tally *t, const char *stream, size_t window)
{
	const struct tally_setup setup = {.window = window,
	    .stream = stream,
	    .groups = STREAMS,
	    .images = {.limit = SERIES, .top = SIZE_MAX}};

	tally_init(t, &setup);
}

static const char *
pick(void *ctx, const char *stream)
{
	struct choice *c = ctx;
	struct json_span value;
	uint32_t hash;

	if (strcmp(stream, c->old) == 0)
		return c->part == 0 ? c->own : NULL;
	c->quoted.len = 0;
	buf_json(&c->quoted, stream, strlen(stream));
	if (c->quoted.failed)
		err_memory();
	value = (struct json_span){c->quoted.p, c->quoted.len, JSON_STRING};
	return keyhash(&value, &hash) && hash % c->parts == c->part ? stream
								    : NULL;
}

/* What was skipped, by the new name of the run. */
static void
join_skipped(struct prom *p, const struct prom *from)
{
	for (size_t i = 0; i < from->series.n && !p->failed; i++)
		prom_join(p, from, i);
}

static const char *
read_tally(const struct statetext *t, size_t window, struct tally *to,
    const char *stream)
{
	struct store s;

	set_up(to, stream, window);
	store_read(&s, t->state.p, t->state.len);
	store_open(&s, NULL, '{');
	tally_state(to, &s);
	store_close(&s, '}');
	return store_end(&s);
}

static const char *
put_part(const struct repartition *r, const struct tally *old,
    char *const *stream, size_t window, size_t part)
{
	char *own = rename_stream(stream[0], r->before[0], r->after[part]);
	struct choice c = {.own = own, .part = part, .parts = r->to};
	const struct tallyjoin_choice choice = {pick, &c};
	struct tally t;
	struct store s;

	set_up(&t, own, window);
	for (size_t i = 0; i < r->from; i++) {
		c.old = tallygroup_label(&old[i].group, 0);
		tallyjoin_streams(&t, &old[i], &choice);
		if (part > 0)
			continue;
		tallyjoin_counts(&t, &old[i]);
		join_skipped(&t.skipped, &old[i].skipped);
	}
	/* The end of the stream is everybody's. */
	t.records[TALLY_TRAILER] = old[0].records[TALLY_TRAILER];
	store_write(&s, &r->out[part]);
	store_open(&s, NULL, '{');
	tally_state(&t, &s);
	store_close(&s, '}');
	free(own);
	buf_free(&c.quoted);
	tally_free(&t);
	return t.failed || r->out[part].failed ? NO_MEMORY : NULL;
}

const char *
promparts(const struct repartition *r)
{
	struct tally *old = err_calloc(r->from, sizeof(*old));
	char **stream = err_calloc(r->from, sizeof(*stream));
	size_t window = 0;
	const char *why = NULL;

	for (size_t i = 0; i < r->from; i++) {
		char *text = statetext_option(&r->old[i].options, "window");
		size_t n = strtoul(text, NULL, 10);
		const char *bad;

		stream[i] = statetext_option(&r->old[i].options, "stream");
		if (i > 0 && n != window)
			why = "the parts have another '--window'";
		window = n;
		bad = read_tally(&r->old[i], window, &old[i], stream[i]);
		why = why != NULL ? why : bad;
		free(text);
	}
	for (size_t k = 0; k < r->to && why == NULL; k++)
		why = put_part(r, old, stream, window, k);
	for (size_t i = 0; i < r->from; i++) {
		tally_free(&old[i]);
		free(stream[i]);
	}
	free(old);
	free(stream);
	return why;
}
