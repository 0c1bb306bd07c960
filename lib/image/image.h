/*
 * An image in memory, and how it is written as a PNG file; decode.h makes
 * images of files. Foreign: stb_image_write.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include <stddef.h>

struct buf;
struct image;
struct image_error;

/*
 * Who takes an image row by row while it is decoded, so that it need not lie
 * in memory as a whole.
 */
struct image_rows {
	/*
	 * All of the image but its pixels and frames_left is known. Returns 1
	 * to take its rows, 0 to have its pixels after all, or -1 with *e set.
	 */
	int (*begin)(void *ctx, const struct image *im, struct image_error *e);
	void (*row)(void *ctx, const void *row);
	void *ctx;
};

struct image {
	int width, height;
	int channels;          /* 1 grey, 3 RGB interleaved */
	unsigned char *pixels; /* height x width x channels */
	int wide;              /* pixels holds uint16_t, of 0 .. 65535 */
	int frames_left;       /* that the file has after this one */
	int orientation;       /* 1 .. 8 as in exif.h; 0: as it is, like 1 */
	/*
	 * For a decoder that can make an image smaller while it decodes: sides
	 * that do, either way round; 0: all of it. And the sides that it has
	 * in the file then, or 0.
	 */
	int enough[2], whole[2];
	/* For a decoder that can do that; pixels is NULL then. Or NULL; kept. */
	const struct image_rows *rows;
};

/* What went wrong where. Both texts are static. */
struct image_error {
	/*
	 * "open"    the name leads to no regular file that may be read
	 * "read"    the operating system failed while reading
	 * "limit"   too many bytes, pixels, or more than 65535 on a side
	 * "decode"  not an image, damaged, cut short, of an unknown kind
	 */
	const char *stage;
	const char *reason;
};

/* Sets *e; both texts are static. Returns -1. */
int image_fail(struct image_error *e, const char *stage, const char *reason);

/*
 * Sets the sides of an image that is to have no more than max_pixels. Returns
 * 0, or -1 with *e set.
 */
int image_check(struct image *im, long width, long height, size_t max_pixels,
    struct image_error *e);

/* Bytes of its pixels, by its sides, channels and depth. */
size_t image_bytes(const struct image *im);

/* Gives it as many, which are 0. Returns 0, or -1 with *e set. */
int image_allocate(struct image *im, struct image_error *e);

/*
 * Writes a PNG file of an image that is not wide; one that could not be
 * written whole is removed. Returns 0, or -1 with errno set.
 */
int image_write_png(const struct image *im, const char *path);

/*
 * Appends a JPEG file of an image that is not wide; quality is 1 .. 100.
 * Returns 0, or -1 without memory.
 */
int image_jpeg(const struct image *im, int quality, struct buf *to);

/* Frees the pixels; the struct itself is the caller's. */
void image_free(struct image *im);

#endif
