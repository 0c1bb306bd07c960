/*
 * A look at the structure of a JPEG file (ITU-T T.81, annex B) before a
 * decoder gets it. Pixels are image.h's business.
 */
#ifndef JPEG_H
#define JPEG_H

#include <stddef.h>

/*
 * Whether every Huffman table has at most the 256 codes that 8-bit symbols
 * allow. stb_image 2.27 writes beyond its tables when one has more.
 */
int jpeg_tables_fit(const unsigned char *data, size_t len);

#endif
