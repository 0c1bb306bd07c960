/*
 * PSD files (Adobe's Photoshop File Formats Specification), by way of
 * stb_image. Samples of 16 bits are read where they are not compressed.
 */
#ifndef PSD_H
#define PSD_H

#include <stddef.h>

#include "image/image.h"

/* As decode_bytes, of bytes that begin with 8BPS. */
int psd_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e);

#endif
