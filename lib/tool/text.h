/*
 * What all text inputs have in common, so that files from any system are taken:
 * UTF-8, where a byte order mark may stand first; lines that end in LF or
 * CR LF.
 */
#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>

#include "base/buf.h"

/* The bytes of a byte order mark at the beginning of a text: 3, or 0. */
static inline size_t
text_mark(const char *p, size_t len)
{
	return len >= 3 && __builtin_memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

/* The length of a line without the CR of a CR LF. */
static inline size_t
text_line(const char *p, size_t len)
{
	return len - (len > 0 && p[len - 1] == '\r');
}

/*
 * Replaces what is in b by a whole file, without its mark and with a NUL that
 * len does not count. One that can't be read, or has more than 16 MiB, is a
 * message and exit 2.
 */
void text_read(const char *path, struct buf *b);

#endif
