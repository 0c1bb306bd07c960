/*
 * Names of files, as text: nothing here looks at a file system.
 */
#ifndef PATH_H
#define PATH_H

#include "base/buf.h"

/*
 * Puts "dir/name" and a NUL that len does not count into b, which is emptied
 * first; no second slash where dir ends in one, no slash where it is empty.
 * NULL when memory ends.
 */
const char *path_join(struct buf *b, const char *dir, const char *name);

/* What follows the last slash; path itself where there is none. */
const char *path_base(const char *path);

/* The bytes before path_base, the slash included; 0 where there is none. */
size_t path_dir(const char *path);

#endif
