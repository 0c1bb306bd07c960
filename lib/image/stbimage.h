/*
 * What stb_image still reads: PNG, PSD and TGA files that have been looked at
 * before. Foreign: stb_image.
 */
#ifndef STBIMAGE_H
#define STBIMAGE_H

#include <stddef.h>

#include "image/image.h"

/* As decode_bytes. im->wide says whether there are 16 bits a sample. */
int stbimage_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e);

#endif
