/*
 * Images: from a file to pixels, and to a PNG file.
 * Foreign: stb_image, stb_image_write.
 *
 * Read are PNG, JPEG, BMP, GIF (its first frame), TGA, PSD and binary PNM
 * (P5, P6), 8 or 16 bits a sample; palettes and shallower samples become 8.
 * Alpha is dropped, and the colours stay as they are beneath it. The
 * orientation is told and not applied (exif.h). Not here: colour profiles.
 */
#ifndef IMAGE_H
#define IMAGE_H

#include <stddef.h>

struct image {
	int width, height;
	int channels;          /* 1 grey, 3 RGB interleaved */
	unsigned char *pixels; /* height x width x channels */
	double mtime;          /* of the file, Unix seconds; 0: not known */
	int wide;              /* pixels holds uint16_t, of 0 .. 65535 */
	int orientation;       /* 1 .. 8 as in exif.h; 0: as it is, like 1 */
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

/*
 * Reads and decodes a file, at most max_pixels large; what would be larger
 * is refused from its header, before memory is taken. Anything but a regular
 * file is refused without blocking. Returns 0, or -1 with *e set and no
 * pixels; mtime is set in both cases, when it could be found.
 */
int image_load(struct image *im, const char *path, size_t max_pixels,
    struct image_error *e);

/*
 * The same from an open regular file of len bytes, of which the position does
 * not matter; it stays open. Makes no system call but pread, and what malloc
 * makes. mtime is not touched.
 */
int image_read(struct image *im, int fd, size_t len, size_t max_pixels,
    struct image_error *e);

/* How many bytes a file may have that is read. */
size_t image_largest(size_t max_pixels);

/* As image_load, from memory; mtime is not touched. */
int image_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e);

/*
 * Writes a PNG file of an image that is not wide; one that could not be written whole is removed. Returns
 * 0, or -1 with errno set.
 */
int image_write_png(const struct image *im, const char *path);

/* Frees the pixels; the struct itself is the caller's. */
void image_free(struct image *im);

#endif
