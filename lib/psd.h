/*
 * A look at the structure of a PSD file (Adobe's Photoshop File Formats
 * Specification) before a decoder gets it. Pixels are image.h's business.
 */
#ifndef PSD_H
#define PSD_H

#include <stddef.h>

/*
 * Whether it is such a file with samples of 16 bits; stb_image 2.27 means to
 * tell, and does not.
 */
int psd_is_wide(const unsigned char *data, size_t len);

/*
 * Whether the samples of such a file are compressed as well: stb_image takes
 * their bytes for samples.
 */
int psd_is_packed(const unsigned char *data, size_t len);

#endif
