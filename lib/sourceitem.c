#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "err.h"
#include "sourceitem.h"

/* Puts a NUL behind what is in the buffer. */
static void
terminate(struct buf *b)
{
	buf_put(b, "", 1);
	if (b->failed)
		err_die("out of memory");
	b->len--;
}

void
source_item_set(struct buf *b, const void *p, size_t len)
{
	b->len = 0;
	buf_put(b, p, len);
	terminate(b);
}

void
source_item_name(
    struct source_item *item, const char *in, const char *p, size_t len)
{
	item->name.len = 0;
	if (in != NULL) {
		buf_str(&item->name, in);
		buf_put(&item->name, "#", 1);
	}
	buf_put(&item->name, p, len);
	terminate(&item->name);
}

void
source_item_fail(
    struct source_item *item, const char *stage, const char *reason)
{
	item->kind = SOURCE_ERROR;
	item->error = (struct image_error){stage, reason};
}

void
source_item_open(struct source_item *item)
{
	const char *path = item->name.p;
	struct stat st;

	if (strlen(path) != item->name.len) {
		source_item_fail(item, "open", "no such name");
		return;
	}
	/* Opening a device may already do something. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		source_item_fail(item, "open",
		    S_ISDIR(st.st_mode) ? "is a directory"
					: "not a regular file");
		return;
	}
	/* What has become a FIFO meanwhile is not to hold us. */
	item->fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (item->fd < 0) {
		source_item_fail(item, "open", strerrordesc_np(errno));
		return;
	}
	if (fstat(item->fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(item->fd);
		source_item_fail(item, "open", "not a regular file");
		return;
	}
	item->kind = SOURCE_FILE;
	item->size = (size_t)st.st_size;
	item->mtime = (double)st.st_mtim.tv_sec +
		      1e-9 * (double)st.st_mtim.tv_nsec;
}

void
source_item_empty(struct source_item *item)
{
	if (item->kind == SOURCE_FILE)
		close(item->fd);
	item->kind = SOURCE_NONE;
	item->name.len = item->data.len = item->line.len = 0;
	item->mtime = 0;
	item->truth = -1;
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
	source_item_empty(item);
	buf_free(&item->name);
	buf_free(&item->data);
	buf_free(&item->line);
}
