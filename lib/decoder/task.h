/*
 * What a decoder process makes of an image file: what a network takes, and the
 * statistics of its pixels. Or the reason why it can't.
 */
#ifndef TASK_H
#define TASK_H

#include <stddef.h>

#include "decoder/protocol.h"
#include "image/image.h"
#include "image/pixels.h"
#include "image/prep.h"

struct task {
	struct prep prep;
	int width, height, channels; /* of the tensor */
	size_t max_pixels;
};

/* An image on its way through. */
struct task_look {
	const struct task *t;
	float *tensor;
	int begun; /* both of these */
	struct prep_run prep;
	struct pixels pixels;
	struct image_rows rows; /* into them */
};

/* Of the processor, for an image: more than the largest one takes. */
enum { TASK_SECONDS = 60 };

/* Whether an image could not be read, and why, as a process leaves it. */
struct task_failure {
	int failed; /* with stage and reason */
	char stage[8], reason[104];
};

/* What is known of an image beside its tensor. */
struct task_answer {
	struct task_failure failure;
	struct pixels_stats seen;
};

/* Bytes of memory that a process may need for an image so large. */
size_t task_memory(size_t max_pixels);

/* In the process: failed, and *e when it is. */
void task_fail(struct task_failure *f, int failed, const struct image_error *e);

/* In the parent: both texts end, whatever a process has left. */
void task_copy_failure(
    struct task_failure *to, const struct task_failure *from);

/* Floats in a tensor. */
size_t task_floats(const struct task *t);

/* The part of a process's plan that is the task's; *t is kept. */
struct protocol_plan task_plan(const struct task *t);

/*
 * Before an image is decoded: has its rows taken as they come, where that is
 * enough, and with the option asks for less than all of it. All are kept until
 * the end. task_free is allowed at any time.
 */
void task_init(
    struct task_look *l, const struct task *t, struct image *im, float *tensor);
void task_free(struct task_look *l);

/*
 * Then, or of an image in memory, which is turned upright: writes the network's
 * input and says what its pixels are like. Returns 0, or -1 with *e set.
 */
int task_end(struct task_look *l, struct image *im, struct pixels_stats *seen,
    struct image_error *e);

/*
 * In the parent: copies what a process has left. Nothing in it is believed,
 * but it is of the right size and its texts end.
 */
void task_copy(const struct task *t, const void *result, struct task_answer *a,
    float *tensor);

#endif
