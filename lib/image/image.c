#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/memory.h"
#include "image/image.h"

/* The header declares more than it defines. */
#pragma GCC diagnostic ignored "-Wunused-function"
#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image_write.h>

enum { MAX_SIDE = 65535 };

/* Their bytes, also as floats and twice, fit into the size_t of 32 bits, too. */
#define PIXELS_MOST (SIZE_MAX / 32)

int
image_fail(struct image_error *e, const char *stage, const char *reason)
{
	e->stage = stage;
	e->reason = reason;
	return -1;
}

int
image_check(struct image *im, long width, long height, size_t max_pixels,
    struct image_error *e)
{
	if (width < 1 || height < 1)
		return image_fail(e, "decode", "no pixels");
	if (width > MAX_SIDE || height > MAX_SIDE)
		return image_fail(
		    e, "limit", "a side of more than 65535 pixels");
	if ((size_t)width * (size_t)height > max_pixels ||
	    (size_t)width * (size_t)height > PIXELS_MOST)
		return image_fail(e, "limit", "too many pixels");
	im->width = (int)width;
	im->height = (int)height;
	return 0;
}

size_t
image_bytes(const struct image *im)
{
	return (size_t)im->width * (size_t)im->height * (size_t)im->channels *
	       (im->wide ? 2 : 1);
}

int
image_allocate(struct image *im, struct image_error *e)
{
	im->pixels = calloc(1, image_bytes(im));
	return im->pixels == NULL ? image_fail(e, "decode", NO_MEMORY) : 0;
}

void
image_free(struct image *im)
{
	free(im->pixels);
	im->pixels = NULL;
}

static int
write_all(int fd, const unsigned char *data, size_t len)
{
	while (len > 0) {
		ssize_t k = write(fd, data, len);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			return -1;
		data += k;
		len -= (size_t)k;
	}
	return 0;
}

int
image_write_png(const struct image *im, const char *path)
{
	int len, fd, r, saved;
	unsigned char *png = stbi_write_png_to_mem(
	    im->pixels, 0, im->width, im->height, im->channels, &len);

	if (png == NULL) {
		errno = ENOMEM;
		return -1;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (fd < 0) {
		STBIW_FREE(png);
		return -1;
	}
	r = write_all(fd, png, (size_t)len);
	saved = errno;
	if (close(fd) < 0 && r == 0) {
		r = -1;
		saved = errno;
	}
	STBIW_FREE(png);
	if (r < 0)
		unlink(path);
	errno = saved;
	return r;
}

static void
append(void *to, void *data, int len)
{
	buf_put(to, data, (size_t)len);
}

int
image_jpeg(const struct image *im, int quality, struct buf *to)
{
	int good = stbi_write_jpg_to_func(append, to, im->width, im->height,
	    im->channels, im->pixels, quality);

	return good && !to->failed ? 0 : -1;
}
