/*
 * JPEG files (ITU-T T.81) through libjpeg: Huffman and arithmetic coding,
 * sequential and progressive, 8 bits a sample. Grey stays grey; CMYK and YCCK
 * become RGB as r = c k / 255 where Adobe's marker says that the inks are
 * inverted, with 255 - c and 255 - k otherwise. Huffman tables that the file
 * leaves out are the standard ones. Foreign: libjpeg.
 *
 * What libjpeg only warns of, and fills up with grey, is an error here.
 */
#ifndef JPEG_H
#define JPEG_H

#include <stddef.h>

#include "image/image.h"

/* As decode_bytes, of bytes that begin with a start of image. */
int jpeg_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e);

#endif
