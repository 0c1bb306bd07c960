/*
 * Libraries of image formats that few need: they are opened when the first
 * image of their format comes, before the decoder process that is to read it
 * enters its sandbox; nothing is linked with them. A build may leave each out.
 */
#ifndef LIBRARY_H
#define LIBRARY_H

#include <stddef.h>

/* Bits of a set. */
enum library { LIBRARY_WEBP = 1, LIBRARY_TIFF = 2, LIBRARY_HEIF = 4 };

enum { LIBRARY_HEAD = 16 }; /* bytes of a file that say what it needs */

/* Which are needed for a file that begins so. */
unsigned library_need(const unsigned char *head, size_t len);

/* Opens those of the set that are installed. */
void library_load(unsigned set);

/* Whether one of the set makes threads. */
int library_threads(unsigned set);

/* From here on none is opened. */
void library_lock(void);

/*
 * A function of the library. NULL when the library is not there, which *why
 * says; the text is static.
 */
void *library_function(enum library l, const char *name, const char **why);

#endif
