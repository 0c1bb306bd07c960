#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "decoder/task.h"
#include "image/decode.h"
#include "image/exif.h"

enum {
	PIXEL_BYTES = 32, /* that a decoder may take for a pixel */
	BASE_BYTES = 64 << 20
};

/* As a process leaves it. */
struct result {
	struct task_answer answer;
	float tensor[];
};

size_t
task_floats(const struct task *t)
{
	return (size_t)t->width * (size_t)t->height * (size_t)t->channels;
}

/*
 * Twice the sides that an image needs before it is cropped: so the filter still
 * has pixels to choose from.
 */
static void
ask_for_less(const struct task *t, struct image *im)
{
	if (!t->prep.fast)
		return;
	im->enough[0] = (int)ceilf(2 * (float)t->width / t->prep.crop);
	im->enough[1] = (int)ceilf(2 * (float)t->height / t->prep.crop);
}

/* Returns 0, or -1 with *e set. */
static int
begin(struct task_look *l, const struct image *im, struct image_error *e)
{
	const struct task *t = l->t;

	l->begun = 1;
	l->pixels = (struct pixels){0};
	if (prep_init(&l->prep, &t->prep, im, t->width, t->height, t->channels,
		l->tensor) < 0 ||
	    pixels_init(&l->pixels, im) < 0)
		return image_fail(e, "decode", NO_MEMORY);
	return 0;
}

static int
begin_rows(void *ctx, const struct image *im, struct image_error *e)
{
	struct task_look *l = ctx;

	if (!prep_by_rows(&l->t->prep, im))
		return 0;
	return begin(l, im, e) < 0 ? -1 : 1;
}

static void
take_row(void *ctx, const void *row)
{
	struct task_look *l = ctx;

	prep_row(&l->prep, row);
	pixels_row(&l->pixels, row);
}

void
task_init(
    struct task_look *l, const struct task *t, struct image *im, float *tensor)
{
	*l = (struct task_look){.t = t,
	    .tensor = tensor,
	    .rows = {.begin = begin_rows, .row = take_row, .ctx = l}};
	im->rows = &l->rows;
	ask_for_less(t, im);
}

void
task_free(struct task_look *l)
{
	if (!l->begun)
		return;
	prep_free(&l->prep);
	pixels_free(&l->pixels);
}

/* Of an image that lies in memory. Returns 0, or -1 with *e set. */
static int
take_image(struct task_look *l, struct image *im, struct image_error *e)
{
	size_t bytes;

	if (!l->t->prep.no_exif && exif_upright(im) < 0)
		return image_fail(e, "decode", NO_MEMORY);
	if (begin(l, im, e) < 0)
		return -1;
	bytes = image_bytes(im) / (size_t)im->height;
	for (int y = 0; y < im->height; y++)
		take_row(l, im->pixels + (size_t)y * bytes);
	return 0;
}

int
task_end(struct task_look *l, struct image *im, struct pixels_stats *seen,
    struct image_error *e)
{
	int turned = im->orientation > 4 && !l->t->prep.no_exif;

	if (!l->begun && take_image(l, im, e) < 0)
		return -1;
	if (prep_end(&l->prep) < 0)
		return image_fail(e, "decode", NO_MEMORY);
	*seen = pixels_stats(&l->pixels);
	if (im->whole[0] > 0) {
		seen->width = im->whole[turned];
		seen->height = im->whole[!turned];
	}
	return 0;
}

size_t
task_memory(size_t max_pixels)
{
	return BASE_BYTES + PIXEL_BYTES * max_pixels;
}

void
task_fail(struct task_failure *f, int failed, const struct image_error *e)
{
	f->failed = failed;
	snprintf(f->stage, sizeof(f->stage), "%s", e->stage);
	snprintf(f->reason, sizeof(f->reason), "%s", e->reason);
}

void
task_copy_failure(struct task_failure *to, const struct task_failure *from)
{
	memcpy(to, from, sizeof(*to));
	to->stage[sizeof(to->stage) - 1] = '\0';
	to->reason[sizeof(to->reason) - 1] = '\0';
}

/* Runs in the decoder process, on a file that nobody vouches for. */
static void
make_tensor(const void *ctx, int fd, size_t len, void *result)
{
	const struct task *t = ctx;
	struct result *r = result;
	struct image im = {0};
	struct image_error e = {"", ""};
	struct task_look l;
	int failed;

	task_init(&l, t, &im, r->tensor);
	failed = decode_fd(&im, fd, len, t->max_pixels, &e) < 0 ||
		 task_end(&l, &im, &r->answer.seen, &e) < 0;
	task_fail(&r->answer.failure, failed, &e);
	task_free(&l);
	image_free(&im);
}

struct protocol_plan
task_plan(const struct task *t)
{
	return (struct protocol_plan){
	    .work = make_tensor,
	    .ctx = t,
	    .size = sizeof(struct result) + task_floats(t) * sizeof(float),
	    .memory = task_memory(t->max_pixels),
	};
}

void
task_copy(const struct task *t, const void *result, struct task_answer *a,
    float *tensor)
{
	const struct result *r = result;

	task_copy_failure(&a->failure, &r->answer.failure);
	a->seen = r->answer.seen;
	if (!a->failure.failed)
		memcpy(tensor, r->tensor, task_floats(t) * sizeof(*tensor));
}
