#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "err.h"
#include "idx.h"
#include "image.h"
#include "netdata.h"
#include "rng.h"

enum { PIXELS_MAX = 100000000 };

/* Brings im to the network's size and keeps it as image i. */
static void
add(struct netdata *d, size_t i, struct image *im, float *tensor)
{
	struct prep prep = d->prep;
	uint16_t *to = d->pixels + i * d->size;

	/* Mean and scale come behind the augmentation. */
	for (int c = 0; c < 3; c++) {
		prep.mean[c] = 0;
		prep.scale[c] = 1;
	}
	if (prep_tensor(&prep, im, d->shape.width, d->shape.height,
		d->shape.channels, tensor) < 0) {
		errno = ENOMEM;
		err_die("images: %m");
	}
	for (size_t k = 0; k < d->size; k++)
		to[k] = (uint16_t)(tensor[k] * UINT16_MAX + .5f);
}

static void
load_idx(struct netdata *d, const char *images, const char *labels)
{
	float *tensor = err_malloc(d->size * sizeof *tensor);
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

		add(d, i, &one, tensor);
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

/* Splits "PATH CLASS" behind the path; a class name may have blanks. */
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

static void
load_list(struct netdata *d, const char *path, const struct labels *names)
{
	float *tensor = err_malloc(d->size * sizeof *tensor);
	FILE *f = fopen(path, "re");
	size_t room = 0, cap = 0;
	char *line = NULL;

	if (f == NULL)
		err_die("%s: %m", path);
	while (getline(&line, &room, f) >= 0) {
		struct image_error e;
		struct image im;
		int class;

		if (d->n == cap) {
			cap = cap * 2 + 256;
			d->pixels = err_realloc(
			    d->pixels, cap * d->size * sizeof *d->pixels);
			d->class = err_realloc(
			    d->class, cap * sizeof *d->class);
		}
		if (split(line, names, d->shape.classes, &class) == NULL)
			err_die("%s:%zu: is not a path and one of %d classes",
			    path, d->n + 1, d->shape.classes);
		if (image_load(&im, line, PIXELS_MAX, &e) != 0)
			err_die(
			    "%s:%zu: '%s': %s", path, d->n + 1, line, e.reason);
		add(d, d->n, &im, tensor);
		d->class[d->n++] = class;
		image_free(&im);
		err_progress("images", d->n, 0, NULL);
	}
	err_progress_end();
	if (ferror(f))
		err_die("%s: %m", path);
	fclose(f);
	free(line);
	free(tensor);
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
place(const struct netdata_view *v, size_t i)
{
	return v->order != NULL ? v->order[v->first + i] : v->first + i;
}

/* Copies a plane, mirrored and moved; what comes in at the edge is black. */
static void
plane(const uint16_t *from, int w, int h, int flip, int dx, int dy, float *to)
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
image(void *ctx, size_t i, float *input)
{
	const struct netdata_view *v = ctx;
	const struct netdata *d = v->data;
	const uint16_t *p = d->pixels + place(v, i) * d->size;
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
		plane(p + (long)c * w * h, w, h, flip, dx, dy,
		    input + (long)c * w * h);
	prep_normalise(
	    &d->prep, d->shape.channels, (size_t)w * (size_t)h, input);
}

static int
class_at(void *ctx, size_t i)
{
	const struct netdata_view *v = ctx;

	return v->data->class[place(v, i)];
}

struct net_images
netdata_images(struct netdata_view *v)
{
	return (struct net_images){image, class_at, v};
}
