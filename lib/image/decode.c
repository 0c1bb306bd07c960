#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/libc.h"
#include "base/memory.h"
#include "image/bmp.h"
#include "image/decode.h"
#include "image/exif.h"
#include "image/format.h"
#include "image/gif.h"
#include "image/heif.h"
#include "image/jpeg.h"
#include "image/png.h"
#include "image/pnm.h"
#include "image/psd.h"
#include "image/tga.h"
#include "image/tiff.h"
#include "image/webp.h"

enum { SLACK = 1 << 20 }; /* bytes of a file beside its pixels */

int
decode_bytes(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e)
{
	static int (*const decoders[])(struct image *, const unsigned char *,
	    size_t, size_t, struct image_error *) = {
	    [FORMAT_UNKNOWN] = tga_decode,
	    [FORMAT_BMP] = bmp_decode,
	    [FORMAT_GIF] = gif_decode,
	    [FORMAT_JPEG] = jpeg_decode,
	    [FORMAT_PNG] = png_decode,
	    [FORMAT_PNM] = pnm_decode,
	    [FORMAT_PSD] = psd_decode,
	    [FORMAT_HEIF] = heif_decode,
	    [FORMAT_TIFF] = tiff_decode,
	    [FORMAT_WEBP] = webp_decode,
	};
	const char *why;
	enum format format = format_of(data, len, &why);

	im->pixels = NULL;
	im->wide = 0;
	im->orientation = exif_orientation(data, len);
	im->frames_left = 0;
	im->whole[0] = im->whole[1] = 0;
	if (len == 0)
		return image_fail(e, "decode", "empty file");
	if (len > INT_MAX / 2)
		return image_fail(e, "limit", "file too large");
	if (format == FORMAT_OTHER)
		return image_fail(e, "decode", why);
	return decoders[format](im, data, len, max_pixels, e);
}

/* Reads st's file whole; a file that shrinks meanwhile ends early. */
static int
slurp(int fd, unsigned char *data, size_t *len)
{
	size_t n = 0;

	while (n < *len) {
		ssize_t k = pread(fd, data + n, *len - n, (off_t)n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return -1;
		if (k == 0)
			break;
		n += (size_t)k;
	}
	*len = n;
	return 0;
}

size_t
decode_largest(size_t max_pixels)
{
	/* No format that is read here needs more for a pixel. */
	return SLACK + 8 * max_pixels;
}

int
decode_fd(struct image *im, int fd, size_t len, size_t max_pixels,
    struct image_error *e)
{
	unsigned char *data;
	int r;

	if (len > decode_largest(max_pixels))
		return image_fail(e, "limit", "file too large");
	data = malloc(len + 1);
	if (data == NULL)
		return image_fail(e, "read", NO_MEMORY);
	if (slurp(fd, data, &len) < 0)
		r = image_fail(e, "read", strerrordesc_np(errno));
	else
		r = decode_bytes(im, data, len, max_pixels, e);
	free(data);
	return r;
}

int
decode_open(const char *path, size_t *len, struct image_error *e)
{
	struct stat st;
	/* Without O_NONBLOCK a FIFO would hold us until somebody writes. */
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0)
		return image_fail(e, "open", strerrordesc_np(errno));
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
		*len = (size_t)st.st_size;
		return fd;
	}
	close(fd);
	return image_fail(e, "open",
	    S_ISDIR(st.st_mode) ? "is a directory" : "not a regular file");
}

int
decode_path(struct image *im, const char *path, size_t max_pixels,
    struct image_error *e)
{
	size_t len;
	int r, fd = decode_open(path, &len, e);

	*im = (struct image){0};
	if (fd < 0)
		return -1;
	r = decode_fd(im, fd, len, max_pixels, e);
	close(fd);
	return r;
}
