/*
 * A look at the structure of a PSD file (Adobe's Photoshop File Formats
 * Specification) before a decoder gets it. Pixels are image.h's business.
 */
#ifndef PSD_H
#define PSD_H

#include <stddef.h>

/*
 * Whether its samples are of 16 bits and compressed: stb_image 2.27 takes
 * their bytes for samples. 0 for any other file.
 */
int psd_packs_wide(const unsigned char *data, size_t len);

#endif
