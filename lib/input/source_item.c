#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/libc.h"
#include "base/clock.h"
#include "tool/err.h"
#include "tool/scarce.h"
#include "input/source_item.h"

/* Puts a NUL after what is in the buffer. */
static void
terminate(struct buf *b)
{
	buf_put(b, "", 1);
	if (b->failed)
		err_memory();
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
	item->in = item->name.len;
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

/* Of a name in a list, what can't be seen may be what is wrong with it. */
static const char *
why_not_open(const struct source_item *item, int error)
{
	const char *name = item->name.p;
	size_t n = item->name.len;

	if (error == ENOENT && memchr(name, '\r', n) != NULL)
		return "no such file; the name holds a CR";
	if (error == ENOENT && n > 0 && strchr(" \t", name[n - 1]) != NULL)
		return "no such file; the name ends in a blank";
	return strerrordesc_np(error);
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
	/* That says nothing of the file, which is to come another time. */
	if (item->fd < 0 && scarce_is(errno))
		err_die("%s: %m", path);
	if (item->fd < 0) {
		source_item_fail(item, "open", why_not_open(item, errno));
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

/* A file of bytes that are in memory; nobody can change it. Or -1. */
static int
sealed_file(const struct buf *data)
{
	int fd = memfd_create("image", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	size_t n = 0;
	int saved;

	while (fd >= 0 && n < data->len) {
		ssize_t k = write(fd, data->p + n, data->len - n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			break;
		n += (size_t)k;
	}
	if (fd >= 0 && n == data->len &&
	    fcntl(fd, F_ADD_SEALS,
		F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) == 0)
		return fd;
	saved = errno;
	if (fd >= 0)
		close(fd);
	errno = saved;
	return -1;
}

void
source_item_file(struct source_item *item)
{
	if (item->kind != SOURCE_BYTES)
		return;
	item->fd = sealed_file(&item->data);
	if (item->fd < 0 && scarce_is(errno))
		err_die("%s: %m", item->name.p);
	if (item->fd < 0) {
		source_item_fail(item, "read", strerrordesc_np(errno));
		return;
	}
	item->kind = SOURCE_FILE;
	item->size = item->data.len;
	buf_free(&item->data);
}

void
source_item_pixels(const struct source_item *item, struct image *im)
{
	*im = (struct image){
	    .width = item->width, .height = item->height, .channels = 1};
	im->pixels = err_malloc(item->data.len);
	memcpy(im->pixels, item->data.p, item->data.len);
}

double
source_item_time(const struct source_item *item)
{
	double t = item->mtime ? item->mtime : clock_wall();

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
