#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/exif.h"
#include "image/image.h"

enum { SOS = 0xda, APP1 = 0xe1, SHORT = 3, ORIENTATION = 0x0112 };

/* A TIFF structure, in either byte order. */
struct tiff {
	const unsigned char *p;
	size_t len;
	int big;
};

static unsigned
get16(const struct tiff *t, size_t at)
{
	const unsigned char *p = t->p + at;

	return t->big ? (unsigned)p[0] << 8 | p[1] : (unsigned)p[1] << 8 | p[0];
}

static size_t
get32(const struct tiff *t, size_t at)
{
	unsigned a = get16(t, at), b = get16(t, at + 2);

	return t->big ? (size_t)a << 16 | b : (size_t)b << 16 | a;
}

/* The entry of the first directory, or 1. */
static int
tiff_orientation(const unsigned char *p, size_t len)
{
	struct tiff t = {p, len, 0};
	size_t at, entries;

	if (len < 8)
		return 1;
	t.big = memcmp(p, "MM", 2) == 0;
	if ((!t.big && memcmp(p, "II", 2) != 0) || get16(&t, 2) != 42)
		return 1;
	at = get32(&t, 4);
	if (at > len - 2)
		return 1;
	entries = get16(&t, at);
	for (at += 2; entries > 0 && at + 12 <= len; entries--, at += 12) {
		unsigned v = get16(&t, at + 8);

		if (get16(&t, at) == ORIENTATION)
			return get16(&t, at + 2) == SHORT && v >= 1 && v <= 8
				   ? (int)v
				   : 1;
	}
	return 1;
}

static int
in_jpeg(const unsigned char *p, const unsigned char *end)
{
	static const char exif[6] = "Exif\0";

	while (end - p >= 4 && p[0] == 0xff && p[1] != SOS) {
		size_t size = (size_t)p[2] << 8 | p[3];

		if (p[1] == 0xff) { /* fills up */
			p++;
			continue;
		}
		if (size < 2 || size > (size_t)(end - p) - 2)
			return 1;
		if (p[1] == APP1 && size >= 8 &&
		    memcmp(p + 4, exif, sizeof(exif)) == 0)
			return tiff_orientation(p + 10, size - 8);
		p += 2 + size;
	}
	return 1;
}

static int
in_png(const unsigned char *p, const unsigned char *end)
{
	while (end - p >= 12) {
		const struct tiff head = {p, 4, 1};
		size_t size = get32(&head, 0);

		if (size > (size_t)(end - p) - 12)
			return 1;
		if (memcmp(p + 4, "eXIf", 4) == 0)
			return tiff_orientation(p + 8, size);
		p += 12 + size;
	}
	return 1;
}

/* After the head of a RIFF file: the chunk may begin as JPEG's segment does. */
static int
in_webp(const unsigned char *p, const unsigned char *end)
{
	while (end - p >= 8) {
		const struct tiff head = {p, 8, 0};
		size_t size = get32(&head, 4), skip = 0;

		if (size > (size_t)(end - p) - 8)
			return 1;
		if (memcmp(p, "EXIF", 4) == 0) {
			if (size >= 6 && memcmp(p + 8, "Exif\0", 6) == 0)
				skip = 6;
			return tiff_orientation(p + 8 + skip, size - skip);
		}
		p += 8 + size;
		p += size & 1 && p < end;
	}
	return 1;
}

int
exif_orientation(const unsigned char *data, size_t len)
{
	if (len > 2 && memcmp(data, "\xff\xd8", 2) == 0)
		return in_jpeg(data + 2, data + len);
	if (len > 8 && memcmp(data, "\x89PNG\r\n\x1a\n", 8) == 0)
		return in_png(data + 8, data + len);
	if (len > 12 && memcmp(data, "RIFF", 4) == 0)
		return in_webp(data + 12, data + len);
	/* A TIFF file is such a structure itself, or else says nothing. */
	return tiff_orientation(data, len);
}

int
exif_upright(struct image *im)
{
	int o = im->orientation, turned = o >= 5;
	int mirror = o == 2 || o == 3 || o == 7 || o == 8;
	int flip = o == 3 || o == 4 || o == 6 || o == 7;
	ptrdiff_t w = im->width, h = im->height;
	ptrdiff_t size = im->channels * (im->wide ? 2 : 1);
	/* How far to go in the old image for a step in it, */
	ptrdiff_t right = mirror ? -size : size;
	ptrdiff_t down = (flip ? -w : w) * size;
	/* and for one in the new. */
	ptrdiff_t dx = turned ? down : right, dy = turned ? right : down;
	const unsigned char *row = im->pixels;
	unsigned char *new, *to;

	if (o < 2 || o > 8)
		return 0;
	new = to = malloc((size_t)(w * h * size));
	if (new == NULL)
		return -1;
	row += (flip ? (h - 1) * w : 0) * size + (mirror ? (w - 1) * size : 0);
	im->width = (int)(turned ? h : w);
	im->height = (int)(turned ? w : h);
	for (int y = 0; y < im->height; y++, row += dy) {
		const unsigned char *from = row;

		for (int x = 0; x < im->width; x++, from += dx)
			for (ptrdiff_t k = 0; k < size; k++)
				*to++ = from[k];
	}
	free(im->pixels);
	im->pixels = new;
	im->orientation = 1;
	return 0;
}
