/*
 * HEIF: the primary image of HEIC and AVIF files, turned as the file says, as 8
 * bits a sample. Alpha is dropped. Foreign: libheif, by library.h.
 */
#ifndef HEIF_H
#define HEIF_H

#include "image/image.h"

/* As decode_bytes. */
int heif_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e);

#endif
