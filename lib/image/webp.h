/*
 * WebP: still images, and the first frame of moving ones on black. Alpha is
 * dropped. Foreign: libwebp, by library.h.
 */
#ifndef WEBP_H
#define WEBP_H

#include "image/image.h"

/* As decode_bytes. */
int webp_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e);

#endif
