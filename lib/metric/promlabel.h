/*
 * Names and values of labels, as the text format of Prometheus has them. What
 * comes from outside passes through here: a value that is not UTF-8 has the
 * collector refuse the file, a name that begins with "__" ends it.
 */
#ifndef PROMLABEL_H
#define PROMLABEL_H

#include <stddef.h>

enum { PROMLABEL_LONGEST = 256 }; /* bytes of a value */

/*
 * What a text becomes as a label's value, in out, which has
 * PROMLABEL_LONGEST + 1 bytes: bytes that are not UTF-8 and control characters
 * but the newline become U+FFFD; one that is too long is cut and ends in an
 * ellipsis. Returns its length. A clean value stays as it is.
 */
size_t promlabel_clean(const char *text, char *out);

/*
 * Why the name can't be that of a constant label, or NULL: it is no name, is
 * reserved by Prometheus, or is one of the table's (promtab.h).
 */
const char *promlabel_refuse(const char *name);

#endif
