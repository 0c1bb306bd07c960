/*
 * Debian 12 has stb_image 2.27 of September 2022. What is publicly known to be
 * wrong in it, and what keeps it away from here:
 *
 * JPEG, GIF, BMP, PNM, HDR, PIC (CVE-2021-37789, -42715, -42716,
 * CVE-2022-28041, -28042, -28048, CVE-2023-43281, -43898, -45661, -45664,
 * -45666, -45667; its issue 1929): not compiled, or decoded by others. Flipped
 * vertically (CVE-2023-45662): is not asked for. TGA: a short read leaves
 * memory that was never set (CVE-2023-45663): memory is zeroed, and who read
 * past the end is refused. Rows from right to left are taken for such from the
 * left: tga.c mirrors them. A header that is none: tga.c asks for one. A few
 * bytes that take much memory (issue 1880): limited by max_pixels, and by what
 * is taken at a time. PSD: 16 bits are not told, and read packed as if they
 * were not: psd.c. PNG: checksums are not looked at, and Apple's form has other
 * colours: png.c. Samples of 16 bits made 8 read past their end (issues 1166,
 * 1307, 1437): they are asked for in 16. The number of channels that is told is
 * not that which is read (issue 1419): those are given that were asked for.
 *
 * All of it runs where a write past an end reaches one image only
 * (decoder/process.h), and with automatic arrays zeroed (Makefile).
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "image/stbimage.h"

enum { SLACK = 1 << 20 };

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
budget_realloc(void *p, size_t old, size_t size)
{
	char *new = over_budget(size) ? NULL : realloc(p, size);

	if (new != NULL && size > old)
		memset(new + old, 0, size - old);
	return new;
}

/* The headers declare more than they define. */
#pragma GCC diagnostic ignored "-Wunused-function"
#define STBI_MALLOC(size)                budget_malloc(size)
#define STBI_REALLOC(p, size)            budget_realloc(p, 0, size)
#define STBI_REALLOC_SIZED(p, old, size) budget_realloc(p, old, size)
#define STBI_FREE(p)                     free(p)
#define STBI_NO_STDIO
#define STBI_ONLY_PNG
#define STBI_ONLY_PSD
#define STBI_ONLY_TGA
#define STBI_NO_LINEAR
#define STB_IMAGE_STATIC
#define STB_IMAGE_IMPLEMENTATION
#include <stb/stb_image.h>

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
		return image_fail(e, "limit", "more data than its size allows");
	if (strcmp(why, "too large") == 0)
		return image_fail(e, "limit", "too large");
	if (s->cut)
		return image_fail(e, "decode", "truncated");
	if (strcmp(why, "outofmem") == 0)
		return image_fail(e, "decode", NO_MEMORY);
	return image_fail(
	    e, "decode", is_chunk(why) ? "unknown PNG chunk" : why);
}

/*
 * Has stb_image read the header. Returns the channels to ask for, 0 when it
 * makes nothing of it (which may be because it says too much), -1 with *e set.
 */
static int
check_header(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e)
{
	int w, h, n;

	budget.refused = 0;
	budget.cap = 2 * len + SLACK;
	if (!stbi_info_from_memory(data, (int)len, &w, &h, &n))
		return 0;
	if (image_check(im, w, h, max_pixels, e) < 0)
		return -1;
	/* It counts the bytes of four channels of 16 bits in an int. */
	if (im->wide && (size_t)w * (size_t)h > INT_MAX / 8)
		return image_fail(e, "limit", "too many pixels of 16 bits");
	/* 16 bytes a pixel: four channels of 16 bits, twice while growing. */
	budget.cap += 16 * ((size_t)w + 32) * ((size_t)h + 32);
	return n <= 2 ? 1 : 3;
}

int
stbimage_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e)
{
	static const stbi_io_callbacks io = {
	    source_read, source_skip, source_eof};
	struct source s = {.data = data, .len = len};
	int n;

	im->channels = check_header(im, data, len, max_pixels, e);
	if (im->channels < 0)
		return -1;
	im->pixels = im->wide ? (void *)stbi_load_16_from_callbacks(&io, &s,
				    &im->width, &im->height, &n, im->channels)
			      : stbi_load_from_callbacks(&io, &s, &im->width,
				    &im->height, &n, im->channels);
	if (im->pixels == NULL)
		return fail_decode(e, &s);
	if (!s.cut && im->channels > 0)
		return 0;
	image_free(im);
	return image_fail(e, "decode", s.cut ? "truncated" : "bad header");
}
