/*
 * How a camera was held: the orientation that EXIF notes beside the pixels,
 * 1 .. 8 as in Exif 2.32 (CIPA DC-008), 4.6.4, tag 0x0112. Found in the first
 * APP1 segment of a JPEG file, the eXIf chunk of a PNG file, the EXIF chunk of a
 * WebP file and the first directory of a TIFF file.
 */
#ifndef EXIF_H
#define EXIF_H

#include <stddef.h>

struct image;

/* 1 (as it is) when the file says nothing, or nothing that makes sense. */
int exif_orientation(const unsigned char *data, size_t len);

/*
 * Mirrors and turns the pixels as the image's orientation says, which is 1
 * then. Returns 0, or -1 when memory ran out; the image is as it was.
 */
int exif_upright(struct image *im);

#endif
