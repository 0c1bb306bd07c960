/*
 * exif: what is found in files made here, and in what is left of them. The
 * eight ways of turning are tests/prep.t's, on files by other programs.
 */
#include <stdlib.h>
#include <string.h>

#include "image/exif.h"
#include "image/image.h"
#include "tap.h"

/* clang-format off */
static const unsigned char little[] = {
	0xff, 0xd8,
	0xff, 0xe0, 0, 4, 1, 2,     /* another segment */
	0xff, 0xff,                 /* fills up */
	0xff, 0xe1, 0, 46, 'E', 'x', 'i', 'f', 0, 0,
	'I', 'I', 42, 0, 8, 0, 0, 0,
	2, 0,
	0x0f, 0x01, 2, 0, 2, 0, 0, 0, 'x', 0, 0, 0,
	0x12, 0x01, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0,
	0, 0, 0, 0,
	0xff, 0xda,
};
static const unsigned char big[] = {
	0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n',
	0, 0, 0, 1, 'I', 'D', 'A', 'T', 0, 1, 2, 3, 4,
	0, 0, 0, 26, 'e', 'X', 'I', 'f',
	'M', 'M', 0, 42, 0, 0, 0, 8,
	0, 1,
	0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 8, 0, 0,
	0, 0, 0, 0, 1, 2, 3, 4,
};
/* clang-format on */

enum { TYPE_AT = 44, VALUE_AT = 50, OFFSET_AT = 24 };

static void
changed(size_t at, int value, int want, const char *name)
{
	unsigned char d[sizeof(little)];

	memcpy(d, little, sizeof(d));
	d[at] = (unsigned char)value;
	ok(exif_orientation(d, sizeof(d)) == want, "%s", name);
}

/* In memory of their own, for the sanitizer's sake. */
static int
bad_pieces(const unsigned char *data, size_t len)
{
	int bad = 0;

	for (size_t n = 0; n < len; n++) {
		unsigned char *d = malloc(n + 1);
		int o;

		memcpy(d, data, n);
		o = exif_orientation(d, n);
		bad += o < 1 || o > 8;
		free(d);
	}
	for (size_t bit = 0; bit < 8 * len; bit++) {
		unsigned char *d = malloc(len);
		int o;

		memcpy(d, data, len);
		d[bit / 8] ^= (unsigned char)(1 << bit % 8);
		o = exif_orientation(d, len);
		bad += o < 1 || o > 8;
		free(d);
	}
	return bad;
}

static void
test_found(void)
{
	ok(exif_orientation(little, sizeof(little)) == 6, "JPEG");
	ok(exif_orientation(big, sizeof(big)) == 8, "PNG, behind the pixels");
	ok(exif_orientation((const void *)"P5 1 1 255\n", 11) == 1, "neither");
	changed(VALUE_AT, 3, 3, "another value");
	changed(VALUE_AT, 0, 1, "0 is none");
	changed(VALUE_AT, 9, 1, "nor is 9");
	changed(TYPE_AT, 4, 1, "nor a number of another type");
	changed(OFFSET_AT, 255, 1, "a directory that is not there");
	ok(bad_pieces(little, sizeof(little)) == 0, "JPEG cut or damaged");
	ok(bad_pieces(big, sizeof(big)) == 0, "PNG cut or damaged");
}

static void
test_upright(void)
{
	unsigned char *p = malloc(6);
	struct image im = {.width = 3,
	    .height = 1,
	    .channels = 1,
	    .wide = 1,
	    .orientation = 6,
	    .pixels = p};

	memcpy(p, "aabbcc", 6);
	ok(exif_upright(&im) == 0 && im.width == 1 && im.height == 3 &&
		memcmp(im.pixels, "aabbcc", 6) == 0 && im.orientation == 1,
	    "samples of 16 bits stay together");
	im.orientation = 3;
	exif_upright(&im);
	ok(memcmp(im.pixels, "ccbbaa", 6) == 0, "upside down");
	p = im.pixels;
	ok(exif_upright(&im) == 0 && im.pixels == p, "nothing more to do");
	image_free(&im);
}

int
main(void)
{
	test_found();
	test_upright();
	return done_testing();
}
