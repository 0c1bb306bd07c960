/*
 * The run-length compression of BMP files, RLE8 and RLE4, to indices of a
 * palette, by Microsoft's description of the format.
 */
#ifndef BMPRLE_H
#define BMPRLE_H

#include <stddef.h>

/*
 * Writes width x height indices of a byte each, in the file's order of rows,
 * which are 0 before; what the data skip stays so. bits is 4 or 8. Returns
 * NULL, or what is wrong.
 */
const char *bmprle_expand(const unsigned char *p, size_t len, unsigned bits,
    size_t width, size_t height, unsigned char *to);

#endif
