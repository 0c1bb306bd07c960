/*
 * The files of exemplar.h: images/NUMBER-KIND-I.EXT in the journal.
 */
#ifndef EXEMPLARFILE_H
#define EXEMPLARFILE_H

#include <stddef.h>

#include "base/buf.h"

/* The name, with a NUL; the ending is the image's, if it is a plain one. */
void exemplarfile_name(struct buf *b, unsigned long long number,
    const char *kind, size_t i, const char *image);

/*
 * Copies a regular file of at most that many bytes to the name, as a whole.
 * Whether it is there; a disk that is full is said once.
 */
int exemplarfile_copy(const char *image, const char *dir, const char *name,
    unsigned long long most);

/* Removes the oldest beyond so many bytes, or of more days; 0: of any age. */
void exemplarfile_prune(const char *dir, unsigned long long most, double days);

#endif
