#include <ctype.h>
#include <stdint.h>

#include "image/pnm.h"

enum { NUMBER_MAX = 1 << 20, SAMPLE_MAX = 65535 };

/* Where the header is being read. */
struct cursor {
	const unsigned char *p, *end;
};

/* A comment goes on to the end of its line. */
static void
skip_comment(struct cursor *c)
{
	while (c->p < c->end && *c->p != '\n' && *c->p != '\r')
		c->p++;
}

static void
skip_blanks(struct cursor *c)
{
	for (; c->p < c->end && (isspace(*c->p) || *c->p == '#'); c->p++)
		if (*c->p == '#') {
			skip_comment(c);
			if (c->p == c->end)
				return;
		}
}

/* The next number of the header, or -1: there is none, or it is too large. */
static long
read_number(struct cursor *c)
{
	long n = 0;

	skip_blanks(c);
	if (c->p == c->end || !isdigit(*c->p))
		return -1;
	for (; c->p < c->end && isdigit(*c->p); c->p++) {
		n = 10 * n + (*c->p - '0');
		if (n > NUMBER_MAX)
			return -1;
	}
	return n;
}

/*
 * What separates the header from the samples: one blank, or a comment with the
 * end of its line. A '#' after a blank is a sample already.
 */
static int
end_header(struct cursor *c)
{
	if (c->p < c->end && *c->p == '#')
		skip_comment(c);
	return c->p < c->end && isspace(*c->p++);
}

/* v of 0 .. max as one of 0 .. top, rounded. */
static unsigned
stretch(unsigned v, unsigned max, unsigned top)
{
	if (v > max)
		v = max;
	return (unsigned)((2ULL * top * v + max) / (2ULL * max));
}

static void
put_sample(struct image *im, size_t i, unsigned v, unsigned max)
{
	uint16_t *wide = (uint16_t *)(void *)im->pixels;

	if (im->wide)
		wide[i] = (uint16_t)stretch(v, max, UINT16_MAX);
	else
		im->pixels[i] = (unsigned char)stretch(v, max, UINT8_MAX);
}

static void
take_samples(struct image *im, const unsigned char *p, unsigned max)
{
	size_t n = (size_t)im->width * (size_t)im->height *
		   (size_t)im->channels;

	for (size_t i = 0; i < n; i++)
		put_sample(im, i,
		    im->wide ? (unsigned)p[2 * i] << 8 | p[2 * i + 1] : p[i],
		    max);
}

/* The same in decimal. Returns what is wrong, or NULL. */
static const char *
read_samples(struct image *im, struct cursor *c, unsigned max)
{
	size_t n = (size_t)im->width * (size_t)im->height *
		   (size_t)im->channels;

	for (size_t i = 0; i < n; i++) {
		long v = read_number(c);

		if (v < 0)
			return c->p == c->end ? "truncated" : "bad PNM sample";
		if (v > (long)max)
			return "bad PNM sample";
		put_sample(im, i, (unsigned)v, max);
	}
	return NULL;
}

int
pnm_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e)
{
	struct cursor c = {data + 2, data + len};
	long width = read_number(&c), height = read_number(&c);
	long max = read_number(&c);
	int text = data[1] == '2' || data[1] == '3';
	/* The least that the samples can take. */
	size_t least;
	const char *why = NULL;

	if (width < 0 || height < 0 || max < 1 || max > SAMPLE_MAX ||
	    !end_header(&c))
		return image_fail(e, "decode", "bad PNM header");
	im->channels = data[1] == '2' || data[1] == '5' ? 1 : 3;
	im->wide = max > UINT8_MAX;
	if (image_check(im, width, height, max_pixels, e) < 0)
		return -1;
	least = text && im->wide ? image_bytes(im) / 2 : image_bytes(im);
	if ((size_t)(c.end - c.p) < least)
		return image_fail(e, "decode", "truncated");
	if (image_allocate(im, e) < 0)
		return -1;
	if (text)
		why = read_samples(im, &c, (unsigned)max);
	else
		take_samples(im, c.p, (unsigned)max);
	if (why == NULL)
		return 0;
	image_free(im);
	return image_fail(e, "decode", why);
}
