/*
 * GIF files, the first frame, by the GIF89a specification. Transparent pixels
 * have the colour that the palette gives them. What the frame does not cover is
 * transparent, or has the background's colour, or is black without one; an
 * index that it does not have is black. A frame with fewer pixels than it says
 * is an error.
 */
#ifndef GIF_H
#define GIF_H

#include <stddef.h>

#include "image/image.h"

/* As decode_bytes, of bytes that begin with GIF8. */
int gif_decode(struct image *im, const unsigned char *data, size_t len,
    size_t max_pixels, struct image_error *e);

#endif
