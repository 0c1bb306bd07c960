/* A checksum of a file's contents, or of bytes. Foreign: zlib. */
#ifndef CRC_H
#define CRC_H

#include <stddef.h>

/* CRC-32 as gzip has it. Returns 0, or -1 with errno set. */
int crc_file(const char *path, unsigned long *crc);

/* The same of bytes in memory. */
unsigned long crc_bytes(const void *p, size_t n);

#endif
