/*
 * The header of binary PNM files (P5 grey, P6 RGB), for what stb_image does
 * not look at: it takes every sample for one of 0 to 255 or 65535, and
 * leaves the bytes of the latter in the file's order.
 */
#ifndef PNM_H
#define PNM_H

#include <stddef.h>

struct image;

/*
 * The largest value that a sample can have, 1 .. 65535; 0 when this is no such
 * file, -1 when it is one and says no such value.
 */
int pnm_max(const unsigned char *data, size_t len);

/*
 * Brings samples of 0 .. max, as they stand in the file, to the range of
 * image.h, rounded; those of a wide image to this processor's byte order, too.
 * With max 0 nothing changes.
 */
void pnm_stretch(struct image *im, int max);

#endif
