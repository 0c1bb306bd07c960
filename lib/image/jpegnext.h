/*
 * Images that follow one in a JPEG file, as in motion JPEG and in files of some
 * cameras. They are told by their markers, and not decoded.
 */
#ifndef JPEGNEXT_H
#define JPEGNEXT_H

/* How many whole ones there are, after zeros that fill up. */
int jpegnext_count(const unsigned char *p, const unsigned char *end);

#endif
