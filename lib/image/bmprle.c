#include "image/bmprle.h"

/* What follows a zero; above them all, so many indices as they are. */
enum { END_OF_ROW = 0, END_OF_IMAGE = 1, SKIP = 2 };

struct rle {
	const unsigned char *p, *end;
	unsigned bits;
	size_t width, height, x, y;
	unsigned char *to;
};

/* The index i of some that are packed from p on. */
static unsigned char
packed(const struct rle *r, const unsigned char *p, size_t i)
{
	if (r->bits == 8)
		return p[i];
	return i % 2 == 0 ? p[i / 2] >> 4 : p[i / 2] & 15;
}

/*
 * Puts n indices: those from p on, or with again the first of them. What is
 * beyond the row's end fills it up to a multiple of 4, as ImageMagick does.
 */
static const char *
put(struct rle *r, const unsigned char *p, size_t n, int again)
{
	unsigned char *to = r->to + r->y * r->width + r->x;

	if (r->y >= r->height)
		return "a run after the last row";
	if (n > r->width - r->x)
		n = r->width - r->x;
	/* A run of 4 bits alternates between two. */
	for (size_t i = 0; i < n; i++)
		to[i] = packed(r, p, !again ? i : r->bits == 4 ? i % 2 : 0);
	r->x += n;
	return NULL;
}

/* n indices that are not compressed, filled up to pairs of bytes. */
static const char *
take_indices(struct rle *r, size_t n)
{
	size_t bytes = (n * r->bits + 7) / 8;
	const unsigned char *p = r->p;

	if ((size_t)(r->end - r->p) < bytes)
		return "truncated";
	r->p += bytes;
	if (bytes % 2 == 1 && r->p < r->end)
		r->p++;
	return put(r, p, n, 0);
}

static const char *
skip(struct rle *r)
{
	if (r->end - r->p < 2)
		return "truncated";
	r->x += r->p[0];
	r->y += r->p[1];
	r->p += 2;
	return r->x > r->width || r->y > r->height
		   ? "a skip that leaves the image"
		   : NULL;
}

const char *
bmprle_expand(const unsigned char *p, size_t len, unsigned bits, size_t width,
    size_t height, unsigned char *to)
{
	struct rle r = {.p = p,
	    .end = p + len,
	    .bits = bits,
	    .width = width,
	    .height = height,
	    .to = to};
	const char *why = NULL;

	while (why == NULL && r.end - r.p >= 2) {
		unsigned n = r.p[0], what = r.p[1];

		r.p += 2;
		if (n > 0) {
			why = put(&r, r.p - 1, n, 1);
		} else if (what == END_OF_IMAGE) {
			return NULL;
		} else if (what == END_OF_ROW) {
			r.x = 0;
			r.y++;
		} else {
			why = what == SKIP ? skip(&r) : take_indices(&r, what);
		}
	}
	return why != NULL ? why : "truncated";
}
