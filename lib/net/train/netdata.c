#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decoder/pool.h"
#include "decoder/task.h"
#include "tool/err.h"
#include "image/idx.h"
#include "image/decode.h"
#include "net/train/netdata.h"
#include "stats/rng.h"

enum { PIXELS_MAX = 100000000 };

/* What is kept: mean and scale come after the augmentation. */
static struct task
task_of(const struct netdata *d)
{
	struct task t = {.prep = d->prep,
	    .width = d->shape.width,
	    .height = d->shape.height,
	    .channels = d->shape.channels,
	    .max_pixels = PIXELS_MAX};

	for (int c = 0; c < 3; c++) {
		t.prep.mean[c] = 0;
		t.prep.scale[c] = 1;
	}
	return t;
}

/* Keeps what a network takes as image i. */
static void
keep_image(struct netdata *d, size_t i, const float *tensor)
{
	uint16_t *to = d->pixels + i * d->size;

	for (size_t k = 0; k < d->size; k++)
		to[k] = (uint16_t)(tensor[k] * UINT16_MAX + .5f);
}

static void
load_idx(struct netdata *d, const char *images, const char *labels)
{
	float *tensor = err_malloc(d->size * sizeof *tensor);
	struct task task = task_of(d);
	struct pixels_stats unused;
	struct image_error e;
	struct task_look l;
	struct idx im, lab;
	const char *why;
	size_t i;

	if ((why = idx_load(&im, images)) != NULL)
		err_die("%s: %s", images, why);
	if ((why = idx_load(&lab, labels)) != NULL)
		err_die("%s: %s", labels, why);
	if (lab.rows != 1 || lab.cols != 1)
		err_die("%s: has images, not labels", labels);
	if (lab.count != im.count)
		err_die("%s: has %zu labels for the %zu images of '%s'", labels,
		    lab.count, im.count, images);
	d->n = im.count;
	d->pixels = err_calloc(d->n, d->size * sizeof *d->pixels);
	d->class = err_malloc(d->n * sizeof *d->class + 1);
	for (i = 0; i < d->n; i++) {
		struct image one = {.width = (int)im.cols,
		    .height = (int)im.rows,
		    .channels = 1,
		    .pixels = im.data + i * im.rows * im.cols};

		task_init(&l, &task, &one, tensor);
		if (task_end(&l, &one, &unused, &e) < 0)
			err_memory();
		task_free(&l);
		keep_image(d, i, tensor);
		d->class[i] = lab.data[i];
		if (d->class[i] >= d->shape.classes)
			err_die("%s: label %zu: class %d is not one of %d",
			    labels, i, d->class[i], d -> shape.classes);
	}
	free(tensor);
	idx_free(&im);
	idx_free(&lab);
}

/* The class that a word of a list means, or -1. */
static int
class_of(const char *word, const struct labels *names, int classes)
{
	char *end;
	long c = strtol(word, &end, 10);
	size_t i;

	if (end != word && *end == '\0')
		return c >= 0 && c < classes ? (int)c : -1;
	for (i = 0; i < names->n; i++)
		if (strcmp(names->name[i], word) == 0)
			return (int)i;
	return -1;
}

/* Splits "PATH CLASS" after the path; a class name may have blanks. */
static char *
split(char *line, const struct labels *names, int classes, int *class)
{
	char *p;

	line[strcspn(line, "\r\n")] = '\0';
	for (p = strpbrk(line, " \t"); p != NULL; p = strpbrk(p + 1, " \t"))
		if ((*class = class_of(p + strspn(p, " \t"), names, classes)) >=
		    0) {
			*p = '\0';
			return line;
		}
	return NULL;
}

/* What a list of files needs on the way. */
struct loader {
	struct netdata *d;
	const char *path; /* of the list */
	const struct labels *names;
	size_t cap; /* images that there is room for */
	struct task task;
	struct pool pool; /* of one process */
	float *tensor;
};

/* Has a file decoded into the tensor. Returns 0, or -1 with *e set. */
static int
decode(struct loader *l, const char *path, struct task_answer *a,
    struct image_error *e)
{
	size_t len;
	const char *why;
	const void *result;
	int fd = decode_open(path, &len, e);

	if (fd < 0)
		return -1;
	result = pool_do(&l->pool, fd, len, &why);
	close(fd);
	if (result == NULL)
		return image_fail(e, "decode", why);
	task_copy(&l->task, result, a, l->tensor);
	if (!a->failure.failed)
		return 0;
	return image_fail(e, a->failure.stage, a->failure.reason);
}

static void
make_room(struct loader *l)
{
	struct netdata *d = l->d;

	if (d->n < l->cap)
		return;
	l->cap = l->cap * 2 + 256;
	d->pixels = err_realloc(
	    d->pixels, l->cap * d->size * sizeof *d->pixels);
	d->class = err_realloc(d->class, l->cap * sizeof *d->class);
}

static void
load_line(struct loader *l, char *line)
{
	struct netdata *d = l->d;
	struct task_answer answer;
	struct image_error e;
	int class, classes = d->shape.classes;

	if (split(line, l->names, classes, &class) == NULL)
		err_die("%s:%zu: is not a path and one of %d classes", l->path,
		    d->n + 1, classes);
	if (decode(l, line, &answer, &e) < 0)
		err_die("%s:%zu: '%s': %s", l->path, d->n + 1, line, e.reason);
	make_room(l);
	keep_image(d, d->n, l->tensor);
	d->class[d->n++] = class;
	err_progress("images", d->n, 0, NULL);
}

static void
open_decoder(struct loader *l)
{
	struct protocol_plan plan;

	if (l->d->no_sandbox)
		err_warn("images are decoded without a sandbox");
	l->task = task_of(l->d);
	plan = task_plan(&l->task);
	plan.depth = 1;
	plan.seconds = TASK_SECONDS;
	plan.no_sandbox = l->d->no_sandbox;
	pool_open(&l->pool, 1, &plan);
}

static void
load_list(struct netdata *d, const char *path, const struct labels *names)
{
	struct loader l = {.d = d, .path = path, .names = names};
	FILE *f = fopen(path, "re");
	size_t room = 0;
	char *line = NULL;

	if (f == NULL)
		err_die("%s: %m", path);
	l.tensor = err_malloc(d->size * sizeof *l.tensor);
	open_decoder(&l);
	while (getline(&line, &room, f) >= 0)
		load_line(&l, line);
	err_progress_end();
	if (ferror(f))
		err_die("%s: %m", path);
	fclose(f);
	pool_close(&l.pool);
	free(line);
	free(l.tensor);
}

void
netdata_load(struct netdata *d, const char *images, const char *labels,
    const struct labels *names)
{
	struct net_shape shape = d->shape;

	if (shape.channels != 1 && shape.channels != 3)
		err_die("network: has %d channels, not 1 or 3", shape.channels);
	d->size = (size_t)shape.channels * (size_t)shape.height *
		  (size_t)shape.width;
	if (labels != NULL)
		load_idx(d, images, labels);
	else
		load_list(d, images, names);
	if (d->n == 0)
		err_die("%s: has no images", images);
}

void
netdata_free(struct netdata *d)
{
	free(d->pixels);
	free(d->class);
}

static size_t
index_of(const struct netdata_view *v, size_t i)
{
	return v->order != NULL ? v->order[v->first + i] : v->first + i;
}

/* Copies a plane, mirrored and moved; what comes in at the edge is black. */
static void
copy_plane(
    const uint16_t *from, int w, int h, int flip, int dx, int dy, float *to)
{
	int x, y;

	for (y = 0; y < h; y++)
		for (x = 0; x < w; x++) {
			int sx = (flip ? w - 1 - x : x) + dx, sy = y + dy;

			*to++ = sx < 0 || sx >= w || sy < 0 || sy >= h
				    ? 0
				    : (float)from[sy * w + sx] / UINT16_MAX;
		}
}

static void
image_at(void *ctx, size_t i, float *input)
{
	const struct netdata_view *v = ctx;
	const struct netdata *d = v->data;
	const uint16_t *p = d->pixels + index_of(v, i) * d->size;
	int w = d->shape.width, h = d->shape.height, c;
	int flip = 0, dx = 0, dy = 0;
	struct rng r;

	if (v->flip || v->shift > 0) {
		rng_seed(&r, v->seed, v->stream + i);
		flip = v->flip && rng_below(&r, 2);
		dx = (int)rng_below(&r, 2 * (unsigned)v->shift + 1) - v->shift;
		dy = (int)rng_below(&r, 2 * (unsigned)v->shift + 1) - v->shift;
	}
	for (c = 0; c < d->shape.channels; c++)
		copy_plane(p + (long)c * w * h, w, h, flip, dx, dy,
		    input + (long)c * w * h);
	prep_normalise(
	    &d->prep, d->shape.channels, (size_t)w * (size_t)h, input);
}

static int
class_at(void *ctx, size_t i)
{
	const struct netdata_view *v = ctx;

	return v->data->class[index_of(v, i)];
}

struct netdata_images
netdata_images(struct netdata_view *v)
{
	return (struct netdata_images){image_at, class_at, v};
}
