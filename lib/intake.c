#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "err.h"
#include "intake.h"

enum {
	AHEAD = 16, /* images decoded ahead by a process, at most */
	AHEAD_BYTES = 1 << 20,
	PIXEL_BYTES = 32, /* that a decoder may take for a pixel */
	BASE_BYTES = 64 << 20
};

/* What a worker says of a file. */
struct decoded {
	int failed;
	char stage[8], reason[104];
	struct pixels_stats seen;
	float input[];
};

static struct intake_item *
item_at(const struct intake *in, size_t i)
{
	return &in->ring[(in->first + i) % in->window];
}

/* In the worker. */
static void
decode(const void *ctx, int fd, size_t len, void *result)
{
	const struct intake_setup *setup = ctx;
	struct decoded *d = result;
	struct image im = {0};
	struct image_error e = {"", ""};

	d->failed = image_read(&im, fd, len, setup->max_pixels, &e) < 0 ||
		    classify_see(setup->model, &im, d->input, &d->seen, &e) < 0;
	image_free(&im);
	if (!d->failed)
		return;
	snprintf(d->stage, sizeof(d->stage), "%s", e.stage);
	snprintf(d->reason, sizeof(d->reason), "%s", e.reason);
}

/*
 * How many images are taken in before the first is answered: two batches, so
 * that one is decoded while the other is classified, and some more, so that
 * messages between processes are few; of large ones there need be no more.
 */
static size_t
choose_window(const struct intake *in)
{
	size_t bytes = in->setup.model->input * sizeof(float);
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
	size_t floats = setup->model->input;
	struct worker_plan plan = {.work = decode,
	    .ctx = &in->setup,
	    .size = sizeof(struct decoded) + floats * sizeof(float),
	    .memory = BASE_BYTES + PIXEL_BYTES * setup->max_pixels,
	    .seconds = setup->seconds,
	    .no_sandbox = setup->no_sandbox};
	size_t jobs = (size_t)setup->jobs;

	if (setup->no_sandbox)
		err_warn("images are decoded without a sandbox");
	*in = (struct intake){.setup = *setup, .source = source};
	in->window = choose_window(in);
	plan.depth = (in->window + jobs - 1) / jobs;
	pool_open(&in->pool, setup->jobs, &plan);
	in->ring = err_calloc(in->window, sizeof(*in->ring));
	in->inputs = err_calloc(
	    (size_t)setup->batch, floats * sizeof(*in->inputs));
}

/* Makes a file of bytes that are in memory. */
static int
make_file(struct source_item *s)
{
	size_t n = 0;

	s->fd = memfd_create("image", MFD_CLOEXEC);
	if (s->fd < 0)
		return -1;
	while (n < s->data.len) {
		ssize_t k = write(s->fd, s->data.p + n, s->data.len - n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0) {
			close(s->fd);
			return -1;
		}
		n += (size_t)k;
	}
	s->size = n;
	buf_free(&s->data);
	s->kind = SOURCE_FILE;
	return 0;
}

/* Sets a decoder to work where one is needed. */
static void
start(struct intake *in, struct intake_item *item)
{
	struct source_item *s = &item->from;

	if (s->kind == SOURCE_BYTES && make_file(s) < 0) {
		s->error = (struct image_error){"read", strerrordesc_np(errno)};
		s->kind = SOURCE_ERROR;
	}
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
fill(struct intake *in)
{
	while (!in->ended && in->n < in->window && may_take(in)) {
		struct intake_item *item = item_at(in, in->n);

		in->ended = !source_next(in->source, &item->from);
		if (!in->ended) {
			start(in, item);
			in->n++;
		}
	}
}

/* What a worker has made of a file; nothing there is to be believed. */
static int
take_decoded(struct intake *in, struct intake_item *item, float *input)
{
	struct decoded head = {0};
	const char *why;
	const struct decoded *d = pool_take(&in->pool, &why);

	if (d == NULL) {
		item->error = (struct image_error){"decode", why};
		return -1;
	}
	memcpy(&head, d, sizeof(head));
	item->seen = head.seen;
	memcpy(item->stage, head.stage, sizeof(item->stage));
	memcpy(item->reason, head.reason, sizeof(item->reason));
	item->stage[sizeof(item->stage) - 1] = '\0';
	item->reason[sizeof(item->reason) - 1] = '\0';
	item->error = (struct image_error){item->stage, item->reason};
	if (head.failed)
		return -1;
	memcpy(input, d->input, in->setup.model->input * sizeof(*input));
	return 0;
}

/* Pixels are nothing that could do harm: they need no worker. */
static int
take_pixels(struct intake *in, struct intake_item *item, float *input)
{
	struct image im;
	int r = source_image(
	    &item->from, in->setup.max_pixels, &im, &item->error);

	if (r == 0)
		r = classify_see(
		    in->setup.model, &im, input, &item->seen, &item->error);
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
	size_t files = 0, size = in->setup.model->input;

	*inputs = 0;
	/* An open file holds its directory and its disk. */
	for (size_t i = 0; i < in->last; i++)
		source_item_empty(&item_at(in, i)->from);
	in->first = (in->first + in->last) % in->window;
	in->n -= in->last;
	fill(in);
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
