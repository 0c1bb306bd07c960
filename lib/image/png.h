/*
 * PNG files (ISO/IEC 15948), by way of stb_image, which gets those alone whose
 * pixels depend on chunks with the right checksum, and on no extension.
 */
#ifndef PNG_H
#define PNG_H

#include <stddef.h>

#include "image/image.h"

/* Whether it begins as a PNG file does. */
int png_begins(const unsigned char *data, size_t len);

/*
 * As decode_bytes, of bytes that begin so. Refused is Apple's form of PNG
 * (CgBI), which has its colours in another order.
 */
int png_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e);

#endif
