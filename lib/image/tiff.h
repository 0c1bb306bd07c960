/*
 * TIFF: the first page, in strips or tiles, of any compression that libtiff
 * has, as 8 bits a sample. Alpha is dropped. Foreign: libtiff, by library.h.
 */
#ifndef TIFF_H
#define TIFF_H

#include "image/image.h"

/* As decode_bytes. */
int tiff_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e);

#endif
