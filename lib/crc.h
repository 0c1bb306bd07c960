/* A checksum of a file's contents. Foreign: zlib. */
#ifndef CRC_H
#define CRC_H

/* CRC-32 as gzip has it. Returns 0, or -1 with errno set. */
int crc_file(const char *path, unsigned long *crc);

#endif
