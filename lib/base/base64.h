/* Base64 (RFC 4648, section 4): bytes as text that passes through anything. */
#ifndef BASE64_H
#define BASE64_H

#include <stddef.h>

struct buf;

/* Appends n bytes as text, padded, without line breaks. */
void base64_put(struct buf *b, const void *p, size_t n);

/*
 * Appends the bytes that a text of n characters stands for. Returns 0, or -1
 * when it is not what base64_put would have written; b is then as it was.
 */
int base64_get(struct buf *b, const char *text, size_t n);

#endif
