/*
 * The files of exemplar.h: images/NUMBER-KIND-I-HASH.EXT in the journal, with a
 * hash of the image's name.
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

/*
 * Adds the paths of a journal's copies to all, which has n and is the caller's
 * to free, as each of them is.
 */
void exemplarfile_list(const char *dir, char ***all, size_t *n);

/* The one of these paths that is a copy of the image, or NULL. */
const char *exemplarfile_find(char *const *all, size_t n, const char *image);

/* Removes the oldest beyond so many bytes, or of more days; 0: of any age. */
void exemplarfile_prune(const char *dir, unsigned long long most, double days);

#endif
