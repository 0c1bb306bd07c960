/*
 * A number for the value that tells groups apart, the same in every process, on
 * every machine and in every version. Values that any tool takes for one group
 * have one number: 7 and "7", "A" and "\u0041", and names that become one
 * label of a metric. The reverse need not be.
 *
 * It is FNV-1a of the value's text, mixed (intern.h), since names of cameras
 * differ in their last digits; without control characters but the newline,
 * bytes that are not UTF-8 and U+FFFD, each of the others counting 3 bytes; and
 * no further than to byte KEYHASH_LONGEST.
 */
#ifndef KEYHASH_H
#define KEYHASH_H

#include <stdint.h>

#include "json/json.h"

enum { KEYHASH_LONGEST = 250 };

/*
 * The number, in *hash. 0: the value is none of a group, as it is missing,
 * null, empty, an array, an object, or no whole number.
 */
int keyhash(const struct json_span *value, uint32_t *hash);

#endif
