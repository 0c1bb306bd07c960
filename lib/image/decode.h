/*
 * From a file to pixels: which module of the room has its format.
 *
 * Read are PNG, JPEG, BMP, GIF (its first frame), TGA, PSD and PNM (P2,
 * P3, P5, P6), 8 or 16 bits a sample; palettes and shallower samples become 8.
 * Alpha is dropped, and the colours stay as they are beneath it. The
 * orientation is told and not applied (exif.h). Not here: colour profiles.
 */
#ifndef DECODE_H
#define DECODE_H

#include "image/image.h"

/*
 * Opens a file to be decoded. Anything but a regular file is refused without
 * blocking. Returns the descriptor, with its bytes in *len, or -1 with *e set.
 */
int decode_open(const char *path, size_t *len, struct image_error *e);

/*
 * Decodes an open regular file of len bytes, of which the position does not
 * matter; it stays open. What would have more than max_pixels is refused from
 * its header, before memory is taken. Makes no system call but pread, and what
 * malloc makes, or im->rows. Returns 0, or -1 with *e set and no pixels.
 */
int decode_fd(struct image *im, int fd, size_t len, size_t max_pixels,
    struct image_error *e);

/* Both in one, in this process. */
int decode_path(struct image *im, const char *path, size_t max_pixels,
    struct image_error *e);

/* How many bytes a file may have that is read. */
size_t decode_largest(size_t max_pixels);

/* As decode_fd, from memory. Of *im only enough and rows are looked at. */
int decode_bytes(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e);

#endif
