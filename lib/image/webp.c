#include <stdint.h>
#include <string.h>

#include "image/library.h"
#include "image/webp.h"

/* Of libwebp, as webp/decode.h declares them. */
typedef int get_info(const uint8_t *, size_t, int *, int *);
typedef uint8_t *decode_into(const uint8_t *, size_t, uint8_t *, size_t, int);

enum { HEAD = 12, CHUNK = 8, FRAME = 16, RGB = 3 };

static size_t
le24(const unsigned char *p)
{
	return (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16;
}

/* What is decoded of a file: a still image, or the first of its frames. */
struct part {
	const unsigned char *data;
	size_t len;
	int width, height; /* of the canvas; 0: the image's own */
	int left, top, frames;
};

/* Goes through the chunks; a chunk that is cut off ends them. */
static struct part
find_part(const unsigned char *data, size_t len)
{
	struct part p = {.data = data, .len = len};
	size_t at = HEAD;

	while (len - at >= CHUNK) {
		const unsigned char *c = data + at;
		size_t n = le24(c + 4) | (size_t)c[7] << 24;

		if (n > len - at - CHUNK)
			break;
		if (memcmp(c, "VP8X", 4) == 0 && n >= 10) {
			p.width = (int)le24(c + CHUNK + 4) + 1;
			p.height = (int)le24(c + CHUNK + 7) + 1;
		} else if (memcmp(c, "ANMF", 4) == 0 && n > FRAME) {
			if (p.frames++ == 0) {
				p.left = 2 * (int)le24(c + CHUNK);
				p.top = 2 * (int)le24(c + CHUNK + 3);
				p.data = c + CHUNK + FRAME;
				p.len = n - FRAME;
			}
		}
		at += CHUNK + n + (n & 1);
		if (at > len)
			break;
	}
	return p;
}

int
webp_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e)
{
	const char *why;
	get_info *info = (get_info *)library_function(
	    LIBRARY_WEBP, "WebPGetInfo", &why);
	decode_into *into = (decode_into *)library_function(
	    LIBRARY_WEBP, "WebPDecodeRGBInto", &why);
	struct part p = find_part(data, len);
	size_t row, at;
	int w, h;

	if (info == NULL || into == NULL)
		return image_fail(e, "decode", why);
	if (!info(p.data, p.len, &w, &h))
		return image_fail(e, "decode", "damaged");
	if (p.frames == 0) {
		p.width = w;
		p.height = h;
	}
	if (image_check(im, p.width, p.height, max_pixels, e) < 0)
		return -1;
	if (p.left > p.width - w || p.top > p.height - h)
		return image_fail(e, "decode", "a frame outside its image");
	im->channels = RGB;
	if (image_allocate(im, e) < 0)
		return -1;
	row = (size_t)im->width * RGB;
	at = (size_t)p.top * row + (size_t)p.left * RGB;
	if (into(p.data, p.len, im->pixels + at, image_bytes(im) - at,
		(int)row) == NULL) {
		image_free(im);
		return image_fail(e, "decode", "damaged or truncated");
	}
	im->frames_left = p.frames > 1 ? p.frames - 1 : 0;
	return 0;
}
