/*
 * BMP files: headers of OS/2 and of Windows, V3 to V5; palettes of 1, 2, 4 and
 * 8 bits, 16, 24 and 32 bits with masks or without; rows from the bottom or
 * from the top. Alpha is dropped. Run lengths (bmprle.h) that leave pixels out
 * mean the palette's first colour. An index that the palette does not have is
 * black.
 */
#ifndef BMP_H
#define BMP_H

#include <stddef.h>

#include "image/image.h"

/* As decode_bytes, of bytes that begin with BM. */
int bmp_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e);

#endif
