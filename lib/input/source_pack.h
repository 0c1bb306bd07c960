/*
 * Items of source.h out of what holds many images: archives and motion JPEG,
 * as unpack.h reads them.
 */
#ifndef SOURCE_PACK_H
#define SOURCE_PACK_H

#include "input/source_item.h"
#include "input/unpack.h"

/*
 * The next one, as unpack_next; it may have an error in the place of its bytes.
 * in is the name of the file that holds them, or NULL for standard input.
 */
int source_pack_next(
    struct unpack *u, const char *in, struct source_item *item);

#endif
