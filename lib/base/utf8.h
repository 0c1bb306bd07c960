/* UTF-8, as RFC 3629 has it. */
#ifndef UTF8_H
#define UTF8_H

#include <stddef.h>

/*
 * The length in bytes of the character at p, of which left > 0 bytes may be
 * read; 0 when it is none: overlong forms, surrogates and what lies beyond
 * U+10FFFF are none.
 */
size_t utf8_length(const char *p, size_t left);

#endif
