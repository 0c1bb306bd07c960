#include "image/psd.h"
#include "image/stbimage.h"

enum { DEPTH_AT = 22, SECTIONS_AT = 26, SECTIONS = 3 };

static int
is_wide(const unsigned char *data, size_t len)
{
	return len >= SECTIONS_AT && data[DEPTH_AT] == 0 &&
	       data[DEPTH_AT + 1] == 16;
}

/* Whether its samples are compressed. */
static int
is_packed(const unsigned char *data, size_t len)
{
	size_t at = SECTIONS_AT;

	/* Colour mode, resources, layers: each after its length. */
	for (int i = 0; i < SECTIONS; i++) {
		if (at > len - 4)
			return 0;
		at += 4 + ((size_t)data[at] << 24 | (size_t)data[at + 1] << 16 |
			      (size_t)data[at + 2] << 8 | data[at + 3]);
	}
	return at <= len - 2 && (data[at] != 0 || data[at + 1] != 0);
}

int
psd_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e)
{
	im->wide = is_wide(data, len);
	/* stb_image takes their bytes for samples. */
	if (im->wide && is_packed(data, len))
		return image_fail(e, "decode", "compressed 16-bit PSD");
	return stbimage_decode(im, data, len, max_pixels, e);
}
