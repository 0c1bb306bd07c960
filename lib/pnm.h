/*
 * The header of binary PNM files (P5 grey, P6 RGB), for what stb_image does
 * not look at: it takes every sample for one of 0 to 255. The pixels are
 * image.h's business.
 */
#ifndef PNM_H
#define PNM_H

#include <stddef.h>

/*
 * The largest value that a sample can have, 1 .. 65535; 0 when this is no such
 * file, -1 when it is one and says no such value.
 */
int pnm_max(const unsigned char *data, size_t len);

/* Stretches samples of 0 .. max to 0 .. 255, rounded. */
void pnm_stretch(unsigned char *p, size_t n, int max);

#endif
