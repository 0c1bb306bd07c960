#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "err.h"
#include "num.h"
#include "source.h"

static int
fail(struct image_error *e, const char *stage, const char *reason)
{
	e->stage = stage;
	e->reason = reason;
	return -1;
}

void
source_labels(struct idx *labels, const char *path)
{
	const char *why = idx_load(labels, path);

	if (why != NULL)
		err_die("%s: %s", path, why);
	if (labels->rows != 1 || labels->cols != 1)
		err_die("%s: holds images, not labels", path);
}

void
source_open(struct source *s, const char *name, const struct idx *labels)
{
	struct stat st;

	*s = (struct source){.name = name, .count = 1};
	/* A FIFO must not be opened to see what it is. */
	if (stat(name, &st) < 0 || !S_ISREG(st.st_mode) || !idx_is(name))
		return;
	s->broken = idx_load(&s->images, name);
	if (s->broken == NULL && s->images.rows * s->images.cols == 1) {
		s->broken = "holds labels, not images";
		idx_free(&s->images);
	}
	if (s->broken != NULL)
		return;
	s->count = s->images.count;
	s->labels = labels;
	if (labels != NULL && labels->count != s->count)
		err_die("%s: %zu images, but %zu labels", name, s->count,
		    labels->count);
}

int
source_get(const struct source *s, size_t i, size_t max_pixels,
    struct image *im, struct image_error *e)
{
	const struct idx *x = &s->images;
	size_t size = x->rows * x->cols;

	if (s->broken == NULL && x->data == NULL)
		return image_load(im, s->name, max_pixels, e);
	*im = (struct image){
	    .width = (int)x->cols, .height = (int)x->rows, .channels = 1};
	if (s->broken != NULL)
		return fail(e, "decode", s->broken);
	if (size > max_pixels)
		return fail(e, "limit", "too many pixels");
	im->pixels = err_malloc(size);
	memcpy(im->pixels, x->data + i * size, size);
	return 0;
}

int
source_named(const char *name, size_t len, size_t max_pixels, struct image *im,
    struct image_error *e)
{
	if (strlen(name) == len)
		return image_load(im, name, max_pixels, e);
	*im = (struct image){0};
	return fail(e, "open", "no such name");
}

double
source_time(const struct image *im)
{
	struct timespec ts;
	double t = im->mtime;

	if (t == 0) {
		clock_gettime(CLOCK_REALTIME, &ts);
		t = (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
	}
	return floor(t * 1e3) / 1e3;
}

void
source_name(const struct source *s, size_t i, struct buf *b)
{
	size_t len = strlen(s->name);
	char *full;

	if (s->images.data == NULL) {
		buf_json(b, s->name, len);
		return;
	}
	full = err_malloc(len + 1 + NUM_SIZE);
	memcpy(full, s->name, len);
	full[len++] = '#';
	len += num_write_int(full + len, (long long)i);
	buf_json(b, full, len);
	free(full);
}

int
source_truth(const struct source *s, size_t i)
{
	return s->labels != NULL ? s->labels->data[i] : -1;
}

void
source_close(struct source *s)
{
	idx_free(&s->images);
}
