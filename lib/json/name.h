/*
 * The name of an image in a record. A file's name is bytes, a record is UTF-8:
 * one that is not has a second member, from which it is recovered.
 */
#ifndef NAME_H
#define NAME_H

#include <stddef.h>

struct buf;
struct json_span;

/*
 * Appends the member image, with U+FFFD for each byte that is not UTF-8; and
 * image_bytes, the name as base64, when there is such a byte.
 */
void name_put(struct buf *b, const char *name, size_t len);

/*
 * Appends the name that a record has: from image_bytes when it is a string,
 * else from image; and a NUL that len leaves out. Returns NULL, or why there
 * is none.
 */
const char *name_get(struct buf *b, const struct json_span *image,
    const struct json_span *image_bytes);

#endif
