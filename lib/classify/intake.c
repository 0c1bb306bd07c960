#include <stdlib.h>
#include <sys/resource.h>

#include "tool/err.h"
#include "classify/intake.h"

enum {
	AHEAD = 16, /* images decoded ahead by a process, at most */
	AHEAD_BYTES = 1 << 20
};

static struct intake_item *
item_at(const struct intake *in, size_t i)
{
	return &in->ring[(in->first + i) % in->window];
}

/*
 * How many images are taken in before the first is answered: two batches, so
 * that one is decoded while the other is classified, and some more, so that
 * messages between processes are few; of large ones there need be no more.
 */
static size_t
choose_window(const struct intake *in)
{
	size_t bytes = task_floats(&in->task) * sizeof(float);
	size_t ahead = AHEAD_BYTES / bytes;
	size_t window = 2 * (size_t)in->setup.batch;
	struct rlimit files;

	ahead = ahead < 1 ? 1 : ahead > AHEAD ? AHEAD : ahead;
	window += ahead * (size_t)in->setup.jobs;
	/* Each holds a file open. */
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 &&
	    window > files.rlim_cur / 2)
		window = files.rlim_cur / 2;
	return window > 0 ? window : 1;
}

void
intake_open(
    struct intake *in, struct source *source, const struct intake_setup *setup)
{
	const struct classify *model = setup->model;
	struct protocol_plan plan;
	size_t jobs = (size_t)setup->jobs;

	if (setup->no_sandbox)
		err_warn("images are decoded without a sandbox");
	*in = (struct intake){.setup = *setup, .source = source};
	in->task = (struct task){.prep = model->prep,
	    .width = model->width,
	    .height = model->height,
	    .channels = model->channels,
	    .max_pixels = setup->max_pixels};
	in->window = choose_window(in);
	plan = task_plan(&in->task);
	plan.seconds = setup->seconds;
	plan.no_sandbox = setup->no_sandbox;
	plan.depth = (in->window + jobs - 1) / jobs;
	pool_open(&in->pool, setup->jobs, &plan);
	in->ring = err_calloc(in->window, sizeof(*in->ring));
	in->inputs = err_calloc(
	    (size_t)setup->batch, task_floats(&in->task) * sizeof(*in->inputs));
}

/* Sets a decoder to work where one is needed. */
static void
give_to_decoder(struct intake *in, struct intake_item *item)
{
	struct source_item *s = &item->from;

	source_item_file(s);
	if (s->kind == SOURCE_FILE)
		pool_put(&in->pool, s->fd, s->size);
}

/* What the source has read ahead counts as taken by it. */
static int
may_take(struct intake *in)
{
	if (in->hold)
		return in->source->have_ahead;
	return in->n == 0 || source_waiting(in->source);
}

/* Takes in what is waiting; waits only when there is nothing else to do. */
static void
take_in(struct intake *in)
{
	while (!in->ended && in->n < in->window && may_take(in)) {
		struct intake_item *item = item_at(in, in->n);

		in->ended = !source_next(in->source, &item->from);
		if (!in->ended) {
			give_to_decoder(in, item);
			in->n++;
		}
	}
}

/* What a decoder process has made of a file. */
static int
take_decoded(struct intake *in, struct intake_item *item, float *input)
{
	const char *why;
	const void *result = pool_take(&in->pool, &why);
	struct task_answer *a = &item->answer;

	if (result == NULL) {
		item->error = (struct image_error){"decode", why};
		return -1;
	}
	task_copy(&in->task, result, a, input);
	item->seen = a->seen;
	item->error = (struct image_error){a->failure.stage, a->failure.reason};
	return a->failure.failed ? -1 : 0;
}

/* Pixels are nothing that could do harm: they need no worker. */
static int
take_pixels(struct intake *in, struct intake_item *item, float *input)
{
	struct task_look l;
	struct image im;
	int r;

	source_item_pixels(&item->from, &im);
	task_init(&l, &in->task, &im, input);
	r = task_end(&l, &im, &item->seen, &item->error);
	task_free(&l);
	image_free(&im);
	return r;
}

static int
settle(struct intake *in, struct intake_item *item, float *input)
{
	switch (item->from.kind) {
	case SOURCE_FILE:
		return take_decoded(in, item, input);
	case SOURCE_PIXELS:
		return take_pixels(in, item, input);
	default:
		item->error = item->from.error;
		return -1;
	}
}

size_t
intake_next(struct intake *in, int *inputs)
{
	size_t files = 0, size = task_floats(&in->task);

	*inputs = 0;
	/* An open file holds its directory and its disk. */
	for (size_t i = 0; i < in->last; i++)
		source_item_empty(&item_at(in, i)->from);
	in->first = (in->first + in->last) % in->window;
	in->n -= in->last;
	take_in(in);
	in->last = in->n;
	if (in->last > (size_t)in->setup.batch)
		in->last = (size_t)in->setup.batch;
	for (size_t i = 0; i < in->last; i++)
		files += item_at(in, i)->from.kind == SOURCE_FILE;
	pool_await(&in->pool, files);
	for (size_t i = 0; i < in->last; i++) {
		struct intake_item *item = item_at(in, i);
		float *input = in->inputs + (size_t)*inputs * size;

		item->input = settle(in, item, input) == 0 ? (*inputs)++ : -1;
	}
	return in->last;
}

const struct intake_item *
intake_item(const struct intake *in, size_t i)
{
	return item_at(in, i);
}

void
intake_close(struct intake *in)
{
	pool_close(&in->pool);
	for (size_t i = 0; i < in->window; i++)
		source_item_free(&in->ring[i].from);
	free(in->ring);
	free(in->inputs);
}
