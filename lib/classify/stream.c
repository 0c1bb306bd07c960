#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/num.h"
#include "classify/stream.h"
#include "run/state.h"
#include "tool/barrier.h"
#include "tool/err.h"
#include "tool/out.h"
#include "tool/rec.h"

static void
show_progress(const struct stream *s)
{
	char note[NUM_SIZE + 10];

	snprintf(note, sizeof(note), "%llu errors", s->out.errors);
	err_progress("images", s->out.records, s->source->total,
	    s->out.errors > 0 ? note : NULL);
}

/* What is saved. */
static void
walk_state(void *ctx, struct store *store)
{
	struct stream *s = ctx;

	store_count(store, "records", &s->out.records);
	store_count(store, "errors", &s->out.errors);
	recmodel_state(&s->model, store);
	seen_state(&s->source->watch.seen, store);
	if (store_optional(store, "images", s->source->count > 0))
		store_count(store, "images", &s->source->count);
}

/* Everything that was taken in has been answered. */
static void
send_barrier(struct stream *s)
{
	state_keep(++s->generation);
	record_barrier(&s->out, s->generation);
	s->next = clock_monotonic() + s->setup.barrier;
}

static int
barrier_is_due(const struct stream *s)
{
	return s->setup.barrier > 0 && clock_monotonic() >= s->next;
}

/* While the source waits for input. */
static void
on_idle(void *ctx)
{
	struct stream *s = ctx;

	if (s->in.n == 0 && barrier_is_due(s))
		send_barrier(s);
}

/* Whether the model is still that of the last run. */
static void
compare_model(struct stream *s, const char *id)
{
	struct buf text = {0};
	struct json_span name;

	buf_json(&text, id, strlen(id));
	if (text.failed)
		err_memory();
	name = (struct json_span){text.p, text.len, JSON_STRING};
	if (recmodel_differs(&s->model, &name)) {
		err_warn("the model is \"%s\", and was \"%.*s\" in the last "
			 "run: it needs a reference of its own",
		    id, (int)s->model.len, s->model.name);
		s->model.len = 0;
	}
	recmodel_learn(&s->model, &name);
	buf_free(&text);
}

void
stream_open(struct stream *s, struct source *source, struct classify *model,
    const struct stream_setup *setup)
{
	const struct state_setup state = {
	    .tool = setup->tool, .walk = walk_state, .ctx = s};

	*s = (struct stream){.setup = *setup, .source = source};
	s->out = (struct record){
	    .model = model, .makes_barriers = !isnan(setup->barrier)};
	given_open(&s->out.given, &setup->given);
	/* The decoders are not to hold the lock of the state. */
	intake_open(&s->in, source, &setup->intake);
	state_open(&state);
	compare_model(s, model->id);
	s->records = s->out.records;
	s->errors = s->out.errors;
	s->generation = state_generation() < 0 ? 0 : state_generation();
	s->next = clock_monotonic() + setup->barrier;
	if (setup->barrier > 0)
		rec_when_idle(
		    (int)fmin(setup->barrier * 1000 + 1, 60000), on_idle, s);
}

static void
put_batch(struct stream *s, size_t n, int inputs)
{
	if (inputs > 0)
		classify_predict(s->out.model, s->in.inputs, inputs);
	for (size_t i = 0; i < n; i++)
		record_put(&s->out, intake_item(&s->in, i));
	show_progress(s);
}

void
stream_run(struct stream *s)
{
	int inputs;
	size_t n;

	while ((n = intake_next(&s->in, &inputs)) > 0 || s->in.hold) {
		if (n > 0)
			put_batch(s, n, inputs);
		else
			send_barrier(s);
		s->in.hold = barrier_is_due(s);
	}
	intake_close(&s->in);
}

void
stream_close(struct stream *s)
{
	const char *trouble = s->source->trouble;
	unsigned long long records = s->out.records - s->records;
	unsigned long long errors = s->out.errors - s->errors;

	if (s->setup.trailer && !rec_stopped() && trouble == NULL)
		record_trailer(&s->out, records, errors);
	if (!isnan(s->setup.barrier) && trouble == NULL)
		send_barrier(s);
	err_progress_end();
	classify_report(s->out.model);
	record_free(&s->out);
	out_flush();
	if (trouble == NULL)
		state_end();
	out_close();
	if (trouble != NULL)
		err_die("%s", trouble);
	if (errors > 1 && s->setup.allow_errors && barrier_expected())
		err_warn(
		    "%llu of %llu images could not be read", errors, records);
	if (errors > 0 && !s->setup.allow_errors)
		err_die(
		    "%llu of %llu images could not be read", errors, records);
}
