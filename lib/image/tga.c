#include "base/memory.h"
#include "image/exif.h"
#include "image/stbimage.h"
#include "image/tga.h"

/* stb_image takes all rows for such that go to the right. */
static void
mirror(struct image *im)
{
	im->orientation = 2;
	if (exif_upright(im) < 0)
		image_free(im);
}

/*
 * What begins with no signature can only be TGA, if its header is one. What
 * stb_image would take for another format is kept from it so.
 */
static int
is_tga(const unsigned char *p, size_t len)
{
	enum { HEADER = 18, RUNS = 8 };
	int type, bits;

	if (len < HEADER)
		return 0;
	type = p[2] & ~RUNS;
	bits = p[16];
	return p[1] <= 1 && type >= 1 && type <= 3 &&
	       (type != 1 || p[1] == 1) &&
	       (bits == 8 || bits == 15 || bits == 16 || bits == 24 ||
		   bits == 32);
}

int
tga_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e)
{
	enum { DESCRIPTOR = 17, LEFTWARDS = 0x10 };

	if (!is_tga(data, len))
		return image_fail(e, "decode", "unknown image type");
	if (stbimage_decode(im, data, len, max_pixels, e) < 0)
		return -1;
	if (data[DESCRIPTOR] & LEFTWARDS)
		mirror(im);
	return im->pixels == NULL ? image_fail(e, "decode", NO_MEMORY) : 0;
}
