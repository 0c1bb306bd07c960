#include <string.h>

#include "image/gif.h"

enum {
	COLOURS = 256,
	CODES = 4096,
	CODE_BITS = 12,
	SCREEN = 13, /* bytes of signature and screen */
	HAS_TABLE = 0x80,
	INTERLACED = 0x40,
	TABLE_BITS = 7
};

struct gif {
	const unsigned char *p, *end;
	unsigned char palette[COLOURS][3];
	struct {
		size_t x, y, width, height;
		int interlaced;
	} frame;
	size_t pixel;    /* the next of the frame, in the order of the file */
	int transparent; /* index, or -1 */
};

/* The bits of a frame's sub-blocks. */
struct bits {
	const unsigned char *p, *end;
	size_t block; /* bytes left in it */
	unsigned held, have;
};

static size_t
le16(const unsigned char *p)
{
	return (size_t)p[0] | (size_t)p[1] << 8;
}

/* A colour table; *flags says whether there is one, and how large. */
static int
read_table(struct gif *g, int flags)
{
	size_t n = (size_t)2 << (flags & TABLE_BITS);

	if ((flags & HAS_TABLE) == 0)
		return 0;
	if ((size_t)(g->end - g->p) < 3 * n)
		return -1;
	memset(g->palette, 0, sizeof(g->palette));
	memcpy(g->palette, g->p, 3 * n);
	g->p += 3 * n;
	return 1;
}

/* Sub-blocks that say nothing about pixels. */
static int
skip_blocks(struct gif *g)
{
	while (g->p < g->end && *g->p != 0) {
		if (g->end - g->p <= *g->p)
			return -1;
		g->p += 1 + *g->p;
	}
	return g->p++ < g->end ? 0 : -1;
}

/* Up to the first frame. Returns NULL, or why there is none. */
static const char *
find_frame(struct gif *g)
{
	while (g->p < g->end) {
		int what = *g->p++;

		if (what == 0x2c)
			return NULL;
		if (what == 0x3b)
			return "a GIF image without a frame";
		if (what != 0x21)
			return "bad GIF block";
		if (g->end - g->p >= 6 && g->p[0] == 0xf9 && g->p[1] == 4)
			g->transparent = g->p[2] & 1 ? g->p[5] : -1;
		g->p++; /* its label */
		if (g->p > g->end || skip_blocks(g) < 0)
			return "truncated";
	}
	return "truncated";
}

/* The next code of so many bits, or -1 at the end. */
static int
next_code(struct bits *b, unsigned size)
{
	int code;

	while (b->have < size) {
		if (b->block == 0) {
			if (b->p >= b->end || *b->p == 0)
				return -1;
			b->block = *b->p++;
		}
		if (b->p >= b->end)
			return -1;
		b->held |= (unsigned)*b->p++ << b->have;
		b->have += 8;
		b->block--;
	}
	code = (int)(b->held & ((1U << size) - 1));
	b->held >>= size;
	b->have -= size;
	return code;
}

/* Where row i of an interlaced frame of so many rows is. */
static size_t
interlaced_row(size_t i, size_t rows)
{
	static const size_t first[] = {0, 4, 2, 1}, step[] = {8, 8, 4, 2};

	for (int pass = 0; pass < 4; pass++) {
		size_t n = rows > first[pass]
			       ? (rows - first[pass] + step[pass] - 1) /
				     step[pass]
			       : 0;

		if (i < n)
			return first[pass] + i * step[pass];
		i -= n;
	}
	return 0;
}

static void
put_pixel(struct gif *g, struct image *im, int index)
{
	size_t x = g->pixel % g->frame.width, y = g->pixel / g->frame.width;

	g->pixel++;
	if (g->frame.interlaced)
		y = interlaced_row(y, g->frame.height);
	x += g->frame.x;
	y += g->frame.y;
	/* A frame may reach beyond the screen. */
	if (x < (size_t)im->width && y < (size_t)im->height)
		memcpy(im->pixels + 3 * (y * (size_t)im->width + x),
		    g->palette[index], 3);
}

/* Codes stand for strings: that of an earlier code and one index more. */
struct strings {
	unsigned short before[CODES];
	unsigned char last[CODES], first[CODES], stack[CODES];
};

/* Puts the string of a code. */
static void
put_string(
    struct gif *g, struct image *im, struct strings *s, int code, int clear)
{
	size_t n = 0, left = g->frame.width * g->frame.height - g->pixel;

	for (; code >= clear; code = s->before[code])
		s->stack[n++] = s->last[code];
	s->stack[n++] = (unsigned char)code;
	for (; n > 0 && left > 0; left--)
		put_pixel(g, im, s->stack[--n]);
}

/* Decompresses a frame. Returns NULL, or what is wrong. */
static const char *
take_pixels(struct gif *g, struct image *im, unsigned bits)
{
	struct strings s = {0};
	struct bits in = {.p = g->p, .end = g->end};
	int clear = 1 << bits, next = clear + 2, last = -1, code;
	unsigned size = bits + 1;

	for (int i = 0; i < clear; i++)
		s.first[i] = (unsigned char)i;
	while (g->pixel < g->frame.width * g->frame.height) {
		code = next_code(&in, size);
		if (code < 0 || code == clear + 1)
			return "truncated";
		if (code == clear) {
			size = bits + 1;
			next = clear + 2;
			last = -1;
			continue;
		}
		if (code > next || (code == next && last < 0) ||
		    (last < 0 && code > clear))
			return "bad GIF code";
		if (last >= 0 && next < CODES) {
			s.before[next] = (unsigned short)last;
			s.first[next] = s.first[last];
			s.last[next] = s.first[code == next ? last : code];
			next++;
		} else if (code >= next) {
			return "bad GIF code";
		}
		if (next == 1 << size && size < CODE_BITS)
			size++;
		put_string(g, im, &s, code, clear);
		last = code;
	}
	return NULL;
}

/* The frame's own head, and its pixels. */
static const char *
take_frame(struct gif *g, struct image *im)
{
	const unsigned char *h = g->p;
	unsigned bits;

	if (g->end - g->p < 10)
		return "truncated";
	g->frame.x = le16(h);
	g->frame.y = le16(h + 2);
	g->frame.width = le16(h + 4);
	g->frame.height = le16(h + 6);
	g->frame.interlaced = (h[8] & INTERLACED) != 0;
	if (g->frame.width == 0 || g->frame.height == 0)
		return "no pixels";
	g->p += 9;
	if (read_table(g, h[8]) < 0 || g->p == g->end)
		return "truncated";
	bits = *g->p++;
	if (bits < 1 || bits >= CODE_BITS)
		return "bad GIF code";
	return take_pixels(g, im, bits);
}

/* What no frame covers. */
static void
paint_background(const struct gif *g, struct image *im, int index)
{
	size_t n = (size_t)im->width * (size_t)im->height;

	for (size_t i = 0; i < n; i++)
		memcpy(im->pixels + 3 * i, g->palette[index], 3);
}

/* Frames after the first, whose data begin here. */
static int
count_frames(struct gif *g)
{
	int n = 0;

	while (skip_blocks(g) == 0 && find_frame(g) == NULL) {
		n++;
		g->p += 9;
		if (g->p >= g->end || read_table(g, g->p[-1]) < 0)
			break;
		g->p++; /* the size of its codes */
	}
	return n;
}

int
gif_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e)
{
	struct gif g = {.end = data + len, .transparent = -1};
	const char *why;
	int table;

	if (len < SCREEN)
		return image_fail(e, "decode", "truncated");
	im->channels = 3;
	if (image_check(im, (long)le16(data + 6), (long)le16(data + 8),
		max_pixels, e) < 0)
		return -1;
	g.p = data + SCREEN;
	table = read_table(&g, data[10]);
	why = table < 0 ? "truncated" : find_frame(&g);
	if (why != NULL)
		return image_fail(e, "decode", why);
	if (image_allocate(im, e) < 0)
		return -1;
	if (table > 0)
		paint_background(
		    &g, im, g.transparent >= 0 ? g.transparent : data[11]);
	why = take_frame(&g, im);
	if (why == NULL) {
		im->frames_left = count_frames(&g);
		return 0;
	}
	image_free(im);
	return image_fail(e, "decode", why);
}
