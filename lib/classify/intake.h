/*
 * From names to what a network takes, several images at a time: source.h says
 * where images come from, processes of their own decode them (decoder/), and
 * they come out in the order of the input.
 *
 * A batch is what is there: as long as input is waiting, images are taken in
 * and decoded ahead, but none waits for input that may come. Memory is bounded
 * by the batch and the number of processes.
 */
#ifndef INTAKE_H
#define INTAKE_H

#include "classify/classify.h"
#include "image/image.h"
#include "image/pixels.h"
#include "decoder/pool.h"
#include "decoder/task.h"
#include "input/source.h"

enum { INTAKE_BATCH = 256, INTAKE_JOBS = 32 }; /* at most */

struct intake_setup {
	const struct classify *model; /* kept; has the preprocessing */
	size_t max_pixels;
	int batch, jobs; /* images at a time; processes that decode */
	double seconds;  /* of a processor that an image may take */
	int no_sandbox;
};

struct intake_item {
	struct source_item from;
	int input; /* which one of the batch's is its own; -1: none */
	struct pixels_stats seen;
	struct image_error error;  /* when there is no input */
	struct task_answer answer; /* of a decoder process */
};

struct intake {
	struct intake_setup setup;
	struct source *source; /* kept */
	struct task task;
	struct pool pool;
	struct intake_item *ring;
	size_t window;         /* items in the ring, at most */
	size_t first, n, last; /* oldest; items there; items in the batch */
	int ended;
	/*
	 * Set it: nothing more is taken in, and intake_next returns 0 when all
	 * that was has been given.
	 */
	int hold;
	float *inputs;
};

void intake_open(
    struct intake *in, struct source *source, const struct intake_setup *setup);

/*
 * The next batch: the number of its items, of which those before are gone; 0
 * at the end. *inputs is how many images are in in->inputs, one after the
 * other: items that can't be read have none.
 */
size_t intake_next(struct intake *in, int *inputs);

/* Item i of the batch. */
const struct intake_item *intake_item(const struct intake *in, size_t i);

void intake_close(struct intake *in);

#endif
