#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "exif.h"
#include "image.h"
#include "jpeg.h"
#include "pnm.h"
#include "psd.h"

enum { MAX_SIDE = 65535, SLACK = 1 << 20 };

/*
 * The decoders' allocator. No single piece may be larger than what the image
 * in the header can need, so that a few bytes of compressed data can't ask
 * for gigabytes; and nothing that a damaged file left out is stale memory.
 */
static _Thread_local struct {
	size_t cap;
	int refused;
} budget;

static int
over_budget(size_t size)
{
	if (size <= budget.cap)
		return 0;
	budget.refused = 1;
	return 1;
}

static void *
budget_malloc(size_t size)
{
	return over_budget(size) ? NULL : calloc(1, size);
}

static void *
budget_realloc(void *p, size_t size)
{
	return over_budget(size) ? NULL : realloc(p, size);
}

/* The headers declare more than they define. */
#pragma GCC diagnostic ignored "-Wunused-function"
#define STBI_MALLOC(size)     budget_malloc(size)
#define STBI_REALLOC(p, size) budget_realloc(p, size)
#define STBI_FREE(p)          free(p)
#define STBI_NO_STDIO
#define STBI_NO_HDR
#define STBI_NO_PIC
#define STBI_NO_LINEAR
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#include <stb/stb_image.h>

#define STBI_WRITE_NO_STDIO
#define STB_IMAGE_WRITE_STATIC
#define STB_IMAGE_WRITE_IMPLEMENTATION
#include <stb/stb_image_write.h>

/*
 * Bytes as the decoders fetch them. They take the end of the data for zeros,
 * so who asks for more than there is shows that the file was cut short.
 */
struct source {
	const unsigned char *data;
	size_t len, pos;
	const char *refill; /* where they fill their buffer, in any amount */
	int cut;
};

static int
source_read(void *user, char *data, int size)
{
	struct source *s = user;
	size_t n = s->len - s->pos;

	if (s->refill == NULL)
		s->refill = data;
	if (n > (size_t)size)
		n = (size_t)size;
	if (n == 0 || (n < (size_t)size && data != s->refill))
		s->cut = 1;
	memcpy(data, s->data + s->pos, n);
	s->pos += n;
	return (int)n;
}

static void
source_skip(void *user, int n)
{
	struct source *s = user;
	size_t left = s->len - s->pos;

	/* They may step back over what they have looked ahead. */
	if (n < 0) {
		s->pos -= (size_t)-n < s->pos ? (size_t)-n : s->pos;
		return;
	}
	if ((size_t)n > left)
		s->cut = 1;
	s->pos += (size_t)n < left ? (size_t)n : left;
}

static int
source_eof(void *user)
{
	struct source *s = user;

	return s->pos == s->len;
}

static int
fail(struct image_error *e, const char *stage, const char *reason)
{
	e->stage = stage;
	e->reason = reason;
	return -1;
}

/* Says "XXXX PNG chunk not known" with four bytes that may be anything. */
static int
is_chunk(const char *why)
{
	return strlen(why) < 4 || strcmp(why + 4, " PNG chunk not known") == 0;
}

static int
fail_decode(struct image_error *e, const struct source *s)
{
	const char *why = stbi_failure_reason();

	if (budget.refused)
		return fail(e, "limit", "more data than its size allows");
	if (strcmp(why, "too large") == 0)
		return fail(e, "limit", "too large");
	if (s->cut)
		return fail(e, "decode", "truncated");
	if (strcmp(why, "outofmem") == 0)
		return fail(e, "decode", "out of memory");
	return fail(e, "decode", is_chunk(why) ? "unknown PNG chunk" : why);
}

/*
 * Reads the header. Returns the channels to ask for, 0 when no decoder
 * claims the data (which may be because it says too much), -1 with *e set.
 */
static int
check_header(const unsigned char *data, size_t len, size_t max_pixels,
    struct image_error *e)
{
	int w, h, n;
	size_t sides;

	budget.refused = 0;
	budget.cap = 2 * len + SLACK;
	if (!stbi_info_from_memory(data, (int)len, &w, &h, &n))
		return 0;
	if (w < 1 || h < 1)
		return fail(e, "decode", "no pixels");
	if (w > MAX_SIDE || h > MAX_SIDE)
		return fail(e, "limit", "a side of more than 65535 pixels");
	if ((size_t)w * (size_t)h > max_pixels)
		return fail(e, "limit", "too many pixels");
	if (pnm_max(data, len) < 0)
		return fail(e, "decode", "bad PNM header");
	/* 16 bytes a pixel: four channels of 16 bits, twice while growing. */
	sides = ((size_t)w + 32) * ((size_t)h + 32);
	budget.cap += 16 * sides;
	return n <= 2 ? 1 : 3;
}

int
image_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e)
{
	static const stbi_io_callbacks io = {
	    source_read, source_skip, source_eof};
	struct source s = {.data = data, .len = len};
	int n, wide;

	im->pixels = NULL;
	if (len == 0)
		return fail(e, "decode", "empty file");
	if (len > INT_MAX / 2)
		return fail(e, "limit", "file too large");
	if (!jpeg_tables_fit(data, len))
		return fail(e, "decode", "bad huffman code");
	wide = psd_is_wide(data, len);
	if (wide && psd_is_packed(data, len))
		return fail(e, "decode", "compressed 16-bit PSD");
	im->channels = check_header(data, len, max_pixels, e);
	if (im->channels < 0)
		return -1;
	im->wide = wide || stbi_is_16_bit_from_memory(data, (int)len);
	im->pixels = im->wide ? (void *)stbi_load_16_from_callbacks(&io, &s,
				    &im->width, &im->height, &n, im->channels)
			      : stbi_load_from_callbacks(&io, &s, &im->width,
				    &im->height, &n, im->channels);
	if (im->pixels == NULL)
		return fail_decode(e, &s);
	if (s.cut || im->channels == 0) {
		image_free(im);
		return fail(e, "decode", s.cut ? "truncated" : "bad header");
	}
	im->orientation = exif_orientation(data, len);
	pnm_stretch(im, pnm_max(data, len));
	return 0;
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
image_largest(size_t max_pixels)
{
	/* No format that is read here needs more for a pixel. */
	return SLACK + 8 * max_pixels;
}

int
image_read(struct image *im, int fd, size_t len, size_t max_pixels,
    struct image_error *e)
{
	unsigned char *data;
	int r;

	if (len > image_largest(max_pixels))
		return fail(e, "limit", "file too large");
	data = malloc(len + 1);
	if (data == NULL)
		return fail(e, "read", "out of memory");
	if (slurp(fd, data, &len) < 0)
		r = fail(e, "read", strerrordesc_np(errno));
	else
		r = image_decode(im, data, len, max_pixels, e);
	free(data);
	return r;
}

int
image_load(struct image *im, const char *path, size_t max_pixels,
    struct image_error *e)
{
	struct stat st = {0};
	int fd, r;

	memset(im, 0, sizeof(*im));
	/* Without O_NONBLOCK a FIFO would hold us until somebody writes. */
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return fail(e, "open", strerrordesc_np(errno));
	if (fstat(fd, &st) < 0)
		r = fail(e, "open", strerrordesc_np(errno));
	else if (!S_ISREG(st.st_mode))
		r = fail(e, "open",
		    S_ISDIR(st.st_mode) ? "is a directory"
					: "not a regular file");
	else
		r = image_read(im, fd, (size_t)st.st_size, max_pixels, e);
	im->mtime = (double)st.st_mtim.tv_sec +
		    1e-9 * (double)st.st_mtim.tv_nsec;
	close(fd);
	return r;
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
