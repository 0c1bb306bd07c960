#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "image/bmp.h"
#include "image/bmprle.h"

enum {
	FILE_HEADER = 14,
	OS2_HEADER = 12,
	INFO_HEADER = 40,
	MASKS_HEADER = 52, /* from here on the masks are part of it */
	HEADER_MAX = 124,
	RGB = 0,
	RLE8 = 1,
	RLE4 = 2,
	BITFIELDS = 3,
	ALPHABITFIELDS = 6,
	COLOURS = 256
};

struct bmp {
	const unsigned char *data;
	size_t len;
	uint32_t header; /* its size says which one it is */
	long width, height;
	int top_down;
	unsigned bits, compression;
	uint32_t mask[3];                  /* of red, green, blue */
	unsigned char palette[COLOURS][3]; /* red, green, blue */
	size_t pixels;                     /* where they begin */
};

static uint32_t
le16(const unsigned char *p)
{
	return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t
le32(const unsigned char *p)
{
	return le16(p) | le16(p + 2) << 16;
}

static void
read_size(struct bmp *b, const unsigned char *h)
{
	int64_t height;

	if (b->header == OS2_HEADER) {
		b->width = (long)le16(h + 4);
		b->height = (long)le16(h + 6);
		b->bits = le16(h + 10);
		return;
	}
	height = (int32_t)le32(h + 8);
	b->width = (int32_t)le32(h + 4);
	b->height = height < 0 ? -height : height;
	b->top_down = height < 0;
	b->bits = le16(h + 14);
	b->compression = le32(h + 16);
}

/* Masks stand in the header, or after it; without any they are usual ones. */
static int
read_masks(struct bmp *b, const unsigned char *h)
{
	static const uint32_t usual[2][3] = {
	    {0x7c00, 0x3e0, 0x1f}, {0xff0000, 0xff00, 0xff}};

	if (b->compression == RGB) {
		memcpy(b->mask, usual[b->bits == 32], sizeof(b->mask));
		return 0;
	}
	if (b->len < FILE_HEADER + MASKS_HEADER)
		return -1;
	for (int i = 0; i < 3; i++)
		b->mask[i] = le32(h + INFO_HEADER + 4 * i);
	return 0;
}

/* What stands between header and pixels; entries that lack are black. */
static void
read_palette(struct bmp *b, const unsigned char *h)
{
	size_t size = b->header == OS2_HEADER ? 3 : 4, n = (size_t)1 << b->bits;
	size_t at = FILE_HEADER + b->header, end = b->len;
	uint32_t used = b->header == OS2_HEADER ? 0 : le32(h + 32);

	if (used > 0 && used < n)
		n = used;
	/* Some files say that the pixels begin where the palette does. */
	if (b->pixels <= at)
		b->pixels = at + n * size;
	if (b->pixels < end)
		end = b->pixels;
	for (size_t i = 0; i < n && at + size <= end; i++, at += size)
		for (int k = 0; k < 3; k++)
			b->palette[i][k] = b->data[at + 2 - (size_t)k];
}

static int
read_header(struct bmp *b)
{
	const unsigned char *h = b->data + FILE_HEADER;
	size_t after;

	if (b->len < FILE_HEADER + OS2_HEADER)
		return -1;
	b->header = le32(h);
	if ((b->header != OS2_HEADER && b->header < INFO_HEADER) ||
	    b->header > HEADER_MAX || b->len < FILE_HEADER + b->header)
		return -1;
	read_size(b, h);
	after = FILE_HEADER + b->header;
	if ((b->compression == BITFIELDS || b->compression == ALPHABITFIELDS) &&
	    b->header < MASKS_HEADER)
		after += b->compression == ALPHABITFIELDS ? 16 : 12;
	b->pixels = le32(b->data + 10);
	if (b->bits <= 8)
		read_palette(b, h);
	else if ((b->bits == 16 || b->bits == 32) && read_masks(b, h) < 0)
		return -1;
	if (b->pixels < after)
		b->pixels = after;
	return 0;
}

/* The sample that a mask selects, of 8 bits, rounded. */
static unsigned char
masked(uint32_t v, uint32_t mask)
{
	uint64_t low = mask & (0 - mask), max;

	if (mask == 0)
		return 0;
	max = mask / low;
	return (
	    unsigned char)((2 * 255 * ((v & mask) / low) + max) / (2 * max));
}

static void
take_row(const struct bmp *b, const unsigned char *row, unsigned char *to)
{
	for (size_t x = 0; x < (size_t)b->width; x++, to += 3) {
		size_t bit = x * b->bits;
		const unsigned char *p = row + bit / 8;
		uint32_t v;

		if (b->bits <= 8) {
			v = *p >> (8 - b->bits - bit % 8) &
			    ((1U << b->bits) - 1);
			memcpy(to, b->palette[v], 3);
		} else if (b->bits == 24) {
			to[0] = p[2];
			to[1] = p[1];
			to[2] = p[0];
		} else {
			v = b->bits == 16 ? le16(p) : le32(p);
			for (int k = 0; k < 3; k++)
				to[k] = masked(v, b->mask[k]);
		}
	}
}

static int
is_packed(const struct bmp *b)
{
	return (b->compression == RLE8 && b->bits == 8) ||
	       (b->compression == RLE4 && b->bits == 4);
}

/* Returns NULL, or why these are no pixels that can be read. */
static const char *
refusal(const struct bmp *b)
{
	int masks = b->bits == 16 || b->bits == 32;

	if (b->compression == BITFIELDS || b->compression == ALPHABITFIELDS)
		return masks ? NULL : "bad BMP header";
	if (is_packed(b))
		return NULL;
	if (b->compression != RGB)
		return "a BMP image of a compression that is not read";
	if (masks || b->bits == 24 || b->bits == 1 || b->bits == 2 ||
	    b->bits == 4 || b->bits == 8)
		return NULL;
	return "bad BMP header";
}

static void
take_rows(const struct bmp *b, const unsigned char *rows, size_t stride,
    struct image *im)
{
	for (size_t y = 0; y < (size_t)b->height; y++) {
		size_t from = b->top_down ? y : (size_t)b->height - 1 - y;

		take_row(b, rows + from * stride,
		    im->pixels + y * (size_t)b->width * 3);
	}
}

/* By way of indices of a byte each. */
static int
decode_packed(struct bmp *b, struct image *im, struct image_error *e)
{
	size_t width = (size_t)b->width, height = (size_t)b->height;
	unsigned char *indices = calloc(height, width);
	const char *why = NO_MEMORY;

	if (indices != NULL)
		why = bmprle_expand(b->data + b->pixels, b->len - b->pixels,
		    b->bits, width, height, indices);
	b->bits = 8;
	if (why == NULL && image_allocate(im, e) < 0)
		why = NO_MEMORY;
	if (why == NULL)
		take_rows(b, indices, width, im);
	free(indices);
	return why == NULL ? 0 : image_fail(e, "decode", why);
}

int
bmp_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e)
{
	struct bmp b = {.data = data, .len = len};
	size_t row, stride;

	if (read_header(&b) < 0)
		return image_fail(e, "decode", "bad BMP header");
	if (refusal(&b) != NULL)
		return image_fail(e, "decode", refusal(&b));
	im->channels = 3;
	if (image_check(im, b.width, b.height, max_pixels, e) < 0)
		return -1;
	if (b.pixels > len)
		return image_fail(e, "decode", "truncated");
	if (is_packed(&b))
		return decode_packed(&b, im, e);
	row = ((size_t)b.width * b.bits + 7) / 8;
	stride = (row + 3) / 4 * 4;
	/* What fills up the last row may lack. */
	if (len - b.pixels < stride * ((size_t)b.height - 1) + row)
		return image_fail(e, "decode", "truncated");
	if (image_allocate(im, e) < 0)
		return -1;
	take_rows(&b, data + b.pixels, stride, im);
	return 0;
}
