/*
 * PNM files: grey and RGB, binary (P5, P6) and in decimal (P2, P3), of 8 or 16
 * bits a sample, by pgm(5) and ppm(5) of Netpbm. Samples of 0 .. maxval become
 * those of image.h, rounded.
 */
#ifndef PNM_H
#define PNM_H

#include <stddef.h>

#include "image/image.h"

/* As decode_bytes, of bytes that begin with P2, P3, P5 or P6. */
int pnm_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e);

#endif
