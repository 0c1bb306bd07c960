#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "err.h"
#include "jsonval.h"
#include "num.h"
#include "source.h"

enum { SNIFF = 512 }; /* bytes that tell what an operand is */

static const char *const fields[SOURCE_FIELDS] = {
    [SOURCE_SEQ] = "seq",
    [SOURCE_TIME] = "time",
    [SOURCE_IMAGE] = "image",
    [SOURCE_TRUTH] = "truth",
    [SOURCE_FAULT] = "error",
};

/* Ends the input; the first reason stands. */
__attribute__((format(printf, 2, 3))) static void
end_early(struct source *s, const char *fmt, ...)
{
	va_list ap;

	if (s->trouble != NULL)
		return;
	va_start(ap, fmt);
	if (vasprintf(&s->trouble, fmt, ap) < 0)
		err_die("out of memory");
	va_end(ap);
}

static void
open_labels(struct source *s)
{
	const char *path = s->setup.labels, *why = idx_load(&s->labels, path);

	if (why != NULL)
		err_die("%s: %s", path, why);
	if (s->labels.rows != 1 || s->labels.cols != 1)
		err_die("%s: holds images, not labels", path);
}

void
source_open(struct source *s, const struct source_setup *setup)
{
	static char standard_input[] = "-";
	static char *only[] = {standard_input};

	*s = (struct source){.setup = *setup};
	if (s->setup.count == 0) {
		s->setup.names = only;
		s->setup.count = 1;
	}
	s->total = (unsigned long long)s->setup.count;
	if (setup->labels != NULL)
		open_labels(s);
	for (int i = 0; i < SOURCE_FIELDS; i++)
		json_path(&s->paths, fields[i]);
	rec_open(&s->list, NULL, 0, setup->null ? '\0' : '\n');
}

/* Puts a NUL behind what is in one of an item's buffers. */
static void
terminate(struct buf *b)
{
	buf_put(b, "", 1);
	if (b->failed)
		err_die("out of memory");
	b->len--;
}

static void
set(struct buf *b, const void *p, size_t len)
{
	b->len = 0;
	buf_put(b, p, len);
	terminate(b);
}

static void
fail(struct source_item *item, const char *stage, const char *reason)
{
	item->kind = SOURCE_ERROR;
	item->error = (struct image_error){stage, reason};
}

/* Opens the file of the item's name. */
static void
open_file(struct source_item *item)
{
	const char *path = item->name.p;
	struct stat st;

	if (strlen(path) != item->name.len) {
		fail(item, "open", "no such name");
		return;
	}
	/* Opening a device may already do something. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		fail(item, "open",
		    S_ISDIR(st.st_mode) ? "is a directory"
					: "not a regular file");
		return;
	}
	/* What has become a FIFO meanwhile is not to hold us. */
	item->fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (item->fd < 0) {
		fail(item, "open", strerrordesc_np(errno));
		return;
	}
	if (fstat(item->fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(item->fd);
		fail(item, "open", "not a regular file");
		return;
	}
	item->kind = SOURCE_FILE;
	item->size = (size_t)st.st_size;
	item->mtime = (double)st.st_mtim.tv_sec +
		      1e-9 * (double)st.st_mtim.tv_nsec;
}

static void
empty(struct source_item *item)
{
	if (item->kind == SOURCE_FILE)
		close(item->fd);
	item->kind = SOURCE_NONE;
	item->name.len = item->data.len = item->line.len = 0;
	item->mtime = 0;
	item->truth = -1;
}

/* A record of the list that names an image. */
static void
take_record(struct source_item *item)
{
	const struct json_span *name = &item->field[SOURCE_IMAGE];

	if (item->field[SOURCE_FAULT].type > JSON_NULL) {
		item->kind = SOURCE_PASS;
		return;
	}
	if (name->type != JSON_STRING) {
		fail(item, "record", "no string 'image'");
		return;
	}
	/* The text is never longer than its escaped form. */
	if (buf_room(&item->name, name->len + 1) == NULL)
		err_die("out of memory");
	item->name.len = json_text(name, item->name.p, name->len + 1);
	open_file(item);
}

static int
next_listed(struct source *s, struct source_item *item)
{
	const struct rec *r = &s->list;

	if (!rec_next(&s->list))
		return 0;
	if (r->len > 0 && r->line[0] == '{') {
		set(&item->line, r->line, r->len);
		if (json_scan(item->line.p, r->len, &s->paths, item->field,
			&item->shape) == 0) {
			take_record(item);
			return 1;
		}
		item->line.len = 0;
	}
	set(&item->name, r->line, r->len);
	open_file(item);
	return 1;
}

static int
next_walked(struct source *s, struct source_item *item)
{
	enum walk_what what;

	while ((what = walk_next(&s->walk)) == WALK_DIR)
		;
	if (what == WALK_END) {
		walk_close(&s->walk);
		return 0;
	}
	/* errno is the walk's, and set() might change it. */
	if (what == WALK_ERROR)
		fail(item, "open", strerrordesc_np(errno));
	set(&item->name, s->walk.path.p, s->walk.path.len);
	if (what == WALK_FILE)
		open_file(item);
	return 1;
}

static int
next_of_idx(struct source *s, struct source_item *item)
{
	const struct idx *x = &s->images;
	size_t size = x->rows * x->cols, i = s->next++;
	char number[NUM_SIZE];

	if (i == x->count) {
		idx_free(&s->images);
		return 0;
	}
	set(&item->name, s->name, strlen(s->name));
	buf_put(&item->name, "#", 1);
	buf_put(&item->name, number, num_write_int(number, (long long)i));
	terminate(&item->name);
	if (s->labels.data != NULL)
		item->truth = s->labels.data[i];
	if (size > s->setup.max_pixels) {
		fail(item, "limit", "too many pixels");
		return 1;
	}
	item->kind = SOURCE_PIXELS;
	item->width = (int)x->cols;
	item->height = (int)x->rows;
	set(&item->data, x->data + i * size, size);
	return 1;
}

/* Opens an operand that is an IDX file. Returns whether it is the item. */
static int
open_idx(struct source *s, struct source_item *item)
{
	const char *why = idx_load(&s->images, s->name);

	if (why == NULL && s->images.rows * s->images.cols == 1) {
		why = "holds labels, not images";
		idx_free(&s->images);
	}
	if (why != NULL) {
		fail(item, "decode", why);
		return 1;
	}
	if (s->setup.labels != NULL && s->labels.count != s->images.count)
		end_early(s, "%s: %zu images, but %zu labels", s->name,
		    s->images.count, s->labels.count);
	s->reading = SOURCE_IDX;
	s->next = 0;
	s->labelled = 1;
	s->total += s->total > 0 ? s->images.count - 1 : 0;
	return 0;
}

/* Whether an open file begins as an IDX file does, which idx_is then reads. */
static int
is_idx(int fd, const char *path)
{
	unsigned char b[2];

	return pread(fd, b, sizeof(b), 0) == sizeof(b) &&
	       ((b[0] == 0 && b[1] == 0) || (b[0] == 0x1f && b[1] == 0x8b)) &&
	       idx_is(path);
}

/* Goes to the next operand. Returns 1 when it is the item itself. */
static int
next_operand(struct source *s, struct source_item *item)
{
	struct stat st;

	s->name = s->setup.names[s->at++];
	if (strcmp(s->name, "-") == 0) {
		s->reading = SOURCE_LIST;
		s->total = 0;
		return 0;
	}
	if (stat(s->name, &st) == 0 && S_ISDIR(st.st_mode)) {
		walk_open(&s->walk, s->name);
		s->reading = SOURCE_WALK;
		s->total = 0;
		return 0;
	}
	set(&item->name, s->name, strlen(s->name));
	open_file(item);
	if (item->kind != SOURCE_FILE || !is_idx(item->fd, s->name))
		return 1;
	empty(item);
	set(&item->name, s->name, strlen(s->name));
	return open_idx(s, item);
}

static int
next(struct source *s, struct source_item *item)
{
	switch (s->reading) {
	case SOURCE_LIST:
		return next_listed(s, item);
	case SOURCE_WALK:
		return next_walked(s, item);
	case SOURCE_IDX:
		return next_of_idx(s, item);
	case SOURCE_OPERANDS:
		break;
	}
	return 0;
}

/* At the end of the operands: were the labels anybody's? */
static void
check_labels(struct source *s)
{
	if (s->setup.labels != NULL && !s->labelled)
		err_warn(
		    "%s: not used: no operand is an IDX file", s->setup.labels);
	s->labelled = 1;
}

int
source_next(struct source *s, struct source_item *item)
{
	empty(item);
	while (!rec_stopped() && s->trouble == NULL) {
		if (next(s, item))
			return 1;
		s->reading = SOURCE_OPERANDS;
		if (s->at == s->setup.count) {
			check_labels(s);
			return 0;
		}
		if (next_operand(s, item))
			return 1;
	}
	return 0;
}

int
source_waiting(struct source *s)
{
	return s->reading != SOURCE_LIST || rec_waiting(&s->list);
}

void
source_close(struct source *s)
{
	rec_close(&s->list);
	walk_close(&s->walk);
	idx_free(&s->images);
	idx_free(&s->labels);
	free(s->trouble);
	s->trouble = NULL;
}

int
source_image(const struct source_item *item, size_t max_pixels,
    struct image *im, struct image_error *e)
{
	*im = (struct image){0};
	switch (item->kind) {
	case SOURCE_FILE:
		return image_read(im, item->fd, item->size, max_pixels, e);
	case SOURCE_BYTES:
		return image_decode(im, (const unsigned char *)item->data.p,
		    item->data.len, max_pixels, e);
	case SOURCE_PIXELS:
		*im = (struct image){.width = item->width,
		    .height = item->height,
		    .channels = 1};
		im->pixels = err_malloc(item->data.len);
		memcpy(im->pixels, item->data.p, item->data.len);
		return 0;
	default:
		*e = item->error;
		return -1;
	}
}

double
source_time(const struct source_item *item)
{
	struct timespec ts;
	double t = item->mtime;

	if (t == 0) {
		clock_gettime(CLOCK_REALTIME, &ts);
		t = (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec;
	}
	return floor(t * 1e3) / 1e3;
}

void
source_item_free(struct source_item *item)
{
	empty(item);
	buf_free(&item->name);
	buf_free(&item->data);
	buf_free(&item->line);
}
