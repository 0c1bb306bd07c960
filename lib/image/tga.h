/*
 * TGA files (Truevision TGA 2.0) of true colour, grey or a palette, by way of
 * stb_image. The format has no signature.
 */
#ifndef TGA_H
#define TGA_H

#include <stddef.h>

#include "image/image.h"

/* As decode_bytes, of bytes that begin as no other format. */
int tga_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e);

#endif
