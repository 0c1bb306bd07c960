/* What tells a file from every other one, now and before. */
#ifndef FILEID_H
#define FILEID_H

#include "seen.h"

struct statx;

/*
 * Identifies the file at a path, from the directory fd, or fd itself with an
 * empty path; flags are those of statx(2). Returns 0, with what statx says in
 * *x, or -1 with errno set.
 */
int fileid(
    int fd, const char *path, int flags, struct seen_file *f, struct statx *x);

#endif
