#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "decoder/task.h"
#include "image/decode.h"

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

int
task_see(const struct task *t, struct image *im, float *tensor,
    struct pixels_stats *seen, struct image_error *e)
{
	int turned = im->orientation > 4 && !t->prep.no_exif;

	if (prep_tensor(
		&t->prep, im, t->width, t->height, t->channels, tensor) < 0) {
		*e = (struct image_error){"decode", NO_MEMORY};
		return -1;
	}
	*seen = pixels_stats(im);
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

	int failed;

	ask_for_less(t, &im);
	failed = decode_fd(&im, fd, len, t->max_pixels, &e) < 0 ||
		 task_see(t, &im, r->tensor, &r->answer.seen, &e) < 0;

	task_fail(&r->answer.failure, failed, &e);
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
