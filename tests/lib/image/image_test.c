/*
 * image and pixels: the formats, damage, limits, depths, statistics. The
 * files below were made by hand, all 4 x 3; the colour ones have the pixels
 * R = 16 i + 8, G = 255 - 20 i, B = 7 i, i = 0 .. 11 in reading order.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/bmprle.h"
#include "image/decode.h"
#include "image/pixels.h"
#include "tap.h"

/* clang-format off */
static const unsigned char png[] = {
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d,
	0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x03,
	0x08, 0x02, 0x00, 0x00, 0x00, 0x3b, 0x96, 0x39, 0x91, 0x00, 0x00, 0x00,
	0x30, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0xe0, 0xf8, 0xcf, 0x20,
	0xf1, 0x9a, 0x5d, 0xe3, 0x3a, 0x9f, 0xc5, 0x61, 0x51, 0x06, 0x8f, 0xf5,
	0x32, 0x11, 0xb3, 0x95, 0x33, 0xda, 0xb5, 0x2a, 0x8a, 0x0d, 0x19, 0x3a,
	0xe2, 0x2d, 0x66, 0x78, 0xdb, 0xaf, 0x30, 0x77, 0xdb, 0xa1, 0xec, 0x0b,
	0x00, 0xfc, 0xed, 0x0d, 0x1b, 0x7c, 0x61, 0xe6, 0x9f, 0x00, 0x00, 0x00,
	0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

static const unsigned char ppm[] = {
	0x50, 0x36, 0x20, 0x34, 0x20, 0x33, 0x20, 0x32, 0x35, 0x35, 0x0a, 0x08,
	0xff, 0x00, 0x18, 0xeb, 0x07, 0x28, 0xd7, 0x0e, 0x38, 0xc3, 0x15, 0x48,
	0xaf, 0x1c, 0x58, 0x9b, 0x23, 0x68, 0x87, 0x2a, 0x78, 0x73, 0x31, 0x88,
	0x5f, 0x38, 0x98, 0x4b, 0x3f, 0xa8, 0x37, 0x46, 0xb8, 0x23, 0x4d,
};

static const unsigned char pgm[] = {
	0x50, 0x35, 0x20, 0x34, 0x20, 0x33, 0x20, 0x32, 0x35, 0x35, 0x0a, 0x00,
	0x14, 0x28, 0x3c, 0x50, 0x64, 0x78, 0x8c, 0xa0, 0xb4, 0xc8, 0xdc,
};

static const unsigned char bmp[] = {
	0x42, 0x4d, 0x5a, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x36, 0x00,
	0x00, 0x00, 0x28, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x03, 0x00,
	0x00, 0x00, 0x01, 0x00, 0x18, 0x00, 0x00, 0x00, 0x00, 0x00, 0x24, 0x00,
	0x00, 0x00, 0x13, 0x0b, 0x00, 0x00, 0x13, 0x0b, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x38, 0x5f, 0x88, 0x3f, 0x4b, 0x98,
	0x46, 0x37, 0xa8, 0x4d, 0x23, 0xb8, 0x1c, 0xaf, 0x48, 0x23, 0x9b, 0x58,
	0x2a, 0x87, 0x68, 0x31, 0x73, 0x78, 0x00, 0xff, 0x08, 0x07, 0xeb, 0x18,
	0x0e, 0xd7, 0x28, 0x15, 0xc3, 0x38,
};

static const unsigned char tga[] = {
	0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x04, 0x00, 0x03, 0x00, 0x18, 0x20, 0x00, 0xff, 0x08, 0x07, 0xeb, 0x18,
	0x0e, 0xd7, 0x28, 0x15, 0xc3, 0x38, 0x1c, 0xaf, 0x48, 0x23, 0x9b, 0x58,
	0x2a, 0x87, 0x68, 0x31, 0x73, 0x78, 0x38, 0x5f, 0x88, 0x3f, 0x4b, 0x98,
	0x46, 0x37, 0xa8, 0x4d, 0x23, 0xb8,
};

static const unsigned char psd[] = {
	0x38, 0x42, 0x50, 0x53, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x03, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x04, 0x00, 0x08,
	0x00, 0x03, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x08, 0x18, 0x28, 0x38, 0x48, 0x58, 0x68, 0x78,
	0x88, 0x98, 0xa8, 0xb8, 0xff, 0xeb, 0xd7, 0xc3, 0xaf, 0x9b, 0x87, 0x73,
	0x5f, 0x4b, 0x37, 0x23, 0x00, 0x07, 0x0e, 0x15, 0x1c, 0x23, 0x2a, 0x31,
	0x38, 0x3f, 0x46, 0x4d,
};

static const unsigned char gif[] = {
	0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 0x04, 0x00, 0x03, 0x00, 0x81, 0x00,
	0x00, 0x00, 0x00, 0x00, 0xff, 0x00, 0x00, 0x00, 0xff, 0x00, 0xfa, 0xfa,
	0xfa, 0x2c, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x03, 0x00, 0x00, 0x02,
	0x08, 0x44, 0xa8, 0x11, 0xa1, 0x46, 0x84, 0x5a, 0x01, 0x00, 0x3b,
};

static const unsigned char jpg[] = {
	0xff, 0xd8, 0xff, 0xdb, 0x00, 0x43, 0x00, 0x08, 0x08, 0x08, 0x08, 0x08,
	0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08,
	0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08,
	0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08,
	0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08,
	0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0xff,
	0xc0, 0x00, 0x0b, 0x08, 0x00, 0x03, 0x00, 0x04, 0x01, 0x01, 0x11, 0x00,
	0xff, 0xc4, 0x00, 0x15, 0x00, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x07, 0xff,
	0xc4, 0x00, 0x14, 0x10, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
	0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xff, 0xda, 0x00,
	0x08, 0x01, 0x01, 0x00, 0x00, 0x3f, 0x00, 0xa4, 0x3f, 0xff, 0xd9,
};
/* clang-format on */

enum { MANY = 100000000 };

#define FILE_OF(x) #x, x, sizeof(x)

static const struct file {
	const char *name;
	const unsigned char *data;
	size_t len;
	int channels, first, last; /* bytes of the pixels */
} files[] = {
    {FILE_OF(png), 3, 8, 77},
    {FILE_OF(ppm), 3, 8, 77},
    {FILE_OF(pgm), 1, 0, 220},
    {FILE_OF(bmp), 3, 8, 77},
    {FILE_OF(tga), 3, 8, 77},
    {FILE_OF(psd), 3, 8, 77},
    {FILE_OF(gif), 3, 0, 250},
    {FILE_OF(jpg), 1, 200, 200},
};
enum { FILES = sizeof(files) / sizeof(*files) };

static size_t
bytes(const struct image *im)
{
	return (size_t)im->width * (size_t)im->height * (size_t)im->channels;
}

static void
test_formats(void)
{
	for (const struct file *f = files; f < files + FILES; f++) {
		struct image im = {0};
		struct image_error e;
		int good = decode_bytes(&im, f->data, f->len, MANY, &e) == 0 &&
			   im.width == 4 && im.height == 3 &&
			   im.channels == f->channels &&
			   im.pixels[0] == f->first &&
			   im.pixels[bytes(&im) - 1] == f->last;

		ok(good, "%s is decoded", f->name);
		image_free(&im);
	}
}

/* A file cut short fails, or lacks nothing that matters. */
static void
test_truncated(void)
{
	for (const struct file *f = files; f < files + FILES; f++) {
		struct image whole = {0}, im = {0};
		struct image_error e;
		int wrong = 0, failed = 0;

		decode_bytes(&whole, f->data, f->len, MANY, &e);
		for (size_t len = 0; len < f->len; len++) {
			/* A copy of its own, for the sanitizer's sake. */
			unsigned char *d = malloc(len + 1);
			memcpy(d, f->data, len);
			if (decode_bytes(&im, d, len, MANY, &e) < 0)
				failed++;
			else
				wrong += memcmp(im.pixels, whole.pixels,
					     bytes(&im)) != 0;
			image_free(&im);
			free(d);
		}
		image_free(&whole);
		ok(wrong == 0 && failed > (int)f->len / 2,
		    "%s cut short is refused", f->name);
	}
}

static struct pixels_stats
see(const struct image *im)
{
	size_t bytes = image_bytes(im) / (size_t)im->height;
	struct pixels_stats s = {.width = -1};
	struct pixels p;

	if (pixels_init(&p, im) == 0) {
		for (int y = 0; y < im->height; y++)
			pixels_row(&p, im->pixels + (size_t)y * bytes);
		s = pixels_stats(&p);
	}
	pixels_free(&p);
	return s;
}

static void
test_mutated(void)
{
	for (const struct file *f = files; f < files + FILES; f++) {
		unsigned char *d = malloc(f->len);
		struct image im = {0};
		struct image_error e;
		int wrong = 0;

		for (size_t i = 0; i < 8 * f->len; i++) {
			memcpy(d, f->data, f->len);
			d[i / 8] ^= (unsigned char)(1 << i % 8);
			if (decode_bytes(&im, d, f->len, 100000, &e) == 0) {
				wrong += bytes(&im) > 300000;
				see(&im);
			} else {
				wrong += e.stage == NULL || e.reason == NULL;
			}
			image_free(&im);
		}
		free(d);
		ok(wrong == 0, "%s with any bit flipped", f->name);
	}
}

static void
is_error(const void *data, size_t len, size_t max, const char *stage,
    const char *name)
{
	struct image im = {0};
	struct image_error e = {"none", "none"};

	decode_bytes(&im, data, len, max, &e);
	if (!ok(im.pixels == NULL && strcmp(e.stage, stage) == 0, "%s", name))
		printf("# stage %s: %s\n", e.stage, e.reason);
	image_free(&im);
}

static void
test_limits(void)
{
	unsigned char big[sizeof(png)];
	struct image im = {0};
	struct image_error e;

	ok(decode_bytes(&im, png, sizeof(png), 12, &e) == 0,
	    "as many pixels as allowed");
	image_free(&im);
	is_error(png, sizeof(png), 11, "limit", "one pixel too many");
	memcpy(big, png, sizeof(png));
	/* With the checksum of zlib.crc32, of Python. */
	memcpy(big + 16, "\0\0\xff\xdc\0\0\xff\xdc", 8);
	memcpy(big + 29, "\x1c\x35\x81\x4c", 4);
	is_error(big, sizeof(big), MANY, "limit", "65500 x 65500");
	memcpy(big + 16, "\0\1\0\0\0\0\0\1", 8);
	memcpy(big + 29, "\xe4\x10\x74\x8f", 4);
	is_error(big, sizeof(big), MANY, "limit", "65536 x 1");
	is_error("", 0, MANY, "decode", "no bytes");
	is_error("just a text", 11, MANY, "decode", "a text");
}

/* A JPEG file in which the scan is followed by n bytes that no pixel needs. */
static size_t
with_tail(unsigned char *to, const char *tail, size_t n)
{
	size_t scan = sizeof(jpg) - 2;

	memcpy(to, jpg, scan);
	memcpy(to + scan, tail, n);
	memcpy(to + scan + n, jpg + scan, 2);
	return sizeof(jpg) + n;
}

/* How the data of a scan may end, and may not. */
static void
test_jpeg_ends(void)
{
	unsigned char d[sizeof(jpg) + 16];
	size_t scan = sizeof(jpg) - 2;
	struct image im = {0};
	struct image_error e;

	is_error(jpg, scan, MANY, "decode", "no end of image");
	memcpy(d, jpg, sizeof(jpg));
	memcpy(d + scan - 2, "\xff\xd9", 2);
	is_error(d, scan, MANY, "decode", "a scan that ends too early");
	is_error(d, with_tail(d, "0123456789abcdef", 16), MANY, "decode",
	    "a scan that goes on");
	memcpy(d, jpg, 71);
	memcpy(d + 71, "0123456789abcdef", 16);
	memcpy(d + 87, jpg + 71, sizeof(jpg) - 71);
	ok(decode_bytes(&im, d, sizeof(d), MANY, &e) == 0 &&
		im.pixels[11] == 200,
	    "a JPEG file with other bytes between its segments");
	image_free(&im);
	for (int i = 0; i < 3; i++) {
		static const char *const fill[] = {
		    "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
		    "\xff\xd0\xff\xd1\xff\xd2\xff\xd3\xff\xd4\xff\xd5\xff\xd6\xff",
		    "\xff\0\xff\0\xff\0\xff\0\xff\0\xff\0\xff\0\xff"};
		size_t n = with_tail(d, fill[i], 16);

		ok(decode_bytes(&im, d, n, MANY, &e) == 0 &&
			im.pixels[11] == 200,
		    "a scan before bytes that fill up, %d", i);
		image_free(&im);
	}
}

/* Files that other programs refuse, or that a decoder could get wrong. */
static void
test_refused(void)
{
	unsigned char d[sizeof(jpg)];
	unsigned char p[sizeof(png)];
	struct image im = {0};
	struct image_error e;

	is_error("P5 4294967300 3 255\n456789012345", 32, MANY, "decode",
	    "a width of more than 32 bits");
	is_error("\xff\xff\xff\xd8\xff\xc4", 6, MANY, "decode",
	    "a JPEG file after bytes that fill up");
	memcpy(p, png, sizeof(p));
	memcpy(p + 12, "CgBI", 4);
	ok(decode_bytes(&im, p, sizeof(p), MANY, &e) < 0 &&
		strstr(e.reason, "CgBI") != NULL,
	    "a PNG file in Apple's form is named");
	memcpy(p, png, sizeof(p));
	p[50] ^= 1;
	is_error(p, sizeof(p), MANY, "decode", "a PNG file with a wrong CRC");
	memcpy(d, jpg, sizeof(d));
	d[3] = 0xe1;
	is_error(d, sizeof(d), MANY, "decode", "no quantisation table");
	memcpy(d, jpg, sizeof(d));
	d[sizeof(d) - 16] = 0xe1;
	is_error(d, sizeof(d), MANY, "decode", "a JPEG file without a scan");
	test_jpeg_ends();
	is_error("GIF89a\4\0\3\0\0\0\0;", 14, MANY, "decode",
	    "a GIF file without a frame");
	is_error("RIFF\0\0\0\0WEBPVP8 ", 16, MANY, "decode", "damaged");
}

/* 3 x 2 of run lengths: what a run, plain indices, a skip and the ends mean. */
static void
test_bmp_runs(void)
{
	static const struct {
		const char *data;
		size_t len;
		int bits;
		const char *want; /* indices from the top, or NULL: refused */
	} cases[] = {
	    {"\3\1\0\0\3\2\0\1", 8, 8, "222111"},
	    {"\0\3\1\2\3\0\0\0\1\3\0\1", 12, 8, "300123"},
	    {"\5\1\0\0\0\1", 6, 8, "000111"},
	    {"\0\2\1\1\2\2\0\1", 8, 8, "022000"},
	    {"\3\x12\0\0\0\3\x12\x30\0\1", 10, 4, "123121"},
	    {"\3\1\0\0\3\2", 6, 8, NULL},
	    {"\3\1\0\0\3\2\0\0\1\1\0\1", 12, 8, NULL},
	    {"\0\2\0\3\1\1\0\1", 8, 8, NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		unsigned char got[7] = {0};
		const char *why = bmprle_expand(
		    (const unsigned char *)cases[i].data, cases[i].len,
		    (unsigned)cases[i].bits, 3, 2, got);
		int same = 1;

		for (int k = 0; k < 6 && cases[i].want != NULL; k++)
			same &= got[(k + 3) % 6] + '0' == cases[i].want[k];
		ok((why == NULL) == (cases[i].want != NULL) && same,
		    "run lengths of a BMP file, %zu: %s", i,
		    why != NULL ? why : "read");
	}
}

/* Alike but for what a decoder has to know about their format. */
static void
test_variants(void)
{
	unsigned char t[sizeof(tga)], b[sizeof(bmp)];
	struct image im = {0};
	struct image_error e;

	memcpy(t, tga, sizeof(t));
	t[17] |= 0x10;
	ok(decode_bytes(&im, t, sizeof(t), MANY, &e) == 0 &&
		im.pixels[0] == 16 * 3 + 8 && im.pixels[9] == 8,
	    "TGA from right to left");
	image_free(&im);
	memcpy(b, bmp, sizeof(b));
	memcpy(b + 22, "\xfd\xff\xff\xff", 4);
	ok(decode_bytes(&im, b, sizeof(b), MANY, &e) == 0 && im.height == 3 &&
		im.pixels[0] == 16 * 8 + 8,
	    "BMP from the top");
	image_free(&im);
	ok(decode_bytes(&im, (const unsigned char *)"P5 3#c\n1 255#d\n#$%", 18,
	       MANY, &e) == 0 &&
		im.pixels[0] == '#' && im.pixels[2] == '%',
	    "PNM with comments");
	image_free(&im);
}

static void
test_pnm_depth(void)
{
	static const unsigned char want[] = {0, 17, 119, 255};
	const uint16_t *deep;
	struct image im = {0};
	struct image_error e;

	decode_bytes(&im,
	    (const unsigned char *)"P5\n# 9 9 9\n4\t1 15\n\0\1\7\17", 22, MANY,
	    &e);
	ok(im.pixels && memcmp(im.pixels, want, 4) == 0,
	    "samples of 0 to 15 are stretched");
	image_free(&im);
	test_bmp_runs();
	ok(decode_bytes(&im,
	       (const unsigned char *)"P3 2 1 255\n1 2 3 #c\n4 255 99", 29,
	       MANY, &e) == 0 &&
		im.channels == 3 && memcmp(im.pixels, "\1\2\3\4\377c", 6) == 0,
	    "PNM in text");
	image_free(&im);
	is_error("P2 2 1 255\n1", 12, MANY, "decode", "PNM in text, cut short");
	is_error("P2 2 1 255\n1 256", 16, MANY, "decode",
	    "PNM in text, above the largest");
	decode_bytes(&im, (const unsigned char *)"P5 3 1 4095\n\0\0\1\1\xf\xff",
	    18, MANY, &e);
	deep = (const void *)im.pixels;
	ok(deep && im.wide && deep[0] == 0 && deep[1] == 4113 &&
		deep[2] == 65535,
	    "samples of 0 to 4095 are stretched to 16 bits");
	pixels_narrow(&im);
	ok(!im.wide && im.pixels[1] == 16 && im.pixels[2] == 255,
	    "and brought to 8");
	image_free(&im);
	is_error("P5 3 1 4095\n\0\0\1\1\xf", 17, MANY, "decode",
	    "half a sample is missing");
	is_error("P5 4 3 0\n456789012345", 21, MANY, "decode", "no range");
}

static void
test_load(void)
{
	struct image im = {0};
	struct image_error e;

	ok(decode_path(&im, "/", MANY, &e) < 0 && !strcmp(e.stage, "open"),
	    "a directory");
	ok(decode_path(&im, "/nonexistent", MANY, &e) < 0 &&
		!strcmp(e.stage, "open"),
	    "a missing file");
	ok(decode_path(&im, "/dev/zero", MANY, &e) < 0 &&
		!strcmp(e.stage, "open"),
	    "a device");
}

static void
test_png(void)
{
	char path[] = "/tmp/image_test.XXXXXX";
	struct image im = {0}, back = {0};
	struct image_error e;
	int fd = mkstemp(path);

	close(fd);
	decode_bytes(&im, ppm, sizeof(ppm), MANY, &e);
	ok(image_write_png(&im, path) == 0 &&
		decode_path(&back, path, MANY, &e) == 0,
	    "PNG written and read");
	ok(bytes(&back) == 36 && !memcmp(im.pixels, back.pixels, 36),
	    "with the same pixels");
	image_free(&back);
	unlink(path);
	ok(image_write_png(&im, "/nonexistent/x.png") < 0,
	    "no directory to write to");
	image_free(&im);
}

static void
test_stats(void)
{
	unsigned char p[64], one = 51;
	struct image im = {.width = 8, .height = 8, .channels = 1, .pixels = p};
	struct image dot = {
	    .width = 1, .height = 1, .channels = 1, .pixels = &one};
	uint16_t deep[64];
	struct image wide = {.width = 8,
	    .height = 8,
	    .channels = 1,
	    .wide = 1,
	    .pixels = (void *)deep};
	struct pixels_stats s, t;

	memset(p, 102, sizeof(p));
	s = see(&im);
	near(s.brightness, 0.4, 1e-15, "brightness of a flat image");
	ok(s.contrast == 0 && s.sharpness == 0, "and nothing else");
	for (int i = 0; i < 64; i++)
		p[i] = (i / 8 + i) % 2 ? 255 : 0;
	s = see(&im);
	near(s.brightness, 0.5, 1e-15, "a chessboard: brightness");
	near(s.contrast, 0.5, 1e-15, "contrast");
	/* Each pixel differs by 1 from its four neighbours: +4 and -4. */
	near(s.sharpness, 16, 1e-15, "sharpness");
	for (int i = 0; i < 64; i++)
		p[i] = (unsigned char)(i % 8 * 3);
	s = see(&im);
	near(
	    s.contrast, 3 / 255.0 * sqrt(63 / 12.0), 1e-12, "a ramp: contrast");
	ok(s.sharpness == 0, "a ramp has no edge");
	for (int i = 0; i < 64; i++) {
		p[i] = (unsigned char)(i * i * 7);
		deep[i] = (uint16_t)(p[i] * 257);
	}
	s = see(&im);
	t = see(&wide);
	near(t.brightness, s.brightness, 1e-12, "16 bits: brightness");
	near(t.contrast, s.contrast, 1e-12, "contrast");
	near(t.sharpness, s.sharpness, 1e-12, "sharpness");
	s = see(&dot);
	ok(s.brightness == 0.2 && s.contrast == 0 && s.sharpness == 0,
	    "a single pixel");
}

/* Straight from the definition. */
static struct pixels_stats
plain_stats(const unsigned char *p, int w, int h)
{
	static double l[5000];
	double n = w * h, inner = (w - 2) * (h - 2);
	double sum = 0, squares = 0, edges = 0, edge_squares = 0;

	for (int i = 0; i < w * h; i++) {
		const unsigned char *q = p + (size_t)i * 3;

		l[i] = (0.299 * q[0] + 0.587 * q[1] + 0.114 * q[2]) / 255;
		sum += l[i];
		squares += l[i] * l[i];
	}
	for (int y = 1; y < h - 1; y++)
		for (int x = 1; x < w - 1; x++) {
			const double *q = l + (size_t)y * (size_t)w + x;
			double d = 4 * *q - q[-1] - q[1] - q[-w] - q[w];

			edges += d;
			edge_squares += d * d;
		}
	return (struct pixels_stats){
	    .brightness = sum / n,
	    .contrast = sqrt(squares / n - sum / n * (sum / n)),
	    .sharpness = edge_squares / inner - edges / inner * (edges / inner),
	};
}

/* Widths about those in which an image is gone through. */
static void
test_wide_stats(void)
{
	static const int widths[] = {3, 7, 511, 512, 513, 1024, 1025};
	static unsigned char p[3 * 5000];
	struct image im = {.height = 4, .channels = 3, .pixels = p};
	double off = 0;

	for (size_t i = 0; i < sizeof(p); i++)
		p[i] = (unsigned char)(i * i * 7 + i / 11);
	for (size_t i = 0; i < sizeof(widths) / sizeof(*widths); i++) {
		struct pixels_stats s, t;

		im.width = widths[i];
		s = see(&im);
		t = plain_stats(p, im.width, im.height);
		off = fmax(off, fabs(s.brightness / t.brightness - 1));
		off = fmax(off, fabs(s.contrast / t.contrast - 1));
		off = fmax(off, fabs(s.sharpness / t.sharpness - 1));
	}
	ok(off < 1e-12, "statistics of any width");
}

int
main(void)
{
	test_formats();
	test_truncated();
	test_mutated();
	test_limits();
	test_refused();
	test_variants();
	test_pnm_depth();
	test_load();
	test_png();
	test_stats();
	test_wide_stats();
	return done_testing();
}
